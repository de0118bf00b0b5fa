"""Signals: what the two nodes tell each other now. They claim nothing and are not stored (DESIGN 2.2).

Owns: their numbers, second copies, age and rate. Does not own: what a signal means (watching.py, ringing.py, …).
A signal goes by all links; the first copy counts. It carries its sender's run, a number, and how long it lasts; what
comes twice, out of order or too late is dropped. A name that is not known here is passed by: a newer program's.
Read first: docs/protocol/line.md, "Signals".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from parley import limits
from parley.codec import Reader
from parley.codec.canonical import JsonInput
from parley.errors import PeerError, ensure
from parley.line.frames import Kind, open_frame, write_other
from parley.node.counting import Inflow
from parley.node.desks import Desks
from parley.times import Instant, Moment

_NAME_CHARS_MAX: Final = 32
_HEADER: Final = frozenset(("at", "lasts", "number", "run", "signal"))


class Around(Protocol):
    """What a part that carries something of a call to the other side asks of the node."""

    @property
    def us(self) -> str: ...
    @property
    def them(self) -> str: ...
    @property
    def desks(self) -> Desks: ...
    def now(self) -> Instant: ...
    def moment(self) -> Moment: ...
    def links_up(self) -> Sequence[str]: ...
    def signal(self, name: str, lasts_ms: int, fields: Mapping[str, JsonInput]) -> None: ...
    def blame(self, link: str, frame: bytes, error: PeerError) -> None: ...
    def person_shown(self, side: str, person: str) -> tuple[str, str]: ...


class Signal(NamedTuple):
    """One signal of theirs: its name, and a reader over its own fields; whoever reads it ends with `done`."""

    name: str
    fields: Reader
    lasts_ms: int


class Signals:
    """Numbers our signals, drops copies and late ones of theirs, and bounds how many we look at."""

    def __init__(self, run: Moment) -> None:
        self._ours = run  # tells our signals from those of an earlier run of this node
        self._sent = 0
        self._theirs: tuple[int, int] = (0, 0)  # run, number of the last one taken
        self._inflow, self._looked_at = _inflows(Instant(0.0))
        self.flooded = False  # they sent far more than is looked at, and are to be named for it now
        self.dropped = 0

    def write(self, name: str, at: Moment, lasts_ms: int, fields: Mapping[str, JsonInput]) -> bytes:
        """Give the frame of a signal of ours."""
        ensure(fields.keys().isdisjoint(_HEADER), "a signal's own field has the name of one that every signal has")
        self._sent += 1
        header: dict[str, JsonInput] = {
            **fields, "at": at, "lasts": lasts_ms, "number": self._sent, "run": self._ours, "signal": name,
        }  # fmt: skip
        return write_other(Kind.SIGNAL, header)

    def take(self, frame: bytes, now: Instant, clock: Moment, offset_ms: int | None) -> Signal | None:
        """Take in a signal; None for one that does not count: a copy, a late one, one too many.

        Args:
            clock: Our calendar time; offset_ms: theirs minus ours, None while it is not known (then age is not judged).
        Raises: PeerError `line.signal` or `codec.…` for a form that none of ours has.
        """
        self.flooded = False
        if not self._inflow.takes(now):
            self.flooded = self._inflow.names(now)
            self.dropped += 1
            return None
        _, reader, _ = open_frame(frame)
        name = reader.text("signal", max_chars=_NAME_CHARS_MAX)
        run, number = reader.integer("run", 0), reader.integer("number", 1)
        at, lasts = reader.integer("at", 0), reader.integer("lasts", 1, limits.SIGNAL_LASTS_MS_MAX)
        if run < self._theirs[0] or (run == self._theirs[0] and number <= self._theirs[1]):
            return None
        if not self._looked_at.takes(now):
            self.dropped += 1
            return None
        self._theirs = (run, number)
        if offset_ms is not None and clock + offset_ms - at > lasts:
            self.dropped += 1
            return None
        return Signal(name, reader, lasts)


def _inflows(now: Instant) -> tuple[Inflow, Inflow]:
    """Give how many frames are read, copies by every link among them, and how many signals are looked at."""
    rate, burst, copies = limits.SIGNALS_RATE, limits.SIGNALS_BURST, limits.SIGNAL_COPIES
    return Inflow(copies * rate, copies * burst, limits.SIGNALS_OVER_MAX, now), Inflow(rate, burst, 1, now)


def without_words(frame: bytes) -> bytes:
    """Give what of a signal may be kept as evidence: nobody's words become a record this way."""
    return b"" if b'"signal":"text' in frame else frame
