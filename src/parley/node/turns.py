"""Talking in turns, as it happens: who has the turn, passing it on, and the time of each side.

Owns: the turns of the open calls, the signal `turn`, the clocks, what pages are told.
Does not own: what a turn is (line/turns.py), whether a call goes on in turns (subjects/calls/), sound (voice.py).
Always true: a call goes on in turns only while the record has a yes of both; once it has not, everybody may be heard.
Read first: docs/protocol/voice.md, "Turns".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from parley.codec.canonical import JsonInput
from parley.errors import PeerError, Refused
from parley.line.turns import PHASES, Phase, Turns, read_turn
from parley.node import signals
from parley.node.desks import Desk
from parley.node.interpreting import Interpreting
from parley.node.signals import Signal
from parley.node.voice import Voice
from parley.subjects.calls import CallView
from parley.times import Instant, Moment, moment_text

LASTS_MS: Final = 15_000
TO: Final = ("next", *(f"{whose}-{phase}" for whose in ("our", "their") for phase in PHASES))


class Calling(Protocol):
    """Which calls go on."""

    def open_in(self, channel: str) -> Sequence[CallView]: ...


class Around(signals.Around, Protocol):
    """What this part asks of the node: it turns the sound on and off, and knows who interprets."""

    @property
    def voice(self) -> Voice: ...
    @property
    def interpreting(self) -> Interpreting: ...


@dataclass(slots=True)
class InTurns:
    """One call that goes on in turns."""

    channel: str
    session: str
    asked: str
    turns: Turns
    since: Moment
    began: Instant
    spent: dict[tuple[str, str], float] = field(default_factory=dict)  # side, phase -> seconds, but the present turn
    last: tuple[str, str] = ("", "")  # whose turn the clock runs for
    blamed: bool = False


class Turning:
    """The calls of one node that go on in turns."""

    def __init__(self, node: Around) -> None:
        self._node = node
        self._calls: dict[str, InTurns] = {}  # by session

    def start(self, calling: Calling, rooms: Sequence[str]) -> None:
        """Take up the calls that were open when the node stopped; the other side knows whose turn it is by now."""
        for room in rooms:
            for view in calling.open_in(room):
                self.call_now(view, known=False)

    def handlers(self) -> dict[str, Callable[[Signal], None]]:
        """Give who takes in which signal."""
        return {"turn": self.heard}

    def may_sound(self, session: str, side: str, language: str) -> bool:
        """Say whether a voice of this side on this stream may be heard now, as far as turns go."""
        call = self._calls.get(session)
        return call is None or call.turns.now.lets(side, language)

    def call_now(self, view: CallView, *, known: bool = True) -> None:
        """The record of a call has grown: it goes on in turns, or does so no more."""
        latest = view.turns[-1] if view.turns else None
        runs = latest is not None and latest.state == "running" and view.open
        before = self._calls.get(view.session)
        if latest is None or not runs:
            if before is not None:
                del self._calls[view.session]
                self._tell(before, on=False)
        elif before is None or before.asked != latest.ref.id:
            node = self._node
            turns = Turns(node.us, node.them, latest.asked_side, known=known)
            call = InTurns(view.channel, view.session, latest.ref.id, turns, node.moment(), node.now())
            call.last = turns.now[1:]
            self._calls[view.session] = call
            self._tell(call)

    def hand(self, channel: str, session: str, to: str) -> None:
        """Pass the turn on: to the next as a rule, or to our or their speaker or interpreter.

        Raises: Refused `voice.not-ours`: the call does not go on in turns, or the turn is not ours to pass.
        """
        call, node = self._calls.get(session), self._node
        if call is None or call.channel != channel:
            raise Refused("voice.not-ours", "this call does not go on in turns")
        whose, _, named = to.partition("-")
        side, phase = (
            call.turns.after(frozenset(node.interpreting.sides(session))) if to == "next"
            else (node.us if whose == "our" else node.them, _phase(named))
        )  # fmt: skip
        if call.turns.now.side != node.us:
            raise Refused("voice.not-ours", "the turn is the other side's; they pass it on")
        if call.turns.hand(side, phase) is not None:
            self._turned(call)
            self._say(call)

    def heard(self, signal: Signal) -> None:
        """The other side says whose turn it is."""
        said = read_turn(signal.fields)
        call = self._calls.get(said.session)
        if call is None or call.asked != said.asked or call.channel != said.channel:
            return  # the agreement is not here yet, or no more
        try:
            news = call.turns.hear(said.turn)
        except PeerError as fault:
            if not call.blamed:
                call.blamed = True
                self._node.blame("", b"", fault)
            return
        if news:
            self._turned(call)

    def _turned(self, call: InTurns) -> None:
        now, moment = self._node.now(), self._node.moment()
        key = call.last
        call.spent[key] = call.spent.get(key, 0.0) + (now - call.began)
        call.began, call.since = now, moment
        call.last = call.turns.now[1:]
        self._node.voice.turned(call.session)
        self._tell(call)

    def report(self) -> None:
        """Say again whose turn it is, so that a pass that was lost heals."""
        for call in self._calls.values():
            self._say(call)

    def _say(self, call: InTurns) -> None:
        fields: dict[str, JsonInput] = {"channel": call.channel, "session": call.session, "asked": call.asked}
        self._node.signal("turn", LASTS_MS, fields | call.turns.now.fields())

    # --- pages ----------------------------------------------------------------------------------------------------

    def tell_so_far(self, desk: Desk, channel: str) -> None:
        """A page shows a channel now: it is told whose turn it is there."""
        for call in self._calls.values():
            if call.channel == channel:
                desk.sink.tell(self._word(call))

    def _tell(self, call: InTurns, *, on: bool = True) -> None:
        for desk in self._node.desks.at(call.channel):
            desk.sink.tell(self._word(call, on=on))

    def _word(self, call: InTurns, *, on: bool = True) -> dict[str, JsonInput]:
        turn = call.turns.now
        return {
            "told": "turn", "channel": call.channel, "session": call.session, "on": on, "number": turn.number,
            "ours": turn.side == self._node.us, "phase": turn.phase, "since": moment_text(call.since),
            "spent": dict(self._spent(call)),
        }  # fmt: skip

    def _spent(self, call: InTurns) -> Iterator[tuple[str, JsonInput]]:
        for whose, side in (("our", self._node.us), ("their", self._node.them)):
            for phase in PHASES:
                yield f"{whose}-{phase}", round(1000 * call.spent.get((side, phase), 0.0))


def _phase(name: str) -> Phase:
    return "interpreter" if name == "interpreter" else "speaker"
