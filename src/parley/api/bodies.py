"""What programs may send, as strict shapes: an unknown or missing field is refused by name.

Owns: the form of each request. Does not own: what the words mean (actions/), text rules (codec/).
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from parley import limits

Id = Annotated[str, Meta(min_length=1, max_length=80)]
Line = Annotated[str, Meta(max_length=limits.TITLE_CHARS_MAX)]
Text = Annotated[str, Meta(min_length=1, max_length=limits.ENTRY_BYTES_MAX)]
Reason = Annotated[str, Meta(min_length=1, max_length=1_000)]
Note = Annotated[str, Meta(max_length=1_000)]
Seen = Annotated[str, Meta(max_length=80)] | None  # which words were shown; left out: none were
StopText = Annotated[str, Meta(min_length=1, max_length=limits.STOP_WORDS_CHARS_MAX)]


class Strict(Struct, forbid_unknown_fields=True, kw_only=True):
    """The manner of every body: no field that is not named here."""


class Nothing(Strict):
    """A request that needs no words: `{}` or no body."""


class SignIn(Strict):
    """A one-time link's token, traded for a session."""

    token: Id


class NewChannel(Strict):
    """A channel to propose."""

    channel: Id
    title: Line
    purpose: Note = ""


class Reasoned(Strict):
    """Something that is only done with a reason."""

    reason: Reason


class Members(Strict):
    """Who of our side belongs to a channel; empty means everybody whose role allows it."""

    persons: Annotated[list[Id], Meta(max_length=1_000)]


class Message(Strict):
    """What somebody wants to say."""

    text: Text
    language: Id
    precedence: Id = "ROUTINE"
    status: Annotated[str, Meta(max_length=20)] = ""
    title: Line = ""
    order: bool = False
    answers: Annotated[str, Meta(max_length=100)] = ""
    attachments: Annotated[list[Id], Meta(max_length=limits.REFS_MAX)] = []


class Draft(Message, kw_only=True):
    """A message that is not said yet."""

    channel: Id


class Noted(Strict):
    """An act with an optional note."""

    note: Note = ""


class Acknowledgement(Strict):
    """A message taken note of by name; `seen` is its `words`."""

    note: Note = ""
    seen: Seen = None


class Review(Strict):
    """What a second pair of eyes thinks of a draft; `seen` is its `changed_at`."""

    good: bool
    note: Note = ""
    seen: Seen = None


class Release(Strict):
    """Letting a draft go; the releaser may change its precedence. `seen` is its `changed_at`."""

    precedence: Annotated[str, Meta(max_length=20)] = ""
    seen: Seen = None


class Correction(Strict):
    """A text that replaces an earlier one."""

    text: Text
    language: Id
    reason: Reason


class Translation(Strict):
    """A rendering in another language."""

    grade: Id
    language: Id
    text: Text


class ReadBack(Strict):
    """An order repeated."""

    text: Text


class ReadBackAnswer(Strict):
    """Whether an order was repeated rightly; `seen` is the read-back's `id`."""

    good: bool
    text: Annotated[str, Meta(max_length=limits.ENTRY_BYTES_MAX)] = ""
    seen: Seen = None


class Fallback(Strict):
    """How to reach us when the line is down."""

    text: Text


class ChannelAgreed(Strict):
    """That a channel is agreed to; `seen` is its `proposal`."""

    seen: Seen = None


class FallbackTried(Strict):
    """That their fallback was tried and is right; `seen` is its `fallback_id`."""

    seen: Seen = None


class Watch(Strict):
    """Whether the person is on watch."""

    present: bool


class Person(Strict):
    """Somebody of our side."""

    person: Id
    name: Line
    role: Id
    roles: Annotated[list[Id], Meta(max_length=6)] = []
    office: Line = ""
    address: Line = ""
    languages: Annotated[list[Id], Meta(max_length=16)] = []
    binds: bool = False
    listed: bool = True


class Legal(Strict):
    """Somebody's name by law."""

    name: Line


class Enrol(Strict):
    """How long a one-time link stays good, and whether the person's passkeys are lost and to be removed."""

    minutes: Annotated[int, Meta(ge=1, le=10_080)] = 30
    lost: bool = False


class Vouching(Strict):
    """What our identity signed to list somebody's passkeys; `origin` is the desk's address, as the roster names it."""

    origin: Annotated[str, Meta(max_length=limits.ORIGIN_CHARS_MAX)]
    words: Text
    signature: Annotated[str, Meta(max_length=limits.NOTE_BYTES_MAX)]


class NewToken(Strict):
    """What a program's token may do, and for how long."""

    scopes: Annotated[list[Id], Meta(min_length=1, max_length=32)]
    days: Annotated[int, Meta(ge=1, le=3_650)] | None = 90


class Policy(Strict):
    """Who may release a FLASH alone when nobody answers within `after_s`."""

    persons: Annotated[list[Id], Meta(min_length=1, max_length=100)]
    after_s: Annotated[int, Meta(ge=1, le=86_400)]


class KeysAnnouncement(Strict):
    """Our new card, how far each log reaches under the old keys, and the identity's signature over both."""

    card: Annotated[str, Meta(max_length=2 * limits.CARD_BYTES_MAX)]
    heads: dict[str, int]
    proof: Annotated[str, Meta(max_length=limits.NOTE_BYTES_MAX)]


class KeysConfirmation(Strict):
    """The digest of the card that was compared."""

    digest: Annotated[str, Meta(min_length=64, max_length=64)]


class Log(Strict):
    """A log, by its name: leaders/south/0."""

    log: Annotated[str, Meta(min_length=5, max_length=128)]


class Lift(Strict):
    """A call to place, or the one that rings to be answered."""

    precedence: Annotated[str, Meta(max_length=20)] = "IMMEDIATE"
    purpose: Line = ""
    language: Annotated[str, Meta(max_length=35)] = ""
    status: Annotated[str, Meta(max_length=20)] = ""


class PutOff(Strict):
    """When we will be there instead."""

    at: Annotated[str, Meta(max_length=30)]
    reason: Note = ""


class MayReason(Strict):
    """A reason, if there is one to give."""

    reason: Note = ""


class Agreement(Strict):
    """One word about what needs a yes of both sides: `text` is kept, or the call goes on in `turns`."""

    what: Annotated[str, Meta(max_length=20)]
    act: Annotated[str, Meta(max_length=20)]
    reason: Note = ""


class ToneHeard(Strict):
    """How the last tone of theirs was heard: well, badly or not."""

    heard: Annotated[str, Meta(max_length=10)]


class Statement(Strict):
    """Urgent words for those who did not take a call."""

    text: Text
    language: Id


class StopWords(Strict):
    """What must stop, where, since when."""

    what: StopText
    where: StopText
    since: Annotated[str, Meta(max_length=30)] = ""
    language: Annotated[str, Meta(max_length=35)] = ""


class StopRaise(StopWords):
    """A stop to raise: for every desk on watch of the other side, or for one channel."""

    channel: Annotated[str, Meta(max_length=limits.CHANNEL_ID_CHARS_MAX)] = "line"
    status: Annotated[str, Meta(max_length=20)] = ""


class StopConfirmed(Strict):
    """That a read-back is right; `seen` is its `id`, or left out for the last one."""

    seen: Seen = None


class StopReached(Strict):
    """In whose hands the decision is, in words."""

    decider: Line = ""


class StopEffected(Strict):
    """That it has stopped: now, or at a moment."""

    stopped: Annotated[str, Meta(max_length=30)] = ""
    note: Note = ""


class TakeWatch(Strict):
    """Taking the watch: the notes that were read, and until when."""

    read: Annotated[list[Id], Meta(max_length=limits.HANDOVER_NOTES_OPEN_MAX)] = []
    until: Annotated[str, Meta(max_length=30)] = ""


class StayOnWatch(Strict):
    """Staying on watch until later."""

    until: Annotated[str, Meta(max_length=30)] = ""


class Shifts(Strict):
    """Shifts one after another: these persons in turn, from a moment on."""

    since: Annotated[str, Meta(max_length=30)]
    persons: Annotated[list[Id], Meta(min_length=1, max_length=100)]
    hours: int = 8
    times: int = 1


class HandOverNote(Strict):
    """What the person coming on must know."""

    text: Annotated[str, Meta(min_length=1, max_length=limits.HANDOVER_NOTE_CHARS_MAX)]


class RollCall(Strict):
    """A roll-call, and how long they have to press the key."""

    seconds: int = limits.ROLL_ANSWER_S


class RollEvery(Strict):
    """How often our node asks by itself; 0 for never."""

    minutes: int
