"""What the actions hand out about a comparison of accounts: plain frozen facts, under the rules of rows.py."""

from __future__ import annotations

from msgspec import Struct

from parley.actions.readout_rows import ReadoutRow
from parley.statements import Statement


class SourceRow(Struct, frozen=True, kw_only=True):
    """An account that is compared: a side's readout, or a press report."""

    id: str
    name: str
    kind: str  # ours | theirs | press
    language: str
    text: str
    statements: tuple[Statement, ...]  # what people confirmed
    in_record: bool  # these are the statements that the side confirmed in the record


class SuggestionRow(Struct, frozen=True, kw_only=True):
    """What may be a statement; a machine's proposal that nobody has confirmed."""

    place: str
    statement: Statement
    words: str
    level: str  # likely | possible | unsure
    ground: str
    topic_level: str
    topic_ground: str


class CellRow(Struct, frozen=True, kw_only=True):
    """A confirmed statement in the comparison; `source` and `place` lead to it in its text."""

    name: str
    source: str
    place: str
    statement: Statement
    words: str
    language: str


class PairRow(Struct, frozen=True, kw_only=True):
    """What was said by one side, by both the same, or differently: a person's verdict. `differs` only points."""

    verdict: str  # one | same | different, of the two sides; press: a report alone has it
    report: str  # how a press report beside what a side says has it: same | different, "" for none
    cells: tuple[CellRow, ...]
    differs: tuple[tuple[str, str, str], ...]  # kind, only in the first, only in the second
    links: tuple[tuple[CellRow, CellRow, str], ...]  # what a person paired, and how


class TopicRow(Struct, frozen=True, kw_only=True):
    """A topic; "" holds what was put under none."""

    topic: str
    rows: tuple[PairRow, ...]


class CompareRow(Struct, frozen=True, kw_only=True):
    """The comparison of one meeting's accounts."""

    readout: ReadoutRow
    sources: tuple[SourceRow, ...]
    topics: tuple[TopicRow, ...]
    maybe: tuple[tuple[CellRow, CellRow, str, str], ...]  # two statements, level, ground: proposed, not confirmed
    offered: tuple[str, ...]  # topics to choose from
