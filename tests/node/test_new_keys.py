"""A card that the record confirms comes into force, also where the word of it was lost on the way."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tests.actions.pair import MADE, Side, pair, until

from parley.actions import keys
from parley.codec import b64
from parley.identity import SideKeys
from parley.subjects.standing.keys import proof_message


async def _announce(side: Side) -> str:
    """Let North announce its next card, signed by its identity; gives the card's digest."""
    old = SideKeys.from_seed(b"north-actions".ljust(32))
    assert old.identity is not None
    made = replace(SideKeys.from_seed(b"north-next".ljust(32)), identity=old.identity)
    card = made.card(side="north", name="North", domain="north.example", languages=("en",), nonce=b"n" * 16,
                     made=MADE.replace("10:00", "11:00"))  # fmt: skip
    heads = {log.text: size for log, size in side.node.heads().items()}
    message = proof_message(side.node.identity.line, card.digest.hex(), heads)
    proof = b64(old.identity.sign(message) + old.identity.sign_pq(message))
    await keys.announce_keys(side.node, side["admin"], card=b64(card.to_bytes()), heads=heads, proof=proof)
    return card.digest.hex()


def test_a_confirmed_card_comes_into_force_after_a_commit_that_was_never_answered() -> None:
    """The confirmation was on the disk, the disk's answer was not; the node then spoke with keys that count no more.

    First found by seed 269 of 1,000: the other side dropped all it said, and the line was up and dead.
    """

    async def story() -> None:
        async with pair() as (north, south):
            digest = await _announce(north)
            await until(lambda: south.node.book.view("line", "keys/north"))
            await keys.confirm_keys(south.node, south["admin"], digest=digest)
            await until(north.node.reopen.is_set)  # told as it should be
            north.node.reopen.clear()
            north.node._shell._reborn()  # as after a commit that the disk did not answer
            await until(north.node.reopen.is_set)

    asyncio.run(story())
