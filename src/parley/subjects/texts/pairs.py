"""When two sides have agreed the same: a pair of acts, one of each side, over one digest, that neither could take back.

Owns: which pairs stand. Used for agreement to a unit's words and for signatures.
Always true: final stays final. An act that the other side relied on is not undone by a withdrawal that crossed the
reliance (as an agreement to a channel is not by one that crossed it). One that was seen voids the pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from parley.subjects.acts import Act

Pair = tuple[Act, Act]


def pairs(acts: Sequence[Act], withdrawals: Iterable[Act], reopenings: Sequence[Act] = ()) -> list[Pair]:
    """Give every standing pair, its later act second, in the order of the later acts."""
    taken_back: dict[str, list[Act]] = {}
    for one in withdrawals:
        taken_back.setdefault(one.entry.refs[0].id, []).append(one)
    found = []
    for later in acts:
        for earlier in acts:
            if earlier.place >= later.place or earlier.entry.side == later.entry.side:
                continue
            if digest_of(earlier) == digest_of(later) and not _void(earlier, later, taken_back, reopenings):
                found.append((earlier, later))
    return found


def _void(earlier: Act, later: Act, taken_back: dict[str, list[Act]], reopenings: Sequence[Act]) -> bool:
    for one, other in ((earlier, later), (later, earlier)):
        if any(other.saw(back) or back.saw(other) for back in taken_back.get(one.id, ())):
            return True
    return any(again.saw(earlier) or again.saw(later) for again in reopenings)


def digest_of(act: Act) -> str:
    """Give the digest an agreement or signature names."""
    return cast(str, act.entry.body["digest"])
