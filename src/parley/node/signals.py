"""Signals: what the two nodes tell each other now and nobody keeps. At present, whether somebody is on watch.

A signal claims nothing and is not stored (DESIGN 2.2). It goes by all links; the first copy counts.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from parley import limits
from parley.codec.canonical import JsonInput
from parley.errors import PeerError
from parley.line.frames import Kind, open_frame, write_other
from parley.times import Instant, Moment, moment_text, read_moment

_WATCH_STALE_S = 15.0  # three reports missed: we no longer say that somebody is there
WATCH_EVERY_S = 5.0
_RATE_A_SECOND = 50.0
_BURST = 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Whether somebody is there on the other side, as their node says, and since when."""

    present: bool
    since: str  # moment text, or "" if never told


class Signals:
    """Numbers our signals, drops second copies of theirs, and bounds how many we look at."""

    def __init__(self) -> None:
        self._sent = 0
        self._seen = 0
        self._run = 0  # the peer's start moment: a new run begins at 0 again
        self._tokens = _BURST
        self._at: Instant | None = None
        self._watch = Watch(present=False, since="")
        self._heard_at: Instant | None = None
        self.dropped = 0

    def write_watch(self, present: bool, since: str, run: Moment) -> bytes:
        """Give the frame that says whether somebody is on watch at our desks."""
        self._sent += 1
        header: dict[str, JsonInput] = {
            "number": self._sent,
            "present": present,
            "run": run,
            "signal": "watch",
            "since": since,
        }
        return write_other(Kind.SIGNAL, header)

    def heard(self, frame: bytes, now: Instant) -> bool:
        """Take in a signal; True if what we show has changed. Raises PeerError for a form we do not know."""
        if not self._allowed(now):
            self.dropped += 1
            return False
        _, reader, _ = open_frame(frame)
        name, run, number = reader.text("signal", max_chars=32), reader.integer("run"), reader.integer("number")
        if name != "watch":
            return False  # a newer program's signal: nothing depends on it
        present, since = reader.boolean("present"), reader.text("since", max_chars=24, min_chars=0)
        reader.done()
        if since:
            read_moment(since)
        elif present:
            raise PeerError("line.signal", "somebody is there, but since when is missing")
        if run == self._run and number <= self._seen:
            return False
        self._run, self._seen, self._heard_at = run, number, now
        before, self._watch = self._watch, Watch(present=present, since=since)
        return before != self._watch

    def _allowed(self, now: Instant) -> bool:
        passed = 0.0 if self._at is None else now - self._at
        self._at = now
        self._tokens = min(_BURST, self._tokens + passed * _RATE_A_SECOND)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def watch(self, now: Instant) -> Watch | None:
        """Give what their node said of its watch; None if it has not said it for 15 s."""
        if self._heard_at is None or now - self._heard_at > _WATCH_STALE_S:
            return None
        return self._watch


class FlashAllowance:
    """How many FLASH of theirs may still ring this hour; what is beyond is recorded all the same, and rings as ROUTINE.

    By our own steady clock: the peer's times are its own statement (DESIGN 4, "Credit").
    """

    def __init__(self) -> None:
        self._rung: deque[Instant] = deque()

    def may_ring(self, now: Instant) -> bool:
        """Say whether one more may ring now, and count it."""
        while self._rung and now - self._rung[0] >= 3600:
            self._rung.popleft()
        if len(self._rung) >= limits.FLASH_HOURLY:
            return False
        self._rung.append(now)
        return True


def since_text(moment: Moment | None) -> str:
    """Give a moment's text, or nothing."""
    return "" if moment is None else moment_text(moment)
