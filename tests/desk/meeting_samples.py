"""Meetings as samples, for pages that are drawn without a node; mixed into the samples' port by talks_samples."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence

from tests.desk.talk_rows import AT, BODY, attendee, contact, said, time
from tests.replacing import replace

from parley.actions.rows import AttachmentRow, RefRow
from parley.desk import shown
from parley.desk.shown.meetings import (
    DocumentRow,
    HeldItemRow,
    ItemRow,
    MeetingCallRow,
    MeetingRow,
    NoteOfMeetingRow,
    OfferRow,
    PaperRow,
    PreparedRow,
)
from parley.desk.shown.talks import MeetingLineRow, TimeRow
from parley.errors import Refused

MEETING, WAITING = "meeting/north/0/7", "meeting/south/0/8"
BEFORE = frozenset(("accept", "decline", "offer", "cancel", "item", "hold", "prepare"))
DAY = frozenset(("item", "hold", "prepare", "end", "floor", "attend", "note", "minutes", "open-minutes"))


def item(number: int, title: str, **more: object) -> ItemRow:
    plain = ItemRow(
        id=f"{number:02d}" * 32, ours=True, name="D. Marsh", at=AT, title=title, note="", minutes=30, planned=60,
        planned_at="2026-12-01T14:00:00.000Z", raised=False, agreed=False, withdrawn=False, documents=(), taken=False,
        running_since=None, spent_s=0, may=frozenset(("withdraw", "document")),
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def note(what: str, text: str, **more: object) -> NoteOfMeetingRow:
    plain = NoteOfMeetingRow(
        id="ef" * 32, entry="ai-talks/north/0 12", ours=True, name="D. Marsh", at=AT, what=what, text=text, who="",
        due=None, subject="", agreed=False, may_agree=False,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def meeting_row(**more: object) -> MeetingRow:
    items = (
        item(1, "Definitions", agreed=True, note="What is an AI system?", taken=True, spent_s=4000, documents=(
            DocumentRow(name="draft definitions.pdf", root="ab" * 32, message="message/north/0/16"),
            DocumentRow(name="lost.pdf", root="ab" * 32, message=""))),
        item(2, "通报机制", ours=False, taken=True, running_since=AT, may=frozenset(("agree", "end", "document"))),
        item(3, "The seizure", raised=True, planned=0, may=frozenset(("begin", "withdraw"))),
        item(4, "Budget", withdrawn=True, may=frozenset()),
    )  # fmt: skip
    notes = (
        note("decision", "Meet twice a year.", agreed=True),
        note("action", "起草通报流程。", ours=False, who="Both sides", due="2026-12-20T10:00:00.000Z", may_agree=True),
        note("next-date", "Second session", due="2027-05-01T08:00:00.000Z"),
    )
    plain = MeetingRow(
        subject=MEETING, channel="ai-talks", channel_title="محادثات الذكاء الاصطناعي", ours=True, name="D. Marsh",
        office="Director", at=AT, purpose="First session", level="officials", form="video", place="Room 4",
        minutes=90, planned=180, consecutive=True, languages=("en", "zh"), body=BODY, body_title="Talks on AI",
        status="actual", state="begun", time=time(holiday="国庆节"), offers=(), no_answer=False, begun=said("begun"),
        ended=None,
        history=(said("requested", "First session"), said("accepted", ours=False), said("times-offered", "A holiday")),
        items=items, agenda_planned=200, attended_ours=(attendee(), attendee(person="")), attended_theirs=(),
        contacts_ours=(contact(True, True),), floor="theirs", floor_since=AT, floor_ours_s=1800, floor_theirs_s=2400,
        notes=notes,
        minutes_of=(note("minutes", "", ours=False, subject="text/north/0/40", may_agree=True),
                    note("minutes", "Both sides met.", agreed=True)),
        next_date=time(),
        prepared=PreparedRow(
            raises=(HeldItemRow(id="0a" * 8, title="Prisoners", note="Only if asked.", minutes=10, name="D. Marsh"),),
            papers=(PaperRow(root="cd" * 32, name="line to take.pdf", size=20_480, by="D. Marsh"),),
            terms=(("deepfake", "深度伪造"),), released_at=None, released_by="",
        ),
        calls=(
            MeetingCallRow(subject="call/north/0/41", ours=True, name="D. Marsh", at=AT, state="ended",
                           taken_by="林岚", taken_at=AT, ended_at="2026-12-01T10:40:00.000Z"),
            MeetingCallRow(subject="call/south/0/9", ours=False, name="林岚", at=AT, state="active",
                           taken_by="D. Marsh", taken_at=AT, ended_at=None),
        ),
        ref=RefRow(log="ai-talks/north/0", number=7, id="ab" * 32), may=DAY,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def waiting_row() -> MeetingRow:
    """Give a meeting that the other side asks for, with our own offer beside theirs."""

    def offer(ours: bool, *, late: bool) -> OfferRow:
        return OfferRow(
            ours=ours, at=AT, on_their_disk=AT if ours else None, 
            times=(time(holiday="-"), time("2026-12-02T14:00:00.000Z")), reason="A holiday here.",
            answer_by="2026-11-20T10:14:30.000Z" if late else "2026-11-25T09:14:30.000Z", no_answer=late,
        )  # fmt: skip

    return meeting_row(
        subject=WAITING, ours=False, state="requested", time=None, offers=(offer(False, late=False),
        offer(True, late=True)), begun=None, items=(), agenda_planned=0, attended_ours=(), floor="", floor_since=None,
        notes=(), minutes_of=(), next_date=None, prepared=None, form="in-person", body="", body_title="", may=BEFORE,
        status="exercise", history=(said("requested"),), consecutive=False,
    )  # fmt: skip


def line(**more: object) -> MeetingLineRow:
    plain = MeetingLineRow(
        subject=MEETING, channel="ai-talks", channel_title="محادثات الذكاء الاصطناعي", ours=True, at=AT,
        purpose="First session", level="officials", form="video", place="", status="actual", state="accepted",
        body=BODY, time=time(), minutes=90, planned=180, sequence=0, waits="", answer_by=None, no_answer=False,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


class MeetingSamples:
    """The part of the port about meetings, over samples."""

    settled: tuple[str, dict[str, str], Mapping[str, Sequence[str]]]
    papers: tuple[str, ...] = ()
    meetings_before: int = 0  # how many older ones stand behind those of the samples

    def meetings(self, who: shown.Person) -> Sequence[MeetingLineRow]:
        return [
            line(subject=WAITING, state="requested", time=None, waits="ours", answer_by="2026-11-25T09:14:30.000Z"),
            line(),
            line(state="requested", time=None, waits="theirs", answer_by=AT, no_answer=True, status="exercise"),
            *[line()] * self.meetings_before,
        ]

    def meeting(self, who: shown.Person, channel: str, subject: str) -> MeetingRow:
        if subject == WAITING:
            return waiting_row()
        if subject != MEETING:
            raise Refused("talks.unknown", "there is no such meeting")
        return meeting_row()

    def look_at_times(self, who: shown.Person, times: Sequence[str]) -> Sequence[TimeRow]:
        return [time(holiday="国庆节") for _ in times]

    async def request_meeting(
        self, who: shown.Person, fields: Mapping[str, str], times: Sequence[str]
    ) -> tuple[str, str]:
        if not times:
            raise Refused("talks.moment", "offer 1 to 8 times")
        return "ai-talks", MEETING

    async def settle_meeting(
        self, who: shown.Person, channel: str, subject: str, act: str, fields: Mapping[str, str],
        several: Mapping[str, Sequence[str]],
    ) -> str:  # fmt: skip
        self.settled = (act, dict(fields), several)
        if act in ("note", "item") and not fields.get("text") and not fields.get("title"):
            raise Refused("talks.words", "a note needs words")
        if act == "offer" and not several["time"]:
            raise Refused("talks.moment", "offer 1 to 8 times")
        return "text/north/0/40" if act == "open-minutes" else ""

    async def keep_paper(
        self, who: shown.Person, channel: str, subject: str, name: str, media: str, content: AsyncIterable[bytes]
    ) -> None:
        self.papers = (*self.papers, f"{name}:{b''.join([piece async for piece in content]).decode()}")

    def meeting_paper(
        self, who: shown.Person, channel: str, subject: str, root: str
    ) -> tuple[AttachmentRow, AsyncIterator[bytes]]:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"<script>"

        return AttachmentRow(
            root=root, size=8, media="text/html", name="a \u202e.html", here_bytes=8, here=True, there=None
        ), pieces()

    async def meeting_calendar(self, who: shown.Person, channel: str, subject: str) -> bytes:
        return b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
