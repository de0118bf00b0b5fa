"""The heartbeat of one connection: is it alive, how far away is the other side, how far apart are the clocks.

Always true:
  1. Any byte from the other side counts as life.
  2. A node that was itself asleep blames nobody: after a stall of our own loop the other side has a second to be heard.
  3. The clock offset is an estimate for display and due times; no rule of the record reads it.
Source of the offset: the four-stamp exchange of RFC 5905 section 8, with the receipt and the echo at one moment, and
the sample of the shortest round trip preferred (its error is at most half that round trip).
"""

from __future__ import annotations

from collections import deque
from typing import Final

from parley import limits
from parley.errors import PeerError
from parley.link import messages
from parley.times import Instant, Moment

_SAMPLES: Final = 16
_UNANSWERED: Final = 16  # at one a second these are five times as old as the silence we tolerate
_STALL_S: Final = 0.5  # a timer of ours that fires this late was late by our own doing


class Pulse:
    """Beats and echoes on one connection."""

    def __init__(self, now: Instant, *, every_s: float, silence_s: float) -> None:
        self.heard_at = now
        self.rtt_s: float | None = None  # the newest
        self._every_s = every_s
        self._silence_s = silence_s
        self._next_at = now
        self._number = 0
        self._sent: dict[int, tuple[Instant, Moment]] = {}
        self._samples: deque[tuple[float, float]] = deque(maxlen=_SAMPLES)  # (round trip, offset in ms)
        self._echoed_at: Instant | None = None
        self._busy_until = now

    @property
    def rtt_min_s(self) -> float | None:
        """The shortest of the last samples: the path without our own queues."""
        return min(self._samples)[0] if self._samples else None

    @property
    def offset_ms(self) -> int | None:
        """Their calendar clock minus ours, in milliseconds, by the shortest of the last round trips."""
        return round(min(self._samples)[1]) if self._samples else None

    @property
    def wake_at(self) -> Instant:
        """When `beat` or `silent` next has something to say."""
        return min(self._next_at, Instant(self.heard_at + self._silence_s))

    def alive(self, now: Instant) -> None:
        """Take note that bytes arrived."""
        self.heard_at = now

    def forgive(self, now: Instant, late_s: float) -> None:
        """Give the other side a second to be heard, if we ourselves slept for `late_s`."""
        if late_s >= _STALL_S:
            self.heard_at = max(self.heard_at, Instant(now - self._silence_s + 1.0))

    def silent(self, now: Instant) -> bool:
        """Say whether nothing was heard for longer than this lane tolerates."""
        return now - self.heard_at >= self._silence_s

    def busy(self, now: Instant) -> bool:
        """Beat faster for the next second; say whether that brought the next beat forward."""
        self._busy_until = Instant(now + 1.0)
        if self._next_at <= now + limits.HEARTBEAT_BUSY_S:
            return False
        self._next_at = Instant(now + limits.HEARTBEAT_BUSY_S)
        return True

    def beat(self, now: Instant, clock: Moment) -> bytes | None:
        """Give the next beat if it is due."""
        if now < self._next_at:
            return None
        every_s = limits.HEARTBEAT_BUSY_S if now < self._busy_until else self._every_s
        self._next_at = Instant(max(self._next_at + every_s, now + every_s / 2))
        self._number += 1
        self._sent[self._number] = (now, clock)
        self._sent.pop(self._number - _UNANSWERED, None)
        return messages.write_beat(messages.Pulse(number=self._number, moment=clock))

    def hear_beat(self, frame: bytes, now: Instant, clock: Moment) -> bytes | None:
        """Give the echo owed for the other side's beat; None if they come faster than anybody needs."""
        number = messages.read_pulse(frame).number
        if self._echoed_at is not None and now - self._echoed_at < limits.ECHO_EVERY_S:
            return None
        self._echoed_at = now
        return messages.write_beat(messages.Pulse(number=number, moment=clock), echo=True)

    def hear_echo(self, frame: bytes, now: Instant, clock: Moment) -> None:
        """Take a sample; raises PeerError `link.echo` for a beat we never sent."""
        echo = messages.read_pulse(frame)
        if not 1 <= echo.number <= self._number:
            raise PeerError("link.echo", f"expected the echo of a beat up to {self._number}, got {echo.number}")
        sent = self._sent.pop(echo.number, None)
        if sent is None:
            return  # answered before, or so late that it tells nothing
        sent_at, sent_clock = sent
        self.rtt_s = max(0.0, now - sent_at)
        # Our own clock may have been set meanwhile: then the sample would mix two clocks, so it is left out.
        if abs((clock - sent_clock) / 1000 - self.rtt_s) < 0.1:
            self._samples.append((self.rtt_s, echo.moment - (sent_clock + clock) / 2))
