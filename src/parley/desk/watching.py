"""The part of the desk's port that is about watches and roll-calls, answered by the actions on a real node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from parley.actions import calls, messages, rolls, roster, watch, watch_showing
from parley.desk import rows, shown
from parley.desk.entering import Entering
from parley.desk.reading import asker
from parley.desk.watch_alerts import watch_alerts
from parley.errors import Refused


class Watching(Entering):
    """Who is there, the hand-over, shifts, notes, roll-calls."""

    def watches(self, who: shown.Person) -> tuple[shown.WatchShown, ...]:
        """Give the watch of every channel this person belongs to."""
        return tuple(watch_showing.watches(self._node, asker(who)))

    def alerts(self, who: shown.Person) -> tuple[shown.AlertShown, ...]:
        """Give what cannot wait, the most urgent first; roll-calls and empty chairs are among it."""
        found = [*super().alerts(who), *watch_alerts(self.watches(who))]
        return tuple(sorted(found, key=lambda one: (not one.urgent, one.key != "roll-asked")))

    def open_calls(self, who: shown.Person) -> tuple[shown.CallShown, ...]:
        """Give what rings, goes on, was missed or put off in this person's channels, the most urgent first."""
        return tuple(calls.calls_now(self._node, asker(who)))

    def notes_read(self, who: shown.Person, channel: str) -> tuple[shown.NoteOfWatchShown, ...]:
        """Give the latest notes of hand-overs that were read."""
        return tuple(watch_showing.read_notes(self._node, asker(who), channel))

    def channel_people(self, who: shown.Person, channel: str) -> shown.ChannelPeopleShown:
        """Give both sides' people of a channel."""
        return roster.channel_people(self._node, asker(who), channel)

    def waiting(self, who: shown.Person) -> tuple[shown.MessageShown, ...]:
        """Give the messages that wait for somebody here."""
        return tuple(rows.message(one) for one in messages.waiting(self._node, asker(who)))

    async def settle_watch(
        self, who: shown.Person, channel: str, act: str, fields: Mapping[str, str], several: Sequence[str]
    ) -> None:
        """Do one act about a watch; `several` are the notes that were read, or the persons of a plan."""
        node, known, said = self._node, asker(who), {name: value.strip() for name, value in fields.items()}
        if act == "take":
            await watch.take(node, known, channel, read=tuple(several), until=said.get("until", ""))
        elif act == "stay":
            await watch.stay(node, known, channel, until=said.get("until", ""))
        elif act == "leave":
            await watch.leave(node, known, channel)
        elif act == "relieved":
            await watch.know_relieved(node, known, channel)
        elif act == "note":
            await watch.write_note(node, known, channel, text=said.get("text", ""))
        elif act == "read":
            await watch.acknowledge_note(node, known, channel, said.get("note", ""))
        elif act == "plan":
            await watch.plan(
                node, known, channel, since=said.get("since", ""), persons=tuple(one for one in several if one),
                hours=_number(said, "hours", 8), times=_number(said, "times", 1),
            )  # fmt: skip
        elif act == "unplan":
            await watch.unplan(node, known, channel, said.get("shift", ""))
        elif act == "ask":
            await rolls.ask(node, known, channel, seconds=60 * _number(said, "minutes", 2))
        else:
            await rolls.ask_every(node, known, channel, minutes=_number(said, "minutes", 0))

    async def settle_roll(self, who: shown.Person, subject: str, act: str) -> None:
        """Press the key, or clear a roll-call that nobody answered."""
        doing = {"answer": rolls.answer, "clear": rolls.clear}[act]
        await doing(self._node, asker(who), subject)


def _number(said: Mapping[str, str], name: str, otherwise: int) -> int:
    text = said.get(name, "") or str(otherwise)
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise Refused("desk.number", "A number is missing. Nothing was changed.")
    return int(text)
