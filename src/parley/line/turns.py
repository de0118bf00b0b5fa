"""Talking in turns: whose turn it is, as both nodes come to know it without an entry for each pass.

Owns: the state, its order, the fields of the signal and their strict reading. Does not own: whether a call goes on in
turns (subjects/calls/), clocks and pages (node/turns.py).
Always true:
  1. Only the side that has the turn passes it: two passes never cross, and the higher number is the later one.
  2. What the other side says of a turn that is not its own to pass changes nothing, and is named.
Read first: docs/protocol/voice.md, "Turns".
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, cast

from parley import limits
from parley.codec.canonical import JsonInput
from parley.codec.fields import Reader
from parley.errors import PeerError

Phase = Literal["speaker", "interpreter"]
PHASES: Final[tuple[Phase, ...]] = ("speaker", "interpreter")


class Turn(NamedTuple):
    """Whose turn it is."""

    number: int  # 0 is the first: the speaker's, of the side that asked for turns
    side: str
    phase: Phase

    def fields(self) -> dict[str, JsonInput]:
        """Give them as the signal `turn` has them."""
        return {"turn": self.number, "side": self.side, "phase": self.phase}

    def lets(self, side: str, language: str) -> bool:
        """Say whether a voice of this side on this stream may be heard in this turn."""
        return side == self.side and (language != "") == (self.phase == "interpreter")


class Said(NamedTuple):
    """A signal `turn`: which call, by which asking, whose turn."""

    channel: str
    session: str
    asked: str  # id of the entry that asked for turns, hex: a pass of an earlier agreement means nothing
    turn: Turn


def read_turn(fields: Reader) -> Said:
    """Read a signal `turn`; raises PeerError."""
    channel, session, asked = fields.channel("channel"), fields.hex("session", 16), fields.hex("asked", 32)
    number, side = fields.integer("turn", 0, limits.TURNS_MAX), fields.side("side")
    phase = cast(Phase, fields.choice("phase", PHASES))
    fields.done()
    return Said(channel, session, asked, Turn(number, side, phase))


class Turns:
    """The turns of one call, from one agreement on."""

    def __init__(self, us: str, them: str, first: str, *, known: bool) -> None:
        """`first` is the side that asked; `known` is False after a restart: then the other side may know more."""
        self._us, self._them = us, them
        self._known = known
        self.now = Turn(0, first, "speaker")
        self._spoke = first  # whose words an interpreter renders

    def hand(self, side: str, phase: Phase) -> Turn | None:
        """Pass our turn on; None if it is not ours to pass, or this is whose it is already."""
        if self.now.side != self._us or self.now.number >= limits.TURNS_MAX or self.now[1:] == (side, phase):
            return None
        self._set(Turn(self.now.number + 1, side, phase))
        return self.now

    def hear(self, turn: Turn) -> bool:
        """Take what the other side says of it; True if that is news.

        Raises: PeerError `line.turn`: it passes a turn that is ours, or names neither side.
        """
        if turn.side not in (self._us, self._them):
            raise PeerError("line.turn", "the turn is neither side's")
        if turn.number <= self.now.number:
            self._known = True  # we know as much
            return False
        if self._known and self.now.side != self._them:
            raise PeerError("line.turn", f"they passed turn {self.now.number}, which is ours to pass")
        self._known = True
        self._set(turn)
        return True

    def _set(self, turn: Turn) -> None:
        self.now = turn
        if turn.phase == "speaker":
            self._spoke = turn.side

    def after(self, interpreters: frozenset[str]) -> tuple[str, Phase]:
        """Give who is next as a rule: who spoke, their interpreter (else the other side's), then the other speaker."""
        if self.now.phase == "interpreter" or not interpreters:
            return (self._them if self._spoke == self._us else self._us), "speaker"
        return (self.now.side if self.now.side in interpreters else min(interpreters)), "interpreter"
