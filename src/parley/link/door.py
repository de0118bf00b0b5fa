"""Who may come in and be judged: the bounds on connections that have not yet shown themselves to be the peer's.

Owns: how many strangers wait at once, how often an address may knock, how long one may take.
Does not own: the judgement itself (the key, then the hello).
Always true: what strangers cost is bounded in memory and in handshakes a second, and an address that is on one of
our routes is never turned away because of what other addresses do.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from parley import limits
from parley.times import Instant

_NEVER: Final = Instant(float("inf"))
_BURST: Final = 2.0 * limits.STRANGERS_ADDRESS_RATE


@dataclass(slots=True)
class _Waiting:
    address: str
    late_at: Instant


class Door:
    """Counts those who knock. `admit` when they come, `known` when they are the peer, `left` when they are gone."""

    def __init__(self, expected: Collection[str] = (), *, patience_s: float = 2 * limits.DIAL_S) -> None:
        self._patience_s = patience_s  # more where a link of ours is thin: whose connection it is shows only later
        self.expected = set(expected)  # addresses of our routes
        self.refused = 0
        self._waiting: dict[int, _Waiting] = {}
        self._tokens: OrderedDict[str, tuple[float, Instant]] = OrderedDict()

    def admit(self, connection: int, address: str, now: Instant) -> bool:
        """Say whether this connection may begin its handshake."""
        expected = address in self.expected
        tokens = self._tokens_of(address, now)
        here = sum(1 for each in self._waiting.values() if each.address == address)
        crowded = not expected and len(self._waiting) >= limits.STRANGERS_MAX
        if tokens < 1 or here >= limits.STRANGERS_ADDRESS_MAX or crowded:
            self.refused += 1
            return False
        self._keep(address, tokens - 1, now)
        self._waiting[connection] = _Waiting(address, Instant(now + self._patience_s))
        return True

    def known(self, connection: int, now: Instant) -> None:
        """The connection is the peer's: it no longer counts, and its knock is given back."""
        waiting = self._waiting.pop(connection, None)
        if waiting is not None:
            self._keep(waiting.address, min(_BURST, self._tokens_of(waiting.address, now) + 1), now)

    def left(self, connection: int) -> None:
        """The connection is gone."""
        self._waiting.pop(connection, None)

    def waits(self, connection: int) -> bool:
        """Say whether the connection has yet to show whose it is."""
        return connection in self._waiting

    def late(self, now: Instant) -> list[int]:
        """Give the connections that took too long."""
        return [number for number, each in self._waiting.items() if each.late_at <= now]

    def wake_at(self) -> Instant:
        """When somebody will be late next."""
        return min((each.late_at for each in self._waiting.values()), default=_NEVER)

    def _tokens_of(self, address: str, now: Instant) -> float:
        tokens, at = self._tokens.get(address, (_BURST, now))
        return min(_BURST, tokens + (now - at) * limits.STRANGERS_ADDRESS_RATE)

    def _keep(self, address: str, tokens: float, now: Instant) -> None:
        self._tokens[address] = (tokens, now)
        self._tokens.move_to_end(address)
        if len(self._tokens) > limits.ADDRESSES_MAX:  # the longest quiet goes: it has a full burst again anyway
            self._tokens.popitem(last=False)


class AlarmBell:
    """Lets the first alarm of a kind through at once, and holds back repeats that come too fast, counting them."""

    def __init__(self) -> None:
        self._rung: OrderedDict[str, tuple[Instant, int]] = OrderedDict()

    def ring(self, code: str, words: str, now: Instant) -> str | None:
        """Give the words to show, or None if this code rang a moment ago."""
        rung_at, held_back = self._rung.get(code, (Instant(float("-inf")), 0))
        if now - rung_at < limits.ALARM_EVERY_S:
            self._rung[code] = (rung_at, held_back + 1)
            return None
        self._rung[code] = (now, 0)
        self._rung.move_to_end(code)
        if len(self._rung) > 64:  # codes are ours and few; a bound all the same
            self._rung.popitem(last=False)
        return f"{words} ({held_back} more like it before)" if held_back else words
