"""What the people of one side may think of saying about calls; often what the rules refuse.

Owns: the choice among the kinds of `call.*`, about one of the latest calls that this side has heard of.
Does not own: when they speak (acts.py), which of several they say (choosing.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from parley.codec import JsonValue
from parley.record import Entry, Ref
from parley.sim.choosing import Thought
from parley.sim.dice import Dice
from parley.storage import FoldRow
from parley.subjects import Book
from parley.subjects.calls import CallView, agreed_facts
from parley.subjects.calls import facts as calls
from parley.subjects.calls import recording_facts as recording
from parley.subjects.kinds import Fact
from parley.subjects.messages import facts as messages

_ASKED: Final = {f"call.{what}-asked": what for what in agreed_facts.WHAT}
_CALLS_MAX: Final = 3  # people act on the call that rings, not on those of this morning
_CHANCE: Final = 0.06
_IN_CALL: Final = 0.25  # who speaks together has more to say
_SINCE: Final = "2026-11-23T10:00:00.000Z"


@dataclass(slots=True)
class KnownCall:
    """One call that this side has heard of."""

    channel: str
    subject: str
    ours: bool
    status: str
    ref: Ref
    asked: Ref | None = None  # the last asking to record it
    tone: Ref | None = None
    agreed: dict[agreed_facts.What, Ref] = field(default_factory=dict)  # the last asking of each kind


class CallActs:
    """The next wish about a call."""

    def __init__(self, side: str, dice: Dice, people: tuple[str, ...]) -> None:
        self._side, self._dice, self._people = side, dice, people
        self._calls: list[KnownCall] = []

    def hear(self, row: FoldRow, entry: Entry, ref: Ref) -> None:
        """Its own node told it of an entry about a call."""
        if entry.kind == "call.placed":
            call = KnownCall(entry.channel, row.subject, row.log.side == self._side, entry.status, ref)
            self._calls = [*self._calls[1 - _CALLS_MAX :], call]
        for call in self._calls:
            if call.subject != row.subject:
                continue
            if entry.kind == "call.tone":
                call.tone = ref
            elif entry.kind == "call.recording-asked":
                call.asked = ref
            elif entry.kind in _ASKED:
                call.agreed[_ASKED[entry.kind]] = ref

    def wants(self, book: Book) -> bool:
        """Say whether somebody thinks of a call now."""
        return self._dice.chance(_IN_CALL if any(self._there(call, book) for call in self._calls) else _CHANCE)

    def next(self, channels: tuple[str, ...], person: str, book: Book) -> tuple[Thought, str]:
        """Give what could be said next, and by whom of our side."""
        dice = self._dice
        active = [call for call in self._calls if self._there(call, book)]
        if active and dice.chance(0.9):
            known = dice.choice(active)
            facts = [*self._recording(known, book), *self._agreed(known)]
            if dice.chance(0.15):
                facts = self._about(known)
            return Thought(facts, known.status), dice.choice(self._there(known, book))
        if not self._calls or dice.chance(0.25):
            fact = calls.place(dice.choice(channels), session=dice.randbytes(16).hex(), language="en")
            return Thought((fact,), precedence=dice.choice(messages.PRECEDENCES)), person
        known = dice.choice(self._calls)
        return Thought(self._about(known), known.status), person

    def _there(self, known: KnownCall, book: Book) -> list[str]:
        """Give who of our side is in a call that goes on, or was recorded in one."""
        view = book.view(known.channel, known.subject)
        if not isinstance(view, CallView) or not (view.state == "active" or view.recordings):
            return []
        return [person for side, person in view.there if side == self._side] or [self._people[0]]

    def _about(self, known: KnownCall) -> list[Fact]:
        dice, channel, subject = self._dice, known.channel, known.subject
        row: dict[str, JsonValue] = {
            "person": self._people[0], "from": _SINCE, "to": _SINCE, "frames": 50, "missing": 0,
        }  # fmt: skip
        ours = [
            calls.end(channel, subject, dice.choice(calls.REASONS), (known.ref,)),
            calls.leave_statement(channel, subject, text=f"word{dice.randrange(1000)}", language="en"),
        ]
        theirs = [
            calls.ring(channel, subject, dice.randint(1, 3)),
            calls.answer(channel, subject),
            calls.answer(channel, subject),
            calls.decline(channel, subject, "busy"),
            calls.later(channel, subject, _SINCE),
        ]
        either = [
            calls.join(channel, subject),
            calls.leave(channel, subject),
            calls.end(channel, subject, "hung-up"),
            calls.note_heard(channel, subject, [row]),
        ]
        return [*(ours if known.ours else theirs), *either]

    def _recording(self, known: KnownCall, book: Book) -> list[Fact]:
        """Say something about recording this call, or about the tone."""
        dice, channel, subject, asked = self._dice, known.channel, known.subject, known.asked
        track: dict[str, JsonValue] = {
            "side": self._side, "stream": 7, "person": self._people[0], "language": "", "codec": "opus", "starts_ms": 0,
            "first": 0, "last": 9, "frames": 9, "missed": 1, "which": "4",
        }  # fmt: skip
        facts = [recording.ask(channel, subject), recording.sound_tone(channel, subject)]
        if asked is not None:
            facts += [
                recording.agree(channel, subject, asked),
                recording.agree(channel, subject, asked),
                recording.decline(channel, subject, asked, "not now"),
                recording.stop(channel, subject, asked),
                recording.keep(channel, subject, asked, root=dice.randbytes(32).hex(), tracks=[track]),
            ]
            view = book.view(channel, subject)
            if isinstance(view, CallView) and any(one.state in ("stopped", "over") for one in view.recordings):
                facts += 3 * facts[-1:]  # the nodes say so as soon as one has run
        if known.tone is not None:
            facts.append(recording.hear_tone(channel, subject, known.tone, dice.choice(recording.TONES)))
        return facts

    def _agreed(self, known: KnownCall) -> list[Fact]:
        """Say something about keeping its text, or talking in turns."""
        channel, subject = known.channel, known.subject
        facts: list[Fact] = []
        for what in agreed_facts.WHAT:
            facts.append(agreed_facts.ask(channel, subject, what))
            ref = known.agreed.get(what)
            if ref is not None:
                facts += [
                    agreed_facts.agree(channel, subject, what, ref),
                    agreed_facts.agree(channel, subject, what, ref),
                    agreed_facts.decline(channel, subject, what, ref, "not now"),
                    agreed_facts.stop(channel, subject, what, ref),
                ]
        if "text" in known.agreed:
            facts += [agreed_facts.say(channel, subject, known.agreed["text"], "Stop the ship.")] * 2
        return facts
