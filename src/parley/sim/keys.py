"""The keys of the two simulated sides: the same in every world, because making them is slow and proves nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from parley.identity import LineIdentity, SideKeys, SigningPair


@dataclass(kw_only=True, frozen=True)
class NodeKeys:
    """What a node needs to speak for its side."""

    identity: LineIdentity
    log: SigningPair
    cosign: SigningPair


@lru_cache(maxsize=1)
def _line() -> dict[str, NodeKeys]:
    """Found the simulated line: two sides that have read each other's cards."""
    keys = {side: SideKeys.from_seed(hashlib.sha256(f"sim {side}".encode()).digest()) for side in ("north", "south")}
    cards = {
        side: keys[side].card(
            side=side,
            name=side.title(),
            domain=f"{side}.example",
            languages=("en",),
            nonce=hashlib.sha256(f"nonce {side}".encode()).digest()[:16],
            made="2026-11-23T09:00:00.000Z",
        )
        for side in keys
    }
    north = LineIdentity.found(cards["north"], cards["south"])
    south = LineIdentity.found(cards["south"], cards["north"])
    return {
        "north": NodeKeys(identity=north, log=keys["north"].log, cosign=keys["north"].cosign),
        "south": NodeKeys(identity=south, log=keys["south"].log, cosign=keys["south"].cosign),
    }


def keys_of(side: str) -> NodeKeys:
    """Give the keys of "north" or "south"."""
    return _line()[side]
