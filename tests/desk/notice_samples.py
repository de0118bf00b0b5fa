"""Notices and the rule book, for the desk over samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.replacing import replace

from parley.actions.area_text import read_area_text
from parley.desk.shown import Person
from parley.desk.shown.notices import (
    ArticleShown,
    ArticleTextRow,
    CheckedShown,
    LeadRow,
    MovementShown,
    NoticeFormRow,
    NoticeShown,
    NoticesShown,
    OverlapRow,
    RefRow,
    RulebookShown,
    SignalShown,
)
from parley.errors import Refused

REF = RefRow(log="duty/north/0", number=3, id="9f2c" * 16)
PHRASE = {"en": "Keep clear of me.", "zh-Hans": "请避让我船。", "ar": "ابتعدوا عني."}
OVERLAP = OverlapRow(
    subject="notice/south/0/4", channel="duty", ours=False, number="12/2026", what="live-firing", title="海上实弹射击",
    since="2026-11-24T10:00:00.000Z", until="2026-11-24T12:00:00.000Z",
)  # fmt: skip
PRIVATE = replace(OVERLAP, subject="", channel="", ours=True, number="", what="movement", title="Convoy")
LATE = LeadRow(hours=72, given_hours=20, late=True, book="notice-times", version=1, article="1", title="Times, 1")


def notice(number: int = 4, *, ours: bool = True, state: str = "given", **more: Any) -> NoticeShown:
    """Give a notice in a state."""
    forms = tuple(
        NoticeFormRow(
            form=form, kind=kind, at=f"2026-11-2{form}T09:00:00.000Z", name="D. Marsh", office="Duty room",
            reason="" if form == 1 else "Weather.", since="2026-11-24T10:00:00.000Z", until="2026-11-24T18:00:00.000Z",
            ref=REF, follows=REF if form > 1 else None, on_their_disk="2026-11-22T09:00:01.000Z",
            acknowledged=("Li Wen", "سلمى كريم") if form == 1 else (),
        )
        for form, kind in enumerate(("given", "extended") if state == "given" else ("given", state), 1)
    )  # fmt: skip
    plain: dict[str, Any] = {
        "subject": f"notice/{'north' if ours else 'south'}/0/{number}", "channel": "duty", "ours": ours,
        "number": f"{number}/2026", "what": "exercise" if ours else "balloon-release",
        "title": "Gunnery off Cape Hann" if ours else "海上实弹射击", "since": "2026-11-23T02:00:00.000Z",
        "until": "2026-11-24T18:00:00.000Z",
        "area": {"shape": "circle", "center": {"lat": "54.5", "lon": "10.258333"}, "radius_m": 9_260},
        "area_text": "WITHIN 5 NM OF 54-30.00N 010-15.50E",
        "low_m": 0, "high_m": 6_096, "forces": "Two frigates", "contact": "Channel 16", "basis": "Times, 1: Danger",
        "basis_book": "notice-times", "basis_version": 1, "basis_article": "1", "basis_adopted": ours, "text": "",
        "language": "en" if ours else "zh", "status": "actual", "state": state, "in_force": state == "given",
        "person_name": "D. Marsh", "office": "", "at": forms[0].at, "lead": LATE,
        "overlaps": (OVERLAP, PRIVATE) if ours else (),
        "compared": ours, "forms": forms, "ref": REF,
        "may": frozenset(("amend", "extend", "cancel", "end") if ours else ("acknowledge",)),
    }  # fmt: skip
    return NoticeShown(**(plain | more))


def rulebook(state: str = "adopted", *, ours: bool = False, number: int = 7, **more: Any) -> RulebookShown:
    """Give a document in a state."""
    plain: dict[str, Any] = {
        "subject": f"rulebook/{'north' if ours else 'south'}/0/{number}", "id": "sea-air", "version": number,
        "title": PHRASE, "note": PHRASE,
        "articles": (ArticleTextRow(number="6", title=PHRASE, text=PHRASE, lead_hours={"live-firing": 72, "odd": 1}),),
        "signals": SIGNALS, "state": state, "in_force": state == "adopted", "ours": ours, "by_name": "Li Wen",
        "at": "2026-11-20T09:00:00.000Z", "settled_at": "" if state == "proposed" else "2026-11-21T09:00:00.000Z",
        "settled_by": "" if state == "proposed" else "D. Marsh", "reason": "Too long." if state == "declined" else "",
        "status": "actual", "on_their_disk": None, "ref": REF,
        "may": frozenset({"adopted": ("end",), "proposed": ("adopt", "decline", "withdraw")}.get(state, ())),
    }  # fmt: skip
    return RulebookShown(**(plain | more))


SIGNALS = (SignalShown(book="sea-air", version=7, code="KC1", phrase=PHRASE, question=PHRASE, cancel=PHRASE),)
STATES = ("adopted", "proposed", "declined", "withdrawn", "ended")


class NoticeSamples:
    """The part of the samples' port that is about notices and the rule book."""

    said: list[tuple[str, object]]
    refuse: Refused | None

    def notices_now(self) -> tuple[NoticeShown, ...]:
        """Give the notices of both sides."""
        return (
            notice(4), notice(5, ours=False), notice(6, state="cancelled", status="exercise"),
            notice(7, ours=False, state="ended", lead=None, low_m=None, high_m=None, area_text=""),
        )  # fmt: skip

    def notices(self, who: Person, since: str, until: str) -> NoticesShown:
        return NoticesShown(since=since, until=until, notices=self.notices_now(), more=True)

    def notice(self, who: Person, channel: str, subject: str) -> NoticeShown:
        found = next((one for one in self.notices_now() if one.subject == subject), None)
        if found is None:
            raise Refused("notices.unknown", "there is no such notice")
        return found

    def check_notice(self, who: Person, channel: str, fields: Mapping[str, str]) -> CheckedShown:
        self._say("check_notice", (channel, dict(fields)))
        return CheckedShown(
            number="8/2026", since="2026-11-24T10:00:00.000Z", until="2026-11-24T18:00:00.000Z",
            area=read_area_text(fields["area"]).value() if fields.get("area") else None,
            area_text=fields.get("area", ""), low_m=None, high_m=300, lead=LATE, overlaps=(OVERLAP,), compared=True,
        )  # fmt: skip

    async def give_notice(self, who: Person, channel: str, fields: Mapping[str, str]) -> str:
        self._say("give_notice", (channel, dict(fields)))
        return "notice/north/0/4"

    async def settle_notice(self, who: Person, channel: str, subject: str, act: str, fields: Mapping[str, str]) -> None:
        self._say("settle_notice", (channel, subject, act, dict(fields)))

    async def notice_calendar(self, who: Person) -> bytes:
        return b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"

    def notice_geojson(self, who: Person, since: str, until: str) -> str:
        return '{"type": "FeatureCollection", "features": []}'

    def notice_cap(self, who: Person, channel: str, subject: str) -> str:
        return "<alert/>"

    def read_cap(self, who: Person, text: str) -> dict[str, str]:
        self._say("read_cap", text)
        return {"title": "From a warning", "what": "closure", "area": "WITHIN 1 NM OF 54-30N 010-15E"}

    def movements(self, who: Person) -> Sequence[MovementShown]:
        return (
            MovementShown(
                id="a1b2c3d4", title="Convoy to Cape Hann", since="2026-11-24T10:00:00.000Z",
                until="2026-11-25T10:00:00.000Z", area_text="WITHIN 2 NM OF LINE JOINING 54-30.00N 010-15.50E",
                low_m=None,
                high_m=None, by_name="D. Marsh", overlaps=(OVERLAP,), compared=True,
            ),
        )  # fmt: skip

    async def settle_movement(self, who: Person, act: str, fields: Mapping[str, str]) -> None:
        self._say("settle_movement", (act, dict(fields)))

    def articles(self, who: Person) -> Sequence[ArticleShown]:
        return (
            ArticleShown(
                cite="sea-air/7/6", book="sea-air", version=7, number="6", book_title="Conduct", title="Danger",
                text="…", lead_hours={},
            ),
        )  # fmt: skip

    def rulebooks(self, who: Person) -> Sequence[RulebookShown]:
        return tuple(rulebook(state, ours=bool(n % 2), number=n + 7) for n, state in enumerate(STATES))

    def rulebook(self, who: Person, subject: str) -> RulebookShown:
        found = next((one for one in self.rulebooks(who) if one.subject == subject), None)
        if found is None:
            raise Refused("rulebook.unknown", "there is no such document")
        return found

    def rulebook_example(self, who: Person, name: str) -> str:
        return f'{{"id": "{name}"}}'

    async def propose_rulebook(self, who: Person, document: str, status: str) -> str:
        self._say("propose_rulebook", (document, status))
        return "rulebook/south/0/7"

    async def settle_rulebook(self, who: Person, subject: str, act: str, reason: str) -> None:
        self._say("settle_rulebook", (subject, act, reason))

    def signals(self, who: Person) -> Sequence[SignalShown]:
        return SIGNALS

    async def send_signal(self, who: Person, channel: str, fields: Mapping[str, str]) -> str:
        self._say("send_signal", (channel, dict(fields)))
        return "message/north/0/9"

    def _say(self, what: str, told: object) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.said.append((what, told))
