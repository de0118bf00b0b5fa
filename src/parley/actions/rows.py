"""What the actions hand out: plain frozen facts for templates, the API and the terminal.

Owns: the shape of every answer. Nothing here has behaviour beyond reading its own fields.
Does not own: where the facts come from (messages.py, channels.py, line.py, record.py).
Always true:
  1. Every moment is the one text form of times.py, or None where the fact has not happened.
  2. "On our disk", "on their disk", "shown" and "acknowledged" are four facts; none is ever derived from another.
"""

from __future__ import annotations

from dataclasses import dataclass

from parley.actions.agreement_rows import AgreementRow, KeptLine
from parley.actions.rows_recording import RecordingRow, ToneRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """Something that happened: when, and by whom where a person or a desk did it."""

    at: str
    person: str = ""  # person id, or the desk's name for "shown"
    name: str = ""  # the name to show
    office: str = ""
    signed: bool = False  # with the passkey their side lists for the person; else their node states it


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryRow:
    """The four facts of delivery (DESIGN section 2, promise 2); None means: not known to have happened."""

    on_our_disk: Fact | None
    on_their_disk: Fact | None
    shown: Fact | None
    acknowledged: Fact | None
    pq: bool = False  # their post-quantum cosignature covers the entry as well


@dataclass(frozen=True, kw_only=True, slots=True)
class RefRow:
    """Where an entry stands in the record."""

    log: str  # "leaders/north/0"
    number: int
    id: str  # leaf hash, hex


@dataclass(frozen=True, kw_only=True, slots=True)
class TranslationRow:
    """One rendering of a message into another language."""

    grade: str  # sight | rough | official
    language: str
    text: str
    by: str
    by_name: str
    at: str
    ours: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectionRow:
    """A later text that replaces the first one; the first stays readable."""

    text: str
    language: str
    reason: str
    at: str
    by_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadBackRow:
    """Say, repeat back, confirm: the state of an order's read-back."""

    state: str  # "asked" | "read-back" | "confirmed" | "not-confirmed"
    text: str
    by_name: str
    at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AttachmentRow:
    """One attached file as its entry names it, and how much of it we hold."""

    root: str
    size: int
    media: str
    name: str
    here_bytes: int  # verified bytes on our disk
    here: bool
    there: Fact | None  # their signed fact that the whole file is on their disk


@dataclass(frozen=True, kw_only=True, slots=True)
class StepRow:
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


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageRow:
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


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadPage:
    """One page of a thread, oldest first; `before` asks for the page above it, "" at the start of the channel."""

    channel: str
    messages: tuple[MessageRow, ...]
    before: str
    newest: int  # last turn shown: the composer hands it back as `seen` to be warned of news


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelRow:
    """One channel and what waits in it."""

    id: str
    title: str
    purpose: str
    state: str  # proposed | agreed | declined | suspended | restore-proposed
    proposed_by: str  # side id
    waiting: int  # messages of theirs that nobody here acknowledged
    waiting_there: int  # messages of ours that nobody there acknowledged
    overdue: int  # of both
    last_at: str | None
    members_ours: tuple[str, ...]
    members_theirs: tuple[str, ...]
    reason: str
    may_read: bool = True
    may_write: bool = False
    may_answer: bool = False  # it is ours to agree or decline (proposed or restore-proposed by them)
    frozen: str = ""  # why nothing can be written just now, in words


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftRow:
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """What the author is told at once: it is on our disk, and where."""

    channel: str
    subject: str
    ref: RefRow
    at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceFile:
    """An exported file that `parley check` reads without either node."""

    path: str
    bytes: int
    sha256: str
    entries: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkRow:
    """One path of the line as a desk shows it."""

    name: str
    up: bool
    since: str | None
    heard_age_s: float | None
    rtt_ms: float | None
    group: str
    post_quantum: bool
    lanes: tuple[str, ...]
    route: str
    last_error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TestRow:
    """The result of one line test."""

    at: str
    by: str  # person id, or "" when the node did it by the hour
    ours: bool
    answered_at: str | None
    same: bool | None  # did both nodes fold the same views at the cut; None until answered
    digest: str
    subject: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GapRow:
    """A time without the line, as one side saw it."""

    side: str
    link: str  # a link's name, or "line"
    since: str
    until: str
    cause: str
    subject: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultRow:
    """Something the other side's node, a link or a disk did that it must not."""

    at: str
    code: str
    sentence: str
    link: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ForkRow:
    """A log of the other side's of which two histories are signed. `provable`: a file convinces others of it."""

    id: str
    log: str
    number: int  # entries under the head that does not fit, or the place of two different entries
    reason: str
    provable: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LostRow:
    """An entry that belongs to no log any more: its author went on without it after a loss, and it was found later."""

    log: str
    number: int
    ours: bool
    at: str  # "", as the rest, where it cannot be read
    person: str
    kind: str
    precedence: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SideRow:
    """One side as the line knows it."""

    id: str
    name: str
    domain: str
    languages: tuple[str, ...]
    watch: bool | None  # somebody is there; None where it cannot be known (the line is down)
    watch_since: str | None = None  # since when that is so
    watch_handed_over: str | None = None  # when a watch was last handed over, somebody being there all the time


@dataclass(frozen=True, kw_only=True, slots=True)
class LogRow:
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


@dataclass(frozen=True, kw_only=True, slots=True)
class LineRow:
    """The state of the line, for the head of every page."""

    line: str
    words: tuple[str, ...]
    ours: SideRow
    theirs: SideRow
    up: bool
    down_since: str | None
    links: tuple[LinkRow, ...]
    signing: str  # ok | waiting-for-peer | read-only
    signing_reason: str
    last_test: TestRow | None
    next_test_at: str | None
    gaps: tuple[GapRow, ...]
    clock_offset_ms: int | None
    waiting: int  # our entries their node has not got
    waiting_since: str | None
    waiting_for_s: int | None
    fallback: str  # how to reach them when the line is down
    fallback_confirmed_at: str | None
    fallback_ours: str
    rules: int
    faults: int
    mode: str  # what entries here are marked with: actual, exercise or test
    now: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryLine:
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


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureLine:
    """One signature that covers an entry, in words."""

    kind: str  # own-ed | own-pq | co-ed | co-pq
    words: str
    size: int
    at: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryDetail:
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


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    """Somebody of either side, as the roster and (for ours) the accounts know them."""

    id: str
    side: str
    ours: bool
    name: str
    office: str
    address: str  # the agreed form of address
    languages: tuple[str, ...]
    role: str
    binds: bool
    listed: bool  # stands in the roster that both sides hold
    roles: tuple[str, ...] = ()
    account: str = ""  # ours only: "" none | "invited" | "active" | "disabled"
    seen_at: str | None = None  # ours only: the last sign-in


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInLink:
    """A one-time link that lets one person sign in once."""

    person: str
    token: str
    path: str  # append to the desk's origin
    expires_at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A person at a desk. The token goes into the cookie; only its hash is kept."""

    token: str
    person: str
    csrf: str
    expires_at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiToken:
    """A program's token, shown once; only its hash is kept."""

    token: str
    id: str
    person: str
    scopes: tuple[str, ...]
    expires_at: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CarriedRow:
    """What a hand-carried file covers."""

    side: str
    at: str
    frames: int
    covers: tuple[tuple[str, int, int], ...]  # log, first number, size


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyRow:
    """A proposal who may release a FLASH alone, after how long; it waits for a second person."""

    persons: tuple[str, ...]
    after_s: int
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SideKeysRow:
    """The card that speaks for a side, and one that was announced and waits to be confirmed."""

    side: str
    digest: str
    words: tuple[str, ...]
    made: str
    replaced: int  # how often its keys were replaced
    announced_at: str | None
    announced_digest: str
    announced_words: tuple[str, ...]
    now: str


@dataclass(frozen=True, kw_only=True, slots=True)
class KeysRow:
    """Both sides' keys, and how many entries each of our logs has."""

    ours: SideKeysRow
    theirs: SideKeysRow
    heads: dict[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonThere:
    """Somebody who is in a call now."""

    person: str
    name: str
    ours: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class HeardRow:
    """What a node states of a person of the other side: heard from when to when, frames had and missing."""

    by_us: bool
    name: str
    since: str
    until: str
    frames: int
    missing: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CallRow:
    """One call as a desk shows it now. Three of its four facts are written; the fourth is only heard."""

    subject: str
    channel: str
    session: str
    ours: bool
    person: str
    person_name: str
    office: str
    purpose: str
    language: str
    precedence: str
    status: str
    at: str
    state: str  # ringing | active | declined | later | unanswered | missed | ended
    on_their_disk: str | None  # their node has it, since
    rings_at: str | None  # a desk of the called side rings, since
    desks: int | None  # so many of the called side's desks ring now, as its node says; None if it has not
    silent: bool  # it should ring, and for two seconds no desk has said that it does
    taken_by: str  # name of who answered, declined or put it off
    taken_office: str
    taken_at: str | None
    reason: str
    later_at: str | None
    statement: str
    statement_language: str
    there: tuple[PersonThere, ...]
    ended_at: str | None
    ended_by: str
    end_reason: str
    heard: tuple[HeardRow, ...]
    they_hear: bool  # a loudspeaker of theirs has played our voice since this node started
    we_hear: bool  # a loudspeaker of ours has played theirs
    missed: bool  # theirs, not taken, and nobody of ours has cleared it
    agreements: tuple[AgreementRow, ...] = ()
    kept: tuple[KeptLine, ...] = ()
    recordings: tuple[RecordingRow, ...] = ()
    tones: tuple[ToneRow, ...] = ()
    may: frozenset[str] = frozenset()  # of: answer decline later hang-up join statement
