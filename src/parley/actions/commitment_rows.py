"""What the actions about commitments hand out.

Owns: the shape of every answer. What depends on the clock (due, overdue) stands here and never in the record.
"""

from __future__ import annotations

from msgspec import Struct

from parley.actions.rows import RefRow


class CommitmentRow(Struct, frozen=True, kw_only=True):
    """One commitment in the register."""

    subject: str
    channel: str
    status: str
    at: str
    ours: bool  # our side proposed or promised it
    who: tuple[tuple[str, bool], ...]  # name of each side that promised, and whether it is ours
    what: str
    due: str  # "" where no time was said
    state: str  # proposed | agreed | declined | withdrawn | promised
    source: str  # text | minutes | message | free
    our_view: str  # "" before our side said any
    our_view_at: str
    their_view: str
    their_view_at: str
    disputed: bool  # both sides have a view and they differ
    kept: bool  # both say kept
    over: bool  # both say kept or overtaken
    clock: str  # "" | due (within a week) | overdue
    waits: str  # "" | answer (they proposed it) | view (it is due or overdue, and ours is not the last word)

    @property
    def name(self) -> str:
        """Give what a pick-list names it by, to cite it."""
        return f"{self.channel} {self.subject}"


class EntryLink(Struct, frozen=True, kw_only=True):
    """An entry of the record with the page that shows it; "" where the person may not read it."""

    ref: RefRow
    path: str


class ViewRow(Struct, frozen=True, kw_only=True):
    """One side's view: evidence is (words, root of a file or "", its page or ""), entries are in the record."""

    ours: bool
    person_name: str
    at: str
    state: str
    as_of: str
    note: str
    evidence: tuple[tuple[str, str, str], ...]
    entries: tuple[EntryLink, ...]
    ref: RefRow


class SourceRow(Struct, frozen=True, kw_only=True):
    """Where the words were taken from.

    stands: now (the source reads so) · changed (it was said there, and reads otherwise now) · never (it was not said
    there) · absent (that entry is not on our disk, or not yet) · unread (the person may not read the source) ·
    "" (taken from nothing).
    """

    kind: str
    place: str
    words: str
    digest: str
    path: str
    ref: RefRow | None
    stands: str


class CitedRow(Struct, frozen=True, kw_only=True):
    """An incident or a notice that cites the commitment."""

    kind: str  # incident | notice
    title: str
    at: str
    ours: bool
    path: str


class CitingRow(Struct, frozen=True, kw_only=True):
    """A commitment that an incident or a notice cites; no words and no path where the person may not read it."""

    channel: str
    subject: str
    path: str
    what: str


class CommitmentWhole(Struct, frozen=True, kw_only=True):
    """One commitment with both sides' views and all that was said about it."""

    row: CommitmentRow
    seen: str
    source: SourceRow
    proposed_by: str
    answered_at: str
    answered_by: str
    reason: str
    ours: ViewRow | None
    theirs: ViewRow | None
    history: tuple[ViewRow, ...]  # newest first
    cited: tuple[CitedRow, ...]
    ref: RefRow
    may: frozenset[str]  # of: agree decline withdraw view


class RegisterRow(Struct, frozen=True, kw_only=True):
    """A page of the register: the commitments of all channels that the person may read, or of one."""

    rows: tuple[CommitmentRow, ...]
    first: int
    count: int  # that belong to the filter, on all pages
    counts: tuple[tuple[str, int], ...]  # of each filter


class Passage(Struct, frozen=True, kw_only=True):
    """A paragraph that words may be taken from: `part` names it, `language` is its tag or ""."""

    part: str
    place: str  # the number of an article or paragraph
    language: str
    text: str


class SourceForm(Struct, frozen=True, kw_only=True):
    """What a new commitment may be taken from: the source's name and its paragraphs."""

    channel: str
    source: str  # its subject
    kind: str
    title: str
    passages: tuple[Passage, ...]
