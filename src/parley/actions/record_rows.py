"""What the actions hand out about the record: logs, entries, signatures. Under the rules of rows.py.

Owns: the shapes. Does not own: where the facts come from (record.py).
"""

from __future__ import annotations

from msgspec import Struct

from parley.actions.rows import RefRow


class EvidenceFile(Struct, frozen=True, kw_only=True):
    """An exported file that `parley check` reads without either node."""

    path: str
    bytes: int
    sha256: str
    entries: int


class ForkRow(Struct, frozen=True, kw_only=True):
    """A log of the other side's of which two histories are signed. `provable`: a file convinces others of it."""

    id: str
    log: str
    number: int  # entries under the head that does not fit, or the place of two different entries
    reason: str
    provable: bool


class FrozenRow(Struct, frozen=True, kw_only=True):
    """A log that is frozen because two histories of it are signed: how far the other side of its author holds it."""

    log: str
    ours: bool
    size: int
    reason: str  # as the side that froze it put it; "" for a log of ours
    ended_at: str | None  # when that side's operator agreed to the next epoch
    ended_by: str
    next: str  # the epoch in which it goes on, "" until there is one
    step: str  # what this side's operator can do now: end, renew or nothing


class LostRow(Struct, frozen=True, kw_only=True):
    """An entry that belongs to no log any more: its author went on without it after a loss, and it was found later."""

    log: str
    number: int
    ours: bool
    at: str  # "", as the rest, where it cannot be read
    person: str
    kind: str
    precedence: str
    text: str


class LogRow(Struct, frozen=True, kw_only=True):
    """One log and how far both sides hold it."""

    log: str
    channel: str
    side: str
    epoch: int
    ours: bool
    size: int
    root: str
    cosigned: int  # the other side signed that it holds this many
    cosigned_at: str | None
    pq_size: int  # both suites of both sides cover this many


class EntryLine(Struct, frozen=True, kw_only=True):
    """One entry in the record browser's list."""

    log: str
    number: int
    id: str
    at: str
    person: str
    person_name: str
    kind: str
    subject: str
    status: str
    precedence: str
    verdict: str  # valid | not-valid | unreadable | newer | waiting
    reason: str
    held: bool  # the other side signed that it holds it


class SignatureLine(Struct, frozen=True, kw_only=True):
    """One signature that covers an entry, in words."""

    kind: str  # own-ed | own-pq | co-ed | co-pq
    words: str
    size: int
    at: str | None


class EntryDetail(Struct, frozen=True, kw_only=True):
    """One entry with its bytes and its proof."""

    line: EntryLine
    json: str  # the canonical bytes, as text
    bytes: int
    past: tuple[tuple[str, int, str], ...]  # log, size, root
    refs: tuple[RefRow, ...]
    tree_size: int
    root: str
    proof: tuple[str, ...]  # hashes, lowest first
    signatures: tuple[SignatureLine, ...]
