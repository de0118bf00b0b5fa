"""Rows that samples of bodies and of meetings share."""

from __future__ import annotations

from parley.desk.shown.talks import AttendeeRow, ContactRow, LocalRow, SaidRow, TimeRow

AT = "2026-11-20T09:14:30.000Z"
BODY = "body/north/0/12"


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
