"""Lifting, as it happens: the signal that goes before the first sound, ringing at the far desks, being heard there.

Owns: the signals `lift`, `ringing` and `heard`, and what the desks on watch are told of calls.
Does not own: the record of a call (subjects/calls/), who may speak (calling.py), sound (voice.py).
Always true:
  1. "A desk is ringing" is said only after a page said that it rings, "heard" only after one said that it plays.
  2. Nothing here is the only account of anything that lasts: the entries follow (DESIGN 2.2).
Read first: docs/protocol/voice.md, "Signals".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol

from parley import limits
from parley.codec.canonical import JsonInput, JsonValue
from parley.errors import Refused
from parley.node import signals
from parley.node.calling import Calling
from parley.node.desks import Desk
from parley.node.interpreting import Interpreting
from parley.node.picture import Pictures
from parley.node.signals import Signal
from parley.node.texting import Texting
from parley.node.turns import Turning
from parley.node.voice import Voice
from parley.subjects import Book, Fact
from parley.subjects.calls import CallView
from parley.subjects.calls import facts as said
from parley.times import Moment, moment_text

LIFT_LASTS_MS: Final = 3_000
RINGING_LASTS_MS: Final = 10_000
HEARD_LASTS_MS: Final = 10_000
_PRECEDENCES: Final = ("FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE")
_KEPT: Final = 64  # sessions whose ringing was said


class Around(signals.Around, Protocol):
    """What this part asks of the node: the parts a call is made of, and a way into the record."""

    @property
    def calling(self) -> Calling: ...
    @property
    def voice(self) -> Voice: ...
    @property
    def texting(self) -> Texting: ...
    @property
    def interpreting(self) -> Interpreting: ...
    @property
    def pictures(self) -> Pictures: ...
    @property
    def turns(self) -> Turning: ...
    @property
    def book(self) -> Book: ...
    def owe(self, duty: Awaitable[object]) -> None: ...
    def tell(self, kind: str, fields: Mapping[str, str | int | bool | None]) -> None: ...
    async def state(self, fact: Fact, person: str = "", precedence: str = "", status: str = "") -> object: ...


class Lifting:
    """What is told at once about calls, to our desks and across the line."""

    def __init__(self, node: Around) -> None:
        self._node = node
        self._rung: dict[str, int] = {}  # at how many desks a session rings, as the other side was told
        self._theirs_ring: dict[str, int] = {}  # the same, as their node told us
        self._heard: dict[str, dict[str, Moment]] = {}  # sessions: at whose desks the other's voice was played, since

    def handlers(self) -> dict[str, Callable[[Signal], None]]:
        """Give who takes in which signal."""
        return {
            "lift": self.heard_lift, "ringing": self.heard_ringing, "heard": self.heard_heard,
            "plain": self.heard_plain,
        }  # fmt: skip

    # --- from our desks -------------------------------------------------------------------------------------------

    def lift(self, desk: Desk, channel: str, session: str, precedence: str, language: str = "") -> int:
        """A person lifts: their sound may go at once. Gives the stream. Raises Refused `voice.turn`."""
        node = self._node
        if not node.calling.is_open(session):
            node.calling.lifted(channel, session)
        stream = node.voice.speak_in(desk, channel, session, language)
        fields: dict[str, JsonInput] = {
            "channel": channel, "person": desk.person, "precedence": precedence, "session": session,
        }  # fmt: skip
        node.signal("lift", LIFT_LASTS_MS, fields)
        return stream

    def rings(self, channel: str, session: str) -> None:
        """A page of ours says that it really rings for a call of theirs: their side is told at once."""
        if not self._rung.get(session):
            self.desks_ring(channel, session, 1)

    def desks_ring(self, channel: str, session: str, desks: int) -> None:
        """So many desks of ours really ring for a call of theirs: their side is told, whenever the number changes."""
        if self._rung.get(session) == desks or not self._node.calling.knows(channel, session):
            return
        _keep(self._rung, session, desks)
        self._node.signal("ringing", RINGING_LASTS_MS, {"channel": channel, "desks": desks, "session": session})

    def link_up(self) -> None:
        """What was told while no link was up is told again; a node that was restarted knows none of it."""
        self._rung.clear()
        self._node.voice.tell_again()

    def left_call(self, session: str, person: str) -> None:
        """Somebody of ours has left a call that goes on: their desks that speak into it are let out, and told."""
        for desk in self._node.desks.everyone():
            origin = self._node.voice.speaks_into(desk)
            if desk.person == person and origin is not None and origin.session == session:
                self._node.voice.left(desk)
                desk.sink.tell({"told": "let-go", "session": session})

    def plays(self, channel: str, session: str, stream: int) -> None:
        """A page of ours says that its loudspeaker really played a voice of theirs: both sides are told, once."""
        if self._node.calling.knows(channel, session) and self._node.voice.played(session, stream):
            self._note(session, self._node.us)
            self._node.signal("heard", HEARD_LASTS_MS, {"channel": channel, "session": session})
            self._tell(channel, {"told": "heard", "session": session, "here": True})
            self._node.tell("call", {"channel": channel})

    def plain(self, channel: str, session: str) -> None:
        """A page of ours has no decoder: whoever speaks in this call, at either side, is asked for sound as it is."""
        if self._node.calling.knows(channel, session):
            self._tell(channel, {"told": "plain", "session": session})
            self._node.signal("plain", HEARD_LASTS_MS, {"channel": channel, "session": session})

    # --- from the other side --------------------------------------------------------------------------------------

    def heard_lift(self, signal: Signal) -> None:
        """They lifted: their sound comes next, so the gate is opened for a moment and our desks ring."""
        fields = signal.fields
        channel, session = fields.channel("channel"), fields.hex("session", 16)
        person, precedence = fields.person("person"), fields.choice("precedence", _PRECEDENCES)
        fields.done()
        node = self._node
        if node.calling.is_open(session):
            return
        if node.calling.announced(channel, session) and node.calling.may_speak(node.them, channel, session, person):
            self._tell(channel, self._call("", session, node.them, person, precedence, "ringing"))

    def heard_ringing(self, signal: Signal) -> None:
        """So many desks of theirs ring for us; none, if two seconds have passed and no page has said that it rings."""
        desks = signal.fields.integer("desks", 0, limits.DESKS_MAX)
        self._heard_of(signal, "ringing", desks)

    def heard_heard(self, signal: Signal) -> None:
        """A loudspeaker of theirs played our voice."""
        self._heard_of(signal, "heard", 0)

    def heard_plain(self, signal: Signal) -> None:
        """A page of theirs has no decoder."""
        channel, session = signal.fields.channel("channel"), signal.fields.hex("session", 16)
        signal.fields.done()
        if self._node.calling.knows(channel, session):
            self._tell(channel, {"told": "plain", "session": session})

    def _heard_of(self, signal: Signal, told: str, desks: int) -> None:
        channel, session = signal.fields.channel("channel"), signal.fields.hex("session", 16)
        signal.fields.done()
        if self._node.calling.knows(channel, session):
            if told == "heard":
                self._note(session, self._node.them)
            else:
                _keep(self._theirs_ring, session, desks)
            word: dict[str, JsonInput] = {"told": told, "session": session}
            self._tell(channel, word | ({"desks": desks} if told == "ringing" else {"here": False}))
            self._node.tell("call", {"channel": channel})

    def theirs_ring(self, session: str) -> int | None:
        """Give at how many of their desks a call of ours rings, as their node told us; None if it has not."""
        return self._theirs_ring.get(session)

    def heard_at(self, session: str) -> Mapping[str, Moment]:
        """Give the sides at whose desks a voice of the other was really played in this call, each with since when."""
        return self._heard.get(session, {})

    def _note(self, session: str, side: str) -> None:
        self._heard.setdefault(session, {}).setdefault(side, self._node.moment())
        if len(self._heard) > _KEPT:
            del self._heard[next(iter(self._heard))]

    # --- from the record ------------------------------------------------------------------------------------------

    def call_now(self, view: CallView) -> None:
        """The record of a call has grown: each desk on watch is told; of one that is over we state what was heard."""
        if view.end_reason == "merged":
            self._go_on(view)  # first: a page that hears of the end closes its gate, unless it speaks elsewhere by then
        self._tell(view.channel, self._word(view))
        if not view.open:
            self._note_heard(view)
            self._end(view.session)

    def _go_on(self, over: CallView) -> None:
        """Two lifted at once and one call goes on: whoever spoke into the other is heard in it from here on."""
        node = self._node
        found = next((one for one in node.calling.open_in(over.channel) if one.state == "active"), None)
        for desk in node.desks.on_watch(over.channel) if found is not None else ():
            if (
                found is not None
                and self._moved(desk, over.session, found)
                and (node.us, desk.person) not in found.there
            ):
                fact = said.join(found.channel, found.subject)
                node.owe(node.state(fact, desk.person, found.precedence, found.status))

    def met(self, desk: Desk, channel: str, session: str, subject: str) -> None:
        """A lift of ours met a call that had come in meanwhile and answered it: the desk is heard in that one."""
        view = self._node.book.view(channel, subject)
        if isinstance(view, CallView) and view.session != session:
            self._moved(desk, session, view)

    def _moved(self, desk: Desk, session: str, into: CallView) -> bool:
        """Let a desk that speaks into one session speak into another call; says whether it does."""
        origin = self._node.voice.speaks_into(desk)
        if origin is None or origin.session != session:
            return False
        try:
            stream = self.lift(desk, into.channel, into.session, into.precedence, origin.language)
        except Refused:
            return False  # what may not be heard there ends with its call, as any voice does
        desk.sink.tell({"told": "lifted", "channel": into.channel, "session": into.session, "stream": stream})
        return True

    def lift_over(self, channel: str, session: str, *, unplaced: bool = False) -> None:
        """A lift of theirs became no call: what rang for it at our desks is over; `unplaced`: the desks say why."""
        if self._node.calling.is_open(session):
            return  # announced in one channel, placed in another: what goes on there is not ended by this
        state = "unplaced" if unplaced else "ended"
        word = self._call("", session, self._node.them, "", "IMMEDIATE", state)
        self._tell(channel, word)
        self._end(session)

    def _end(self, session: str) -> None:
        """Nothing more passes under this session, and nothing of it is kept."""
        for part in (self._node.voice, self._node.texting, self._node.interpreting, self._node.pictures):
            part.end(session)

    def tell_open(self, desk: Desk) -> None:
        """A desk has come on watch: it hears of the calls that ring or go on, and joins the ringing."""
        at = moment_text(self._node.moment())
        for channel in desk.watches:
            for view in self._node.calling.open_in(channel):
                desk.sink.tell({**self._word(view), "channel": channel, "at": at})
                self._tell_facts(desk, view, at)
            self._node.voice.tell_so_far(desk, channel)
            self._node.interpreting.tell_so_far(desk, channel)
            self._node.turns.tell_so_far(desk, channel)

    def _tell_facts(self, desk: Desk, view: CallView, at: str) -> None:
        """A page that has just been opened, or whose connection was cut, knows nothing of what was told before."""
        about: dict[str, JsonInput] = {"channel": view.channel, "session": view.session, "at": at}
        rings = self._theirs_ring.get(view.session)
        if rings is not None and view.state == "ringing":
            desk.sink.tell({**about, "told": "ringing", "desks": rings})
        for side in self.heard_at(view.session):
            desk.sink.tell({**about, "told": "heard", "here": side == self._node.us})

    def _note_heard(self, view: CallView) -> None:
        node = self._node
        persons: list[dict[str, JsonValue]] = [
            {
                "person": heard.person, "from": moment_text(heard.since), "to": moment_text(heard.until),
                "frames": heard.frames, "missing": heard.missing,
            }
            for heard in node.voice.report(view.session)[: limits.CALL_PERSONS_MAX]
        ]  # fmt: skip
        if persons:
            fact = said.note_heard(view.channel, view.subject, persons)
            node.owe(node.state(fact, "", view.precedence, view.status))

    def _word(self, view: CallView) -> dict[str, JsonInput]:
        word = self._call(view.subject, view.session, view.side, view.person, view.precedence, view.state)
        open_one = next((one for one in view.recordings if one.open), None) if view.open else None
        word["recording"] = "" if open_one is None else open_one.state
        if view.state == "active":
            other = self._node.them if view.side == self._node.us else self._node.us
            word["there"] = [[side == self._node.us, person] for side, person in view.there]
            word["answered"], word["answered_office"] = self._node.person_shown(other, view.taken_by)
        return word

    def _call(
        self, subject: str, session: str, side: str, person: str, precedence: str, state: str
    ) -> dict[str, JsonInput]:
        name, office = self._node.person_shown(side, person)
        return {
            "told": "call", "subject": subject, "session": session, "ours": side == self._node.us,
            "person": person, "name": name, "office": office, "precedence": precedence, "state": state,
            "recording": "", "answered": "", "answered_office": "",
        }  # fmt: skip

    def _tell(self, channel: str, word: Mapping[str, JsonInput]) -> None:
        told = {**word, "channel": channel, "at": moment_text(self._node.moment())}
        for desk in self._node.desks.on_watch(channel):
            desk.sink.tell(told)


def _keep(numbers: dict[str, int], session: str, desks: int) -> None:
    numbers[session] = desks
    if len(numbers) > _KEPT:
        del numbers[next(iter(numbers))]
