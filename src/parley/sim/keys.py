"""The keys of the two simulated sides: the same in every world, because making them is slow and proves nothing.

Owns: each side's keys by generation (0 at the founding), which generation a node runs with, announcements of the next.
Does not own: what makes a card good or brings it into force; that is the program's own (node/succession.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from parley.codec import b64
from parley.identity import Card, LineIdentity, SideKeys, SigningPair
from parley.node.succession import Later, confirmed_in, succeed
from parley.record import LogId, vouching
from parley.storage import StoreReads
from parley.subjects.kinds import Fact
from parley.subjects.standing import facts as standing
from parley.subjects.standing.keys import proof_message

SIDES = ("north", "south")
GENERATIONS_MAX = 3  # a side that replaces its keys more often in two minutes shows nothing new


@dataclass(kw_only=True, frozen=True)
class NodeKeys:
    """What a node needs to speak for its side."""

    identity: LineIdentity
    log: SigningPair
    cosign: SigningPair


@cache
def _side_keys(side: str, generation: int) -> SideKeys:
    seed = f"sim {side}" if generation == 0 else f"sim {side} {generation}"
    made = SideKeys.from_seed(hashlib.sha256(seed.encode()).digest())
    return made if generation == 0 else replace(made, identity=_side_keys(side, 0).identity)


@cache
def _card(side: str, generation: int) -> Card:
    return _side_keys(side, generation).card(
        side=side,
        name=side.title(),
        domain=f"{side}.example",
        languages=("en",),
        nonce=hashlib.sha256(f"nonce {side} {generation or ''}".rstrip().encode()).digest()[:16],
        made=f"2026-11-23T09:{generation:02}:00.000Z",
    )


@cache
def founded(side: str) -> LineIdentity:
    """Give the line as a side sees it at the founding: two sides that have read each other's cards."""
    other = next(each for each in SIDES if each != side)
    return LineIdentity.found(_card(side, 0), _card(other, 0))


def keys_of(side: str, later: list[Later], store: StoreReads | None = None) -> NodeKeys:
    """Give the keys that a node of "north" or "south" runs with.

    Args:
        later: The cards that came into force since the founding, as the node keeps them beside its record; what the
            record confirms and they lack is added, as at every opening of a node.
    """
    if store is not None:
        later[:] = later_in(side, later, store)
    identity = succeed(founded(side), later)
    pairs = _side_keys(side, len(identity.formers(side)))
    return NodeKeys(identity=identity, log=pairs.log, cosign=pairs.cosign)


def later_in(side: str, later: list[Later], store: StoreReads) -> list[Later]:
    """Give the later cards a node runs with, and those that its record brings into force besides."""
    return later + confirmed_in(store, succeed(founded(side), later), later)


def keys_differ(side: str, later: list[Later], store: StoreReads) -> bool:
    """Say whether the record brings a card into force that the node does not run with."""
    return len(later_in(side, later, store)) > len(later)


def vouched(identity: LineIdentity, fact: Fact) -> Fact:
    """Give a listing of passkeys as the side's identity signs it: the way back when nobody binds any more."""
    us, signer = identity.ours.side, _side_keys(identity.ours.side, 0).identity
    assert signer is not None
    words = vouching.vouched_words(
        fact.body, line=identity.line, side=us, person="", subject=fact.subject or "",
        refs=[[ref.log.text, ref.number, ref.id] for ref in fact.refs], status="actual",
    )  # fmt: skip
    ours, theirs = (_card(side, 0) for side in (us, identity.theirs.side))
    told = vouching.Vouched(
        card=ours.to_bytes(), other=theirs.digest.hex(), signature=vouching.sign_vouched(words, signer)
    )
    return replace(fact, body={**fact.body, vouching.MEMBER: told.value()})


def announcement(identity: LineIdentity, heads: Mapping[LogId, int]) -> Fact | None:
    """Announce a side's next card, signed by its identity, or nothing if it has had enough of them."""
    side = identity.ours.side
    generation = len(identity.formers(side)) + 1
    signer = _side_keys(side, 0).identity
    if generation > GENERATIONS_MAX or signer is None:
        return None
    card = _card(side, generation)
    message = proof_message(identity.line, card.digest.hex(), {log.text: size for log, size in heads.items()})
    return standing.replace_keys(
        side, card=b64(card.to_bytes()), digest=card.digest.hex(), heads=dict(heads),
        proof=b64(signer.sign(message) + signer.sign_pq(message)),
    )  # fmt: skip
