"""What the actions hand out about a comparison of accounts: plain frozen facts, under the rules of rows.py."""

from __future__ import annotations

from dataclasses import dataclass

from parley.actions.readout_rows import ReadoutRow
from parley.statements import Statement


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceRow:
    """An account that is compared: a side's readout, or a press report."""

    id: str
    name: str
    kind: str  # ours | theirs | press
    language: str
    text: str
    statements: tuple[Statement, ...]  # what people confirmed
    in_record: bool  # these are the statements that the side confirmed in the record


@dataclass(frozen=True, kw_only=True, slots=True)
class SuggestionRow:
    """What may be a statement; a machine's proposal that nobody has confirmed."""

    place: str
    statement: Statement
    words: str
    level: str  # likely | possible | unsure
    ground: str
    topic_level: str
    topic_ground: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CellRow:
    """A confirmed statement in the comparison; `source` and `place` lead to it in its text."""

    name: str
    source: str
    place: str
    statement: Statement
    words: str
    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PairRow:
    """What was said by one side, by both the same, or differently: a person's verdict. `differs` only points."""

    verdict: str  # one | same | different, of the two sides; press: a report alone has it
    report: str  # how a press report beside what a side says has it: same | different, "" for none
    cells: tuple[CellRow, ...]
    differs: tuple[tuple[str, str, str], ...]  # kind, only in the first, only in the second
    links: tuple[tuple[CellRow, CellRow, str], ...]  # what a person paired, and how


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicRow:
    """A topic; "" holds what was put under none."""

    topic: str
    rows: tuple[PairRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CompareRow:
    """The comparison of one meeting's accounts."""

    readout: ReadoutRow
    sources: tuple[SourceRow, ...]
    topics: tuple[TopicRow, ...]
    maybe: tuple[tuple[CellRow, CellRow, str, str], ...]  # two statements, level, ground: proposed, not confirmed
    offered: tuple[str, ...]  # topics to choose from
