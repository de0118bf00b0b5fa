"""Which keys a signature may carry after keys were replaced (DESIGN 4, "Founding")."""

from __future__ import annotations

import dataclasses

import pytest
from tests.line.sides import identity_of, keys_of

from parley.errors import PeerError, Refused
from parley.identity import Card, LineIdentity, SideKeys
from parley.line.frames import Cosigned, Head
from parley.line.signers import Late, Signers
from parley.record import notes
from parley.record.names import LogId
from parley.times import Moment, moment_text

LOG = LogId("leaders", "south", 0)
ROOT = b"r" * 32
BEFORE = identity_of("north")
FRESH = dataclasses.replace(SideKeys.from_seed(b"south again"), identity=keys_of("south").identity)


def card(keys: SideKeys, *, made: int = 1_900_000_000_000) -> Card:
    """Give a later card of South."""
    south = BEFORE.theirs
    return keys.card(
        side="south", name=south.name, domain=south.domain, languages=south.languages, nonce=b"n" * 16,
        made=moment_text(Moment(made)),
    )  # fmt: skip


def after(heads: dict[str, int]) -> LineIdentity:
    """Give North's line once South's keys were replaced."""
    return BEFORE.succeeded(card(FRESH), heads)


def head(keys: SideKeys, size: int) -> Head:
    """Give a head of South's log under some keys."""
    origin = notes.origin(BEFORE.theirs.domain, BEFORE.line, LOG)
    return Head(log=LOG, size=size, root=ROOT, signature=notes.sign_checkpoint(keys.log, origin, size, ROOT))


def test_former_keys_count_as_far_as_their_side_listed_and_no_further() -> None:
    """Whoever steals old keys could otherwise go on writing in that side's name (promise 4)."""
    signers = Signers(after({LOG.text: 5}), settled=False)
    signers.head(head(keys_of("south"), 5))
    with pytest.raises(Late):  # their node may only not know yet: it is dropped, and comes again under the new keys
        signers.head(head(keys_of("south"), 6))
    signers.head(head(keys_of("south"), 9), held=9)  # what we had cosigned by then counts all the same


def test_once_the_new_keys_were_seen_a_former_one_is_a_fault() -> None:
    """From then on it cannot be a node that has not heard."""
    signers = Signers(after({LOG.text: 5}), settled=False)
    signers.head(head(FRESH, 6))
    assert signers.settled
    with pytest.raises(PeerError, match=r"keys\.former") as caught:
        signers.head(head(keys_of("south"), 7))
    assert not isinstance(caught.value, Late)


def test_a_stranger_s_key_is_no_former_key() -> None:
    """No check falls through to another (promise 10)."""
    signers = Signers(after({LOG.text: 5}), settled=False)
    with pytest.raises(PeerError, match=r"identity\.signature"):
        signers.head(head(SideKeys.from_seed(b"stranger"), 1))


def test_what_they_cosigned_under_former_keys_comes_back_after_a_loss_of_ours() -> None:
    """Their statement that they hold our entries does not end with the key that made it (promise 3)."""
    log = LogId("leaders", "north", 0)
    origin = notes.origin(BEFORE.ours.domain, BEFORE.line, log)
    signature = notes.cosign(keys_of("south").cosign, origin, 3, ROOT, 1_800_000_000)
    row = Cosigned(log=log, size=3, root=ROOT, at_s=1_800_000_000, suite=1, signature=signature)
    Signers(after({}), settled=True).cosignature(row)
    with pytest.raises(PeerError, match=r"identity\.signature"):
        Signers(after({}), settled=True).cosignature(dataclasses.replace(row, size=4))


def test_an_answer_under_former_keys_counts_until_the_new_ones_were_seen() -> None:
    """Their node may not have heard yet that its new card is confirmed: nobody may call its answer forged."""
    message = b"what they hold of our logs"
    former, fresh = (keys.cosign.sign(message) for keys in (keys_of("south"), FRESH))
    Signers(after({}), settled=False).answer(message, former)
    Signers(after({}), settled=True).answer(message, fresh)
    for settled, signature in ((True, former), (False, SideKeys.from_seed(b"stranger").cosign.sign(message))):
        with pytest.raises(PeerError, match=r"identity\.signature"):
            Signers(after({}), settled=settled).answer(message, signature)


def test_a_card_that_may_not_follow_is_refused() -> None:
    """An old card played again, another identity, a key brought back: each would put a thief in force."""
    with pytest.raises(Refused, match="not newer"):
        after({}).succeeded(card(dataclasses.replace(SideKeys.from_seed(b"c"), identity=FRESH.identity)), {})
    with pytest.raises(Refused, match="not by the identity"):
        BEFORE.succeeded(card(SideKeys.from_seed(b"stranger")), {})
    with pytest.raises(Refused, match="used before"):
        after({}).succeeded(card(keys_of("south"), made=1_950_000_000_000), {})
    assert BEFORE.succeeded(card(SideKeys.from_seed(b"anew")), {}, identity_too=True).formers("south")
