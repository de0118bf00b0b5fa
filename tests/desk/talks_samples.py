"""Bodies as samples, for pages that are drawn without a node; mixed into the samples' port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.desk.meeting_samples import MeetingSamples, line
from tests.desk.talk_rows import AT, BODY, attendee, contact, said, time
from tests.replacing import replace

from parley.desk import shown
from parley.desk.shown.talks import (
    BodyLineRow,
    BodyRow,
    CalendarRow,
    CalendarsRow,
    DelegationRow,
    TermRow,
)
from parley.errors import Refused

MAY = frozenset(("agree", "decline", "suspend", "resume", "end", "delegation", "meet", "term"))


def body_row(**more: object) -> BodyRow:
    plain = BodyRow(
        subject=BODY, channel="ai-talks", channel_state="agreed", title="Talks on AI", level="officials",
        mandate="Risks of the military use of AI, and how each side keeps a person in charge.", languages=("en", "zh"),
        rhythm="twice a year", status="actual", state="suspended", ours=True, at=AT,
        suspensions=(said("suspended", "After the seizure of the vessel.", ours=False),),
        history=(said("proposed", "Talks on AI"), said("agreed", ours=False),
                 said("suspended", "After the seizure of the vessel.", ours=False)),
        delegation_ours=DelegationRow(at=AT, chair="The director", people=(attendee(), attendee(person=""))),
        delegation_theirs=DelegationRow(at=None, chair="", people=()),
        contacts_ours=(contact(True, True), contact(True, False)), contacts_theirs=(contact(False, False),),
        meetings=(line(),), terms=(
            TermRow(id="ab" * 32, ours=True, name="D. Marsh", at=AT, words=(("en", "notice"), ("zh", "通报")),
                    note="Not a warning.", agreed=True, may=""),
            TermRow(id="cd" * 32, ours=False, name="蓝巍", at=AT, words=(("ar", "إخطار"), ("en", "<b>notice</b>")),
                    note="", agreed=False, may="agree"),
        ),
        may=MAY,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


class TalksSamples(MeetingSamples):
    """The part of the port about bodies and meetings, over samples."""

    def bodies(self, who: shown.Person) -> Sequence[BodyLineRow]:
        states = (("proposed", None), ("agreed", time(holiday="-")), ("suspended", time()), ("ended", None))
        return [
            BodyLineRow(
                subject=BODY, channel="ai-talks", title="Talks on AI", level="officials", state=state,
                status="exercise" if state == "ended" else "actual", ours=state != "proposed", at=AT, next=coming,
            )
            for state, coming in states
        ]  # fmt: skip

    def body(self, who: shown.Person, subject: str) -> BodyRow:
        if subject != BODY:
            raise Refused("talks.unknown", "there is no such body")
        return body_row()

    def calendars(self, who: shown.Person) -> CalendarsRow:
        days = (("2026-10-01", "国庆节"), ("2026-12-01", ""))
        return CalendarsRow(
            ours=CalendarRow(ours=True, at=None, zone="UTC", zone_known=True, holidays=()),
            theirs=CalendarRow(ours=False, at=AT, zone="Mars/Base", zone_known=False, holidays=days), may_state=True,
        )  # fmt: skip

    async def propose_body(self, who: shown.Person, fields: Mapping[str, str]) -> str:
        if not fields.get("mandate"):
            raise Refused("talks.words", "a body needs a title and a mandate")
        return BODY

    async def state_calendar(self, who: shown.Person, fields: Mapping[str, str]) -> None:
        if fields.get("zone") == "Nowhere":
            raise Refused("talks.zone", "this node knows no zone of that name")

    async def settle_body(
        self, who: shown.Person, subject: str, act: str, fields: Mapping[str, str], persons: Sequence[str]
    ) -> None:
        self.settled = (act, dict(fields), {"person": tuple(persons)})
        if act == "suspend" and not fields.get("reason"):
            raise Refused("talks.reason", "a reason is needed")
        if act == "delegation" and fields.get("others") == ";":
            raise Refused("talks.words", "somebody has neither a name nor an account")
