"""What the actions hand out: plain frozen facts for templates, the API and the terminal.

Owns: the shape of every answer. Nothing here has behaviour beyond reading its own fields.
Does not own: where the facts come from (messages.py, channels.py, line.py, record.py).
Always true:
  1. Every moment is the one text form of times.py, or None where the fact has not happened.
  2. "On our disk", "on their disk", "shown" and "acknowledged" are four facts; none is ever derived from another.
"""

from __future__ import annotations

from msgspec import Struct


class Fact(Struct, frozen=True, kw_only=True):
    """Something that happened: when, and by whom where a person or a desk did it."""

    at: str
    person: str = ""  # person id, or the desk's name for "shown"
    name: str = ""  # the name to show
    office: str = ""
    signed: bool = False  # with the passkey their side lists for the person; else their node states it


class DeliveryRow(Struct, frozen=True, kw_only=True):
    """The four facts of delivery (DESIGN section 2, promise 2); None means: not known to have happened."""

    on_our_disk: Fact | None
    on_their_disk: Fact | None
    shown: Fact | None
    acknowledged: Fact | None
    pq: bool = False  # their post-quantum cosignature covers the entry as well


class RefRow(Struct, frozen=True, kw_only=True):
    """Where an entry stands in the record."""

    log: str  # "leaders/north/0"
    number: int
    id: str  # leaf hash, hex


class TranslationRow(Struct, frozen=True, kw_only=True):
    """One rendering of a message into another language."""

    grade: str  # sight | rough | official
    language: str
    text: str
    by: str
    by_name: str
    at: str
    ours: bool


class CorrectionRow(Struct, frozen=True, kw_only=True):
    """A later text that replaces the first one; the first stays readable."""

    text: str
    language: str
    reason: str
    at: str
    by_name: str


class ReadBackRow(Struct, frozen=True, kw_only=True):
    """Say, repeat back, confirm: the state of an order's read-back."""

    state: str  # "asked" | "read-back" | "confirmed" | "not-confirmed"
    text: str
    by_name: str
    at: str
    id: str = ""  # of the entry that reads back


class AttachmentRow(Struct, frozen=True, kw_only=True):
    """One attached file as its entry names it, and how much of it we hold."""

    root: str
    size: int
    media: str
    name: str
    here_bytes: int  # verified bytes on our disk
    here: bool
    there: Fact | None  # their signed fact that the whole file is on their disk


class StepRow(Struct, frozen=True, kw_only=True):
    """One entry about a message, in the order both sides fold them."""

    ref: RefRow
    side: str
    person: str
    person_name: str
    at: str
    kind: str
    note: str
    verdict: str
    reason: str


class MessageRow(Struct, frozen=True, kw_only=True):
    """One message as a desk shows it now."""

    subject: str
    ref: RefRow
    channel: str
    side: str
    ours: bool
    person: str
    person_name: str
    office: str
    precedence: str
    status: str
    language: str
    title: str
    text: str  # the text in force; `corrections` has what replaced what
    words: str  # id of the entry that has this text
    first_text: str
    at: str
    due: str  # absolute, from the entry; "" where nothing is due
    overdue: bool
    due_in_s: int | None  # negative when overdue; None once acknowledged, cancelled or never due
    state: str  # "open" | "acknowledged" | "cancelled" | "not-valid" (ignored, see marks) | "ahead"
    delivery: DeliveryRow
    waiting_for_s: int | None  # how long their node has not had it; None once it has
    order: bool
    readback: ReadBackRow | None
    answers: str  # subject it answers, or ""
    translations: tuple[TranslationRow, ...] = ()
    corrections: tuple[CorrectionRow, ...] = ()
    attachments: tuple[AttachmentRow, ...] = ()
    cancelled: Fact | None = None
    cancel_reason: str = ""
    drafted_by: str = ""
    released_by: tuple[str, ...] = ()
    released_alone: bool = False
    signed: bool = False  # with the passkey its side lists for who released it; else its node states it
    signs: bool = False  # to acknowledge it, the asking person needs their passkey, at a desk
    ahead: bool = False  # came ahead of its log: "earlier entries still coming"
    rang_as: str = ""  # "ROUTINE" for a FLASH beyond the receiver's hourly allowance
    answered_by: tuple[str, ...] = ()  # subjects
    may: frozenset[str] = frozenset()  # of: acknowledge answer correct cancel translate read-back confirm
    history: tuple[StepRow, ...] = ()  # only where one message is asked for
    marks: tuple[str, ...] = ()  # crossed or not valid facts about it, in words


class ThreadPage(Struct, frozen=True, kw_only=True):
    """One page of a thread, oldest first; `before` asks for the page above it, "" at the start of the channel."""

    channel: str
    messages: tuple[MessageRow, ...]
    before: str
    newest: int  # last turn shown: the composer hands it back as `seen` to be warned of news


class ChannelRow(Struct, frozen=True, kw_only=True):
    """One channel and what waits in it."""

    id: str
    title: str
    purpose: str
    state: str  # proposed | agreed | declined | withdrawn | suspended | restore-proposed
    proposed_by: str  # side id
    waiting: int  # messages of theirs that nobody here acknowledged
    waiting_there: int  # messages of ours that nobody there acknowledged
    overdue: int  # of both
    overdue_there: int  # of ours
    last_at: str | None
    members_ours: tuple[str, ...]
    members_theirs: tuple[str, ...]
    reason: str
    may_read: bool = True
    may_write: bool = False
    proposal: str = ""  # id of their proposal that waits for us
    may_answer: bool = False  # it is ours to agree or decline (proposed or restore-proposed by them)
    frozen: str = ""  # why nothing can be written just now, in words


class DraftRow(Struct, frozen=True, kw_only=True):
    """A message before it is released. Never crosses the line."""

    id: str
    channel: str
    precedence: str
    status: str
    language: str
    title: str
    text: str
    order: bool
    answers: str
    attachments: tuple[AttachmentRow, ...]
    state: str  # draft | review | returned | approved | releasing
    drafted_by: str
    drafted_by_name: str
    reviewed_by: tuple[str, ...]
    note: str
    changed_at: str
    words: int
    needs_second: bool  # another person than the drafter has to release it
    alone_after: str | None  # from this moment the policy lets one person release alone
    may_release: bool  # the asking person may release it now
    why_not: str = ""  # in words, where may_release is false
    signs: bool = False  # to release it, the asking person needs their passkey, at a desk


class Sent(Struct, frozen=True, kw_only=True):
    """What the author is told at once: it is on our disk, and where."""

    channel: str
    subject: str
    ref: RefRow
    at: str
