"""Readouts as samples: one asked for, one opened with statements, for pages that are drawn without a node."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.replacing import replace

from parley.actions.comparing_rows import CellRow, CompareRow, PairRow, SourceRow, SuggestionRow, TopicRow
from parley.actions.position_rows import FoundRow, PositionRow, RegisterTopic
from parley.actions.readout_rows import (
    AccountRow,
    ContestRow,
    Neutral,
    PressRow,
    ReadoutDraftRow,
    ReadoutRow,
    StatementRow,
    Warning,
)
from parley.desk import shown
from parley.errors import Refused
from parley.statements import Statement

OURS = (
    "The sides met on 22 November. North said that <b>the strait</b> stays open. Both agreed to meet again in 60 days."
)
THEIRS = "双方举行会谈。南方表示海峡保持开放。南方强调台湾问题不容干涉。"
ASKED = "readout/south/0/3"
OPENED = "readout/north/0/2"
_ALL = frozenset(("agree-time", "draft", "seal", "confirm", "contest", "press", "compare"))


def _said(text: str, words: str, who: str, verb: str, topic: str, manner: Any = "indirect") -> Statement:
    start = text.index(words)
    return Statement(
        start=0,
        end=len(text),
        words_start=start,
        words_end=start + len(words),
        who=who,
        verb=verb,
        topic=topic,
        manner=manner,
        through="",
    )


OUR_STATEMENT = _said(OURS, "<b>the strait</b> stays open", "North", "said", "Strait / 海峡")
THEIR_STATEMENT = _said(THEIRS, "海峡保持开放", "南方", "表示", "Strait / 海峡")


def _row(number: int, text: str, one: Statement, *contests: ContestRow) -> StatementRow:
    place = f"{one.words_start}-{one.words_end}"
    words = text[one.words_start : one.words_end]
    return StatementRow(number=number, place=place, statement=one, words=words, contests=contests)


def readout(opened: bool) -> ReadoutRow:
    """Give a meeting's readouts, asked for or opened."""
    at = "2026-11-22T18:00:00.000Z"
    none = [
        AccountRow(side=s, side_name=n, ours=s == "north", state="none")
        for s, n in (("north", "North"), ("south", "South"))
    ]
    plain: dict[str, Any] = {
        "sealed_at": at,
        "sealed_by": "A. Berg",
        "digest": "9f" * 32,
        "opened_at": at,
        "state": "opened",
    }
    accounts = (
        replace(
            none[0],
            **plain,
            text=OURS,
            language="en",
            signed=True,
            alone=True,
            confirmed_at=at,
            confirmed_by="A. Berg",
            statements=(_row(0, OURS, OUR_STATEMENT),),
        ),
        replace(
            none[1],
            **plain,
            text=THEIRS,
            language="zh",
            after=True,
            refused=(("readout.opened", "readouts.digest"),),
            statements=(_row(0, THEIRS, THEIR_STATEMENT, ContestRow(by="A. Berg", at=at, reason="Not <i>so</i>.")),),
        ),
    )
    draft = ReadoutDraftRow(
        text=OURS,
        language="en",
        changed_by="A. Berg",
        changed_at=at,
        warnings=(
            Warning(code="date", record="2026-11-23", draft="22 November", start=17, end=28),
            Warning(code="time", record="09:00, 13:00", draft="15:30", start=40, end=45),
            Warning(code="not-taken", record="Export controls"),
        ),
    )
    facts = Neutral(
        title="First meeting",
        date="2026-11-23",
        began="2026-11-23T09:00:00.000Z",
        ended="2026-11-23T13:00:00.000Z",
        asked_by="South",
        sides=("North", "South"),
        attended=("A. Berg", "蓝巍"),
        items=("Strait", "Export controls"),
        agreed=("To meet again",),
    )
    press = PressRow(
        id="own-1a2b3c4d",
        shared=False,
        ours=True,
        source="The Daily <x>",
        date="2026-11-24",
        address="",
        language="en",
        text="They met.",
    )
    return ReadoutRow(
        subject=OPENED if opened else ASKED,
        channel="duty",
        ours=opened,
        asked_by="Li Wen",
        title="First <b>meeting</b>",
        date="2026-11-23",
        meeting="meeting/north/0/7",
        open_at="2026-11-23T20:00:00.000Z",
        time_agreed_at=at if opened else None,
        status="actual" if opened else "exercise",
        at=at,
        state="opened" if opened else "asked",
        accounts=accounts if opened else tuple(none),
        press=(press,) if opened else (),
        facts=facts,
        draft=draft,
        signs=not opened,
        may=_ALL - {"agree-time", "draft", "seal"} if opened else _ALL - {"compare", "confirm", "contest"},
    )


def compared() -> CompareRow:
    """Give the comparison of the opened ones."""
    row = readout(True)
    sources = (
        SourceRow(
            id="north",
            name="North",
            kind="ours",
            language="en",
            text=OURS,
            statements=(OUR_STATEMENT,),
            in_record=False,
        ),
        SourceRow(
            id="south",
            name="South",
            kind="theirs",
            language="zh",
            text=THEIRS,
            statements=(THEIR_STATEMENT,),
            in_record=True,
        ),
        SourceRow(
            id="own-1a2b3c4d",
            name="The Daily <x>",
            kind="press",
            language="en",
            text="They met.",
            statements=(),
            in_record=False,
        ),
    )
    cells = tuple(
        CellRow(
            name=f"{s.id}:{one.words_start}-{one.words_end}",
            source=s.id,
            place=f"{one.words_start}-{one.words_end}",
            statement=one,
            words=s.text[one.words_start : one.words_end],
            language=s.language,
        )
        for s in sources
        for one in s.statements
    )
    differs = (("number", "60", ""), ("negation", "", "not"))
    links = ((cells[0], cells[1], "different"),)
    pair = PairRow(verdict="different", report="same", cells=cells, differs=differs, links=links)
    alone = PairRow(verdict="one", report="", cells=cells[:1], differs=(), links=())
    return CompareRow(
        readout=row,
        sources=sources,
        maybe=((cells[0], cells[1], "possible", "words"),),
        offered=("Strait", "Export"),
        topics=(TopicRow(topic="Strait / 海峡", rows=(pair,)), TopicRow(topic="", rows=(alone,))),
    )


class ReadoutSamples:
    """The desk's port about readouts, over samples."""

    def readouts(self, who: shown.Person) -> tuple[ReadoutRow, ...]:
        return (readout(False), readout(True)) if "read" in who.rights else ()

    def readout(self, who: shown.Person, channel: str, subject: str) -> ReadoutRow:
        for one in self.readouts(who):
            if (one.channel, one.subject) == (channel, subject):
                return one
        raise Refused("readouts.unknown", "there are no such readouts")

    async def ask_readouts(self, who: shown.Person, channel: str, fields: dict[str, str]) -> str:
        self._note("ask-readouts", channel, fields.get("title"), fields.get("date"))  # type: ignore[attr-defined]
        return ASKED

    async def settle_readout(
        self, who: shown.Person, channel: str, subject: str, act: str, fields: dict[str, str]
    ) -> None:
        self._note(f"readout {act}", channel, subject, {k: v for k, v in fields.items() if v})  # type: ignore[attr-defined]
        await asyncio.sleep(0)

    def ask_seal(self, who: shown.Person, origin: str, channel: str, subject: str) -> shown.AskedShown:
        return self._asked("readout.sealed", {"digest": "9f" * 32})  # type: ignore[attr-defined, no-any-return]

    def suggestions(self, who: shown.Person, channel: str, subject: str, source: str) -> tuple[SuggestionRow, ...]:
        words = "Both agreed to meet again in 60 days" if source == "north" else ""
        if not words:
            return ()
        made = _said(OURS, words, "Both", "agreed", "Strait", "mixed")
        place = f"{made.words_start}-{made.words_end}"
        return (
            SuggestionRow(
                place=place,
                statement=made,
                words=words,
                level="unsure",
                ground="other-verb",
                topic_level="possible",
                topic_ground="agenda-words",
            ),
        )

    def comparison(self, who: shown.Person, channel: str, subject: str) -> CompareRow:
        self.readout(who, channel, subject)
        return compared()

    def comparison_file(self, who: shown.Person, channel: str, subject: str, form: str) -> bytes:
        return b"status,topic\r\n" if form == "csv" else b"{}\n"

    def search(self, who: shown.Person, query: str, side: str, since: str, until: str) -> tuple[FoundRow, ...]:
        if query == "nothing":
            return ()
        if self.refuse is not None:  # type: ignore[attr-defined]
            raise self.refuse  # type: ignore[attr-defined]
        return (
            FoundRow(
                log="duty/south/0",
                number=31,
                channel="duty",
                side="south",
                side_name="South",
                ours=False,
                at="2026-11-22T18:00:00.000Z",
                kind="message.sent",
                subject="message/south/0/31",
                status="exercise",
                person_name="Li Wen",
                excerpt="…台湾问题 <i>最重要</i>…",
                language="zh",
                path="/channels/duty/message/south/0/31",
            ),
        )

    def register(self, who: shown.Person, topic: str) -> tuple[RegisterTopic, ...]:
        one = PositionRow(
            topic="Strait / 海峡",
            at="2026-11-23",
            side_name="South",
            ours=False,
            who="南方",
            words="海峡保持开放",
            language="zh",
            origin="readout",
            title="First <b>meeting</b>",
            channel="duty",
            path="/readouts/duty/north/0/2/words/south#p-13-19",
            contested=True,
            status="actual",
            changed=(("number", "60", "90"), ("negation", "", "not")),
        )
        noted = replace(one, at="2026-11-24T10:00:00.000Z", origin="note", note="ab" * 8, status="exercise", changed=())
        return (RegisterTopic(topic="Strait / 海峡", rows=(one, noted)),)

    async def note_position(self, who: shown.Person, log: str, number: int, topic: str, words: str) -> None:
        self._note("note-position", log, number, topic, words)  # type: ignore[attr-defined]

    async def take_back_position(self, who: shown.Person, name: str) -> None:
        self._note("take-back", name)  # type: ignore[attr-defined]
