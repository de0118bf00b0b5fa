"""The part of the desk's port that is about emergency stops, answered by the actions on a real node."""

from __future__ import annotations

from parley.actions import stops
from parley.desk import shown
from parley.desk.reading import asker
from parley.desk.watching import Watching

_MINUTES_CHARS_MAX = 5


class Stopping(Watching):
    """Stops as the desk sees them and acts on them."""

    def stops_now(self, who: shown.Person) -> tuple[shown.StopShown, ...]:
        """Give the stops that still want somebody here."""
        return tuple(stops.stops_now(self._node, asker(who)))

    def alerts(self, who: shown.Person) -> tuple[shown.AlertShown, ...]:
        """Give what cannot wait; to who decides also a stop that was taken here, until it is said that they have it."""
        found = list(super().alerts(who))
        if "principal" in who.roles:
            found += [
                shown.AlertShown(
                    key="stop-decision", person=one.taken.name, at=one.taken.at, urgent=True,
                    path=f"/stops/{one.channel}/{one.subject.removeprefix('stop/')}",
                )
                for one in self.stops_now(who)
                if one.open and not one.ours and one.taken is not None and one.reached is None
            ]  # fmt: skip
        return tuple(sorted(found, key=lambda one: not one.urgent))

    def stops(self, who: shown.Person, drills: bool) -> tuple[shown.StopShown, ...]:
        """Give the latest stops, or the latest drills."""
        return tuple(stops.stops(self._node, asker(who), drills=drills))

    def stop(self, who: shown.Person, channel: str, subject: str) -> shown.StopShown:
        """Give one stop."""
        return stops.stop(self._node, asker(who), channel, subject)

    async def raise_stop(self, who: shown.Person, fields: dict[str, str]) -> tuple[str, str]:
        """Raise a stop; gives the channel it stands in and its subject."""
        sent = await stops.raise_stop(
            self._node, asker(who), what=fields.get("what", ""), where=fields.get("where", ""),
            since=self._since(fields), channel=fields.get("channel") or stops.LINE, status=fields.get("status", ""),
        )  # fmt: skip
        return sent.channel, sent.subject

    async def settle_stop(
        self, who: shown.Person, channel: str, subject: str, act: str, fields: dict[str, str]
    ) -> None:
        """Say the next thing about a stop."""
        node, known, text = self._node, asker(who), fields.get("text", "")
        if act == "read-back":
            await stops.read_back(node, known, channel, subject, text=text)
        elif act == "confirm":
            await stops.confirm(node, known, channel, subject, seen=fields.get("seen", ""))
        elif act == "correct":
            what, where, since = fields.get("what", ""), fields.get("where", ""), self._since(fields)
            await stops.correct(node, known, channel, subject, what=what, where=where, since=since)
        elif act == "reach":
            await stops.reach(node, known, channel, subject, decider=text)
        elif act == "effect":
            await stops.effect(node, known, channel, subject, stopped=self._since(fields), note=text)
        elif act == "not-possible":
            await stops.not_possible(node, known, channel, subject, reason=text)
        elif act == "withdraw":
            await stops.withdraw(node, known, channel, subject, reason=text)
        else:
            doing = {"take": stops.take, "rings": stops.rings, "clear": stops.clear}[act]
            await doing(node, known, channel, subject)

    def _since(self, fields: dict[str, str]) -> str:
        """Give the moment a form names in minutes ago; an empty field is "not known"."""
        minutes = fields.get("minutes", "").strip()
        if not (minutes.isascii() and minutes.isdigit() and len(minutes) <= _MINUTES_CHARS_MAX):
            return fields.get("since", "").strip()
        return stops.minutes_ago(self._node, int(minutes))
