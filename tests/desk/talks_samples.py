"""Bodies as samples, for pages that are drawn without a node; mixed into the samples' port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from parley.desk import shown
from parley.desk.shown.talks import (
    AttendeeRow,
    BodyLineRow,
    BodyRow,
    CalendarRow,
    CalendarsRow,
    ContactRow,
    DelegationRow,
    LocalRow,
    SaidRow,
    TimeRow,
)
from parley.errors import Refused

AT = "2026-11-20T09:14:30.000Z"
BODY = "body/north/0/12"
MAY = frozenset(("agree", "decline", "suspend", "resume", "end", "delegation", "meet"))


def time(at: str = "2026-12-01T14:00:00.000Z", holiday: str = "") -> TimeRow:
    ours = LocalRow(zone="Europe/Paris", date="2026-12-01", clock="15:00", offset="+01:00", weekday=1, holiday="")
    theirs = LocalRow(
        zone="Asia/Shanghai", date="2026-12-01", clock="22:00", offset="+08:00", weekday=1, holiday=holiday
    )
    return TimeRow(at=at, ours=ours, theirs=theirs)


def said(kind: str, text: str = "", *, ours: bool = True) -> SaidRow:
    return SaidRow(
        kind=kind, ours=ours, name="D. Marsh" if ours else "蓝巍", office="Director", at=AT, text=text
    )  # fmt: skip


def attendee(ours: bool = True, person: str = "d.marsh") -> AttendeeRow:
    return AttendeeRow(
        person=person, name="D. Marsh" if ours else "蓝巍 (Wei Lan)", office="Director" if ours else "司长",
        address="Director Marsh" if ours else "蓝司长", languages=("en",) if ours else ("zh", "en"),
    )  # fmt: skip


def contact(ours: bool, sent: bool, role: str = "delegate") -> ContactRow:
    one = attendee(ours)
    return ContactRow(
        person=one.person, name=one.name, office=one.office, address=one.address, languages=one.languages, role=role,
        sent=sent,
    )  # fmt: skip


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
        meetings=(), may=MAY,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


class TalksSamples:
    """The part of the port about bodies, over samples."""

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
        self.settled = (act, dict(fields), tuple(persons))
        if act == "suspend" and not fields.get("reason"):
            raise Refused("talks.reason", "a reason is needed")
        if act == "delegation" and fields.get("others") == ";":
            raise Refused("talks.words", "somebody has neither a name nor an account")
