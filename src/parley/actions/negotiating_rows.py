"""What the actions about negotiated texts hand out.

Owns: the shape of every answer. `content` is what subjects/texts/algebra.py lays out: words and brackets, each bracket
with its options. Every alternative and unit carries the reference (log, number, id) by which others point at its words.
"""

from __future__ import annotations

from msgspec import Struct

from parley.actions.rows import RefRow
from parley.subjects.texts import Piece


class TextRow(Struct, frozen=True, kw_only=True):
    """One text in a list, with who holds what open, counted."""

    subject: str
    channel: str
    title: str
    form: str  # text | minutes
    status: str
    at: str
    languages: tuple[tuple[str, str], ...]  # tag, side
    units: int
    brackets: int
    ours_open: int  # alternatives of ours that wait for them
    theirs_open: int
    agreed: int  # units whose words both sides agreed to
    signed: str  # the digest both sides signed; "" before


class AlternativeRow(Struct, frozen=True, kw_only=True):
    """One alternative: whose, why, how it stands, its words for editing, and what the asking person may do."""

    name: str
    number: int  # in the order they were made: 1 for the unit's first words
    ours: bool
    person_name: str
    at: str
    reason: str
    state: str
    base: int  # the number of the one it changes; 0 for none
    words: tuple[tuple[str, str], ...]  # tag, words as shown for editing
    missing: tuple[str, ...]
    ref: RefRow
    may: frozenset[str]


class SaidRow(Struct, frozen=True, kw_only=True):
    """An agreement, a request, a comment or a private note."""

    ours: bool
    person_name: str
    at: str
    text: str
    language: str
    grade: str
    stands: bool
    ref: RefRow | None  # None for a private note, which is in no record
    current: bool = True  # about the words as they are now


class ColumnRow(Struct, frozen=True, kw_only=True):
    """A unit in one language."""

    tag: str
    ours: bool  # our side answers for this language
    content: tuple[Piece, ...]
    missing: bool  # the unit is not given in it yet
    shortened: bool = False  # more alternatives stand in it than a page shows


class UnitRow(Struct, frozen=True, kw_only=True):
    """One unit as it is shown: number, columns, alternatives, agreements."""

    name: str
    number: str
    level: str
    depth: int
    status: str
    final: bool
    gone: bool
    ours: bool
    brackets: int
    columns: tuple[ColumnRow, ...]
    alternatives: tuple[AlternativeRow, ...]
    agreements: tuple[SaidRow, ...]
    asked: tuple[SaidRow, ...]
    concordant_ours: bool
    concordant_theirs: bool
    comments: tuple[SaidRow, ...]
    notes: tuple[SaidRow, ...]
    elsewhere: int  # other places named by moves that crossed
    crossed: int  # alternatives that crossed the agreement
    digest: str
    ref: RefRow
    may: frozenset[str]

    @property
    def anchor(self) -> str:
        """Give its anchor on a page."""
        return "u-" + self.name.replace("/", "-")


class CleanRow(Struct, frozen=True, kw_only=True):
    """One unit as it is signed. `columns`: words by language, in the text's order; empty while it is bracketed."""

    number: str
    level: str
    depth: int
    columns: tuple[tuple[str, str], ...]


class SignatureRow(Struct, frozen=True, kw_only=True):
    """Initials or a signature. `current`: over the text as it is now; `bound`: with the passkey the roster lists."""

    grade: str
    ours: bool
    person_name: str
    at: str
    digest: str
    office: str
    powers: str
    bound: bool
    stands: bool
    current: bool
    ref: RefRow


class FallbackRow(Struct, frozen=True, kw_only=True):
    """The text as it was at a moment, kept frozen."""

    digest: str
    ours: bool
    at: str
    agreed: bool
    reason: str
    ref: RefRow


class WholeRow(Struct, frozen=True, kw_only=True):
    """A text with a run of its units. `then`: the moment it is shown at, "" for now."""

    row: TextRow
    digest: str
    units: tuple[UnitRow, ...]
    first: int
    count: int
    headings: tuple[tuple[str, str, str], ...]  # name, number and level of the units shown, for choosing a place
    signatures: tuple[SignatureRow, ...]
    fallbacks: tuple[FallbackRow, ...]
    comments: tuple[SaidRow, ...]
    notes: tuple[SaidRow, ...]
    unready: int
    unmarked: int  # units without both sides' mark that the versions are equally authentic
    must_sign: bool  # our side lists passkeys
    then: str
    may: frozenset[str]
    shortened: bool = False  # fewer units than were asked for: more alternatives are open in them than a page shows


class DifferenceRow(Struct, frozen=True, kw_only=True):
    """One unit at two moments: words that stayed ("="), went ("-") and came ("+"), in each language."""

    name: str
    number: str
    level: str
    before: str  # its status, "" if it was not there
    after: str
    moved: bool
    columns: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


class MomentRow(Struct, frozen=True, kw_only=True):
    """A moment of a text that can be compared: an entry about it, with what it was."""

    ref: RefRow
    at: str
    kind: str
    person_name: str
    ours: bool
