"""Lifts of theirs that rang before their entry was here: how many at once, for how long, how often without a call.

Owns: which of them stand, how long the other side's word alone rings no more after one that came to nothing.
Does not own: who may be heard (calling.py), what the desks are told (lifting.py), naming the peer.
Always true:
  1. One stands for limits.LIFT_GRACE_S from its first signal; said again it stands no longer.
  2. At most limits.LIFTS_STANDING_MAX stand at once, and none while the other side is not taken at its word.
  3. Each that comes to nothing closes this door for longer. A call rings all the same, once its entry is here.
Read first: docs/protocol/voice.md, "Signals".
"""

from __future__ import annotations

from typing import NamedTuple

from parley import limits
from parley.times import Instant


class Lift(NamedTuple):
    """What was announced."""

    channel: str
    session: str


class Looked(NamedTuple):
    """What time has brought: lifts that ring no longer, and those of which it is certain now that no call came."""

    over: list[Lift]
    unplaced: list[Lift]


class Announced:
    """The other side's lifts, as far as only a signal speaks for them."""

    def __init__(self) -> None:
        self._standing: dict[str, tuple[str, Instant]] = {}  # session -> channel, until
        self._excused: set[str] = set()  # of those that stand: sessions that may honestly become no call
        self._owed: dict[str, tuple[str, Instant | None]] = {}  # over: when it is certain; None while the line is down
        self._closed_until = Instant(0.0)
        self._unplaced = 0  # how many came to nothing within a day of the one before
        self._last_at = Instant(0.0)

    def hear(self, channel: str, session: str, now: Instant) -> bool:
        """Take in a lift; True if the desks ring for it now, which a lift said again does not do twice."""
        if session in self._standing or now < self._closed_until or len(self._standing) >= limits.LIFTS_STANDING_MAX:
            return False
        self._standing[session] = (channel, Instant(now + limits.LIFT_GRACE_S))
        return True

    def stands(self, channel: str, session: str, now: Instant) -> bool:
        """Say whether sound of this session passes on their word alone."""
        found = self._standing.get(session)
        return found is not None and found[0] == channel and now < found[1]

    def placed(self, channel: str, session: str) -> None:
        """The record has the call: from here on it speaks for itself."""
        for kept in (self._standing, self._owed):
            if session in kept and kept[session][0] == channel:
                del kept[session]
        self._excused &= self._standing.keys()

    def crossed(self, channel: str) -> None:
        """A call there was placed or ended meanwhile: whoever lifted before knowing of it may have to place none."""
        self._excused.update(session for session, (room, _) in self._standing.items() if room == channel)

    def met(self, channel: str) -> list[Lift]:
        """Give up what they lifted for in a channel before they knew of our call, which they answered."""
        found = [Lift(room, session) for session, (room, _) in self._standing.items() if room == channel]
        for lift in found:
            del self._standing[lift.session]
        self._excused &= self._standing.keys()
        return found

    def look(self, now: Instant, *, up: bool) -> Looked:
        """Take in that time has passed; `up`: whether a link is up by which the entry would have come."""
        over = [Lift(room, session) for session, (room, until) in self._standing.items() if until <= now]
        for lift in over:
            del self._standing[lift.session]
            if lift.session in self._excused:
                self._excused.remove(lift.session)
                continue
            self._distrust(now)
            if len(self._owed) < limits.LIFTS_STANDING_MAX or up:
                self._owed[lift.session] = (lift.channel, now if up else None)
        unplaced = []
        for session, (room, due) in list(self._owed.items()):
            if not up:
                self._owed[session] = (room, None)  # cut: the entry has its whole time once more
            elif due is None:
                self._owed[session] = (room, Instant(now + limits.LIFT_GRACE_S))
            elif due <= now:
                del self._owed[session]
                unplaced.append(Lift(room, session))
        return Looked(over, unplaced)

    def closed_for_s(self, now: Instant) -> float:
        """Give for how long their word alone rings nothing here."""
        return max(0.0, self._closed_until - now)

    def _distrust(self, now: Instant) -> None:
        if now < self._closed_until:
            return  # it stood beside one that is counted
        if now - self._last_at > limits.LIFT_FORGIVEN_S:
            self._unplaced = 0
        closed_s = min(limits.LIFT_DISTRUST_S * 4.0**self._unplaced, limits.LIFT_DISTRUST_S_MAX)
        self._closed_until = Instant(now + closed_s)
        self._unplaced = min(self._unplaced + 1, 16)  # the power stays small
        self._last_at = now
