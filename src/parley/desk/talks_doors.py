"""The part of the desk's port that is about standing bodies, answered by the actions on a real node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from parley.actions import bodies, body_terms, calendars
from parley.actions.talk_people import read_people
from parley.actions.talk_showing import lines
from parley.desk import shown
from parley.desk.meetings_doors import MeetingsDoors
from parley.desk.reading import asker
from parley.desk.shown.talks import BodyLineRow, BodyRow, CalendarsRow
from parley.desk.talk_alerts import body_alerts, meeting_alerts
from parley.errors import Refused

_WITH_REASON = {
    "decline": bodies.decline_body, "withdraw": bodies.withdraw_body, "suspend": bodies.suspend_body,
    "resume": bodies.resume_body, "end": bodies.end_body,
}  # fmt: skip


class TalksDoors(MeetingsDoors):
    """Standing bodies as the desk sees them and acts on them."""

    def alerts(self, who: shown.Person) -> tuple[shown.AlertShown, ...]:
        """Give what cannot wait; to whom may answer, bodies and meetings that wait for us are among it."""
        found = list(super().alerts(who))
        if "release" in who.rights:
            found += meeting_alerts(lines(self._node, asker(who), waiting_only=True))
        if "channels" in who.rights:
            found += body_alerts(bodies.bodies_waiting(self._node, asker(who)))
        return tuple(found)

    def bodies(self, who: shown.Person) -> Sequence[BodyLineRow]:
        """Give every body."""
        return bodies.list_bodies(self._node, asker(who))

    def body(self, who: shown.Person, subject: str) -> BodyRow:
        """Give one body."""
        return bodies.body(self._node, asker(who), subject)

    def calendars(self, who: shown.Person) -> CalendarsRow:
        """Give both sides' days."""
        return calendars.calendars(self._node, asker(who))

    async def propose_body(self, who: shown.Person, fields: Mapping[str, str]) -> str:
        """Propose a body with its channel; gives its subject."""
        sent = await bodies.propose_body(
            self._node, asker(who), channel=fields.get("channel", "").strip(), title=fields.get("title", ""),
            mandate=fields.get("mandate", ""), level=fields.get("level", ""),
            languages=fields.get("languages", "").split(), rhythm=fields.get("rhythm", ""),
            status=fields.get("status", ""),
        )  # fmt: skip
        return sent.subject

    async def state_calendar(self, who: shown.Person, fields: Mapping[str, str]) -> None:
        """State our days."""
        holidays = calendars.read_holidays(fields.get("holidays", ""))
        await calendars.state_calendar(
            self._node, asker(who), zone=fields.get("zone", "").strip(), holidays=holidays
        )  # fmt: skip

    async def settle_body(
        self, who: shown.Person, subject: str, act: str, fields: Mapping[str, str], persons: Sequence[str]
    ) -> None:
        """Do one act about a body."""
        node, known = self._node, asker(who)
        if act == "agree":
            await bodies.agree_body(node, known, subject)
        elif act == "delegation":
            people = read_people(persons, fields.get("others", ""))
            await bodies.set_delegation(node, known, subject, chair=fields.get("chair", ""), people=people)
        elif act == "term":
            words = {name.removeprefix("word-"): said for name, said in fields.items() if name.startswith("word-")}
            await body_terms.put_term(node, known, subject, words=words, note=fields.get("note", ""))
        elif act in ("term-agree", "term-withdraw"):
            await body_terms.settle_term(node, known, subject, act.removeprefix("term-"), fields.get("term", ""))
        elif act in _WITH_REASON:
            await _WITH_REASON[act](node, known, subject, reason=fields.get("reason", ""))
        else:
            raise Refused("talks.act", f'there is no act "{act[:40]}"')
