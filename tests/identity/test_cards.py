"""Cards: what introduces a side is signed, complete and compared by people; two of them make one line."""

from __future__ import annotations

import dataclasses
import json
import random
from pathlib import Path
from typing import Any

import pytest
from tests.record.shelf import CARDS, KEYS, LINE, card_of

from parley.codec import encode
from parley.errors import OurMistake, ParleyError, PeerError, Refused
from parley.identity import (
    Card,
    LineIdentity,
    SideKeys,
    card_code,
    card_picture,
    card_picture_for_terminal,
    line_id,
    line_words,
    read_card,
    sign_card,
    words,
)
from parley.identity.words import word_list

NORTH, SOUTH = CARDS
VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "cards.json").read_text())


def test_a_card_reads_back_as_it_was_signed() -> None:
    """The file is what crosses the table at the founding."""
    again = read_card(NORTH.to_bytes())
    assert again == NORTH
    assert again.to_bytes() == NORTH.to_bytes()


def test_the_digest_stands_for_the_statement_and_not_for_its_signatures() -> None:
    """ML-DSA signatures differ at each signing; words read aloud yesterday must still fit today."""
    assert card_of("north").digest == NORTH.digest
    assert card_of("north").to_bytes() != NORTH.to_bytes()


@pytest.mark.parametrize("vector", VECTORS["cards"], ids=lambda vector: vector["name"])
def test_card_vectors_are_taken_or_refused_as_they_should(vector: dict[str, Any]) -> None:
    """Each bad one carries a good signature over a bad statement, or a bad signature over a good one."""
    data = encode(vector["card"]) if isinstance(vector["card"], dict) else vector["card"].encode()
    if vector["fault"] is None:
        card = read_card(data)
        assert card.digest.hex() == vector["digest"]
        assert list(words(card.digest)) == vector["words"]
        return
    with pytest.raises(PeerError) as refused:
        read_card(data)
    assert refused.value.code == vector["code"]


def test_the_line_of_two_cards_is_the_one_of_the_vectors() -> None:
    """Another implementation must find the same line, or the two sides are not on one."""
    good = {vector["name"]: read_card(encode(vector["card"])) for vector in VECTORS["cards"] if not vector["fault"]}
    found = VECTORS["line"]
    assert line_id(good["north"], good["south"]) == line_id(good["south"], good["north"]) == found["id"]
    assert list(line_words(found["id"])) == found["words"]


def test_any_flipped_bit_of_a_card_is_refused() -> None:
    """Between the two sides the file passes through hands that wish neither well."""
    data = NORTH.to_bytes()
    rng = random.Random(5)
    for place in rng.sample(range(len(data)), 300):
        changed = bytearray(data)
        changed[place] ^= 1 << rng.randrange(8)
        with pytest.raises(PeerError):
            read_card(bytes(changed))


def test_two_cards_that_share_a_side_a_key_or_a_nonce_found_no_line() -> None:
    """A second line with the same side, or a card copied from ours, is a mistake or an attack."""
    with pytest.raises(Refused):
        line_id(NORTH, card_of("north", KEYS["south"]))
    with pytest.raises(Refused):
        line_id(NORTH, card_of("south", KEYS["north"]))
    with pytest.raises(Refused):
        line_id(NORTH, card_of("south", nonce=NORTH.party.nonce))


def test_the_same_sides_found_another_line_with_a_new_nonce() -> None:
    """An ended line must not be continued by mistake: its entries would fit the new one."""
    assert line_id(card_of("north", nonce=b"0123456789abcdef"), SOUTH) != LINE


def test_a_card_is_signed_by_the_identity_it_names() -> None:
    """Else anybody could introduce anybody."""
    identity = KEYS["south"].identity
    assert identity is not None
    with pytest.raises(OurMistake):
        sign_card(NORTH.party, identity)
    with pytest.raises(Refused) as refused:
        card_of("north", KEYS["north"].without_identity())
    assert refused.value.code == "identity.offline"


def test_one_key_in_two_duties_is_refused() -> None:
    """A signature must have one meaning: a checkpoint that could pass for a cosignature would prove too much."""
    doubled = dataclasses.replace(KEYS["north"], cosign=KEYS["north"].log)
    with pytest.raises(OurMistake):
        card_of("north", doubled)


def test_a_name_must_stand_on_one_line() -> None:
    """Reports and screens show names inside lines of their own."""
    with pytest.raises(ParleyError):
        card_of("north", name="North\nProven: everything")


def test_twelve_words_change_with_any_bit_they_stand_for() -> None:
    """Words that stayed the same would let a card be exchanged."""
    seen = {words(NORTH.digest)}
    for bit in range(132):
        changed = bytearray(NORTH.digest)
        changed[bit // 8] ^= 0x80 >> (bit % 8)
        seen.add(words(bytes(changed)))
    assert len(seen) == 133
    assert all(len(each) == 12 for each in seen)


def test_the_word_list_is_whole_sorted_and_told_apart_by_four_letters() -> None:
    """Two words that sound or begin alike would be taken for each other on a bad telephone."""
    listed = word_list()
    assert list(listed) == sorted(listed)
    assert len({word[:4] for word in listed}) == len(listed) == 2048


def test_the_picture_holds_the_digest_in_full() -> None:
    """A camera compares 256 bits where an ear compares 132."""
    assert card_code("north", NORTH.digest) == f"parley-card:north:{NORTH.digest.hex()}"
    assert card_picture("north", NORTH.digest).startswith("<svg")
    rows = card_picture_for_terminal("north", NORTH.digest).split("\n")
    assert len({len(row) for row in rows}) == 1 and len(rows) > 15


def test_a_line_knows_its_two_sides_and_no_third() -> None:
    """An entry by a third side must be stopped before any key is looked up for it."""
    line = LineIdentity.found(NORTH, SOUTH)
    assert line.line == LINE
    assert line.party("south") is line.theirs and line.other("south") is line.ours
    with pytest.raises(PeerError):
        line.party("west")


def test_the_certificate_is_the_same_again_from_the_same_seed() -> None:
    """Replay needs it, and the pin is over the key, so nothing in it may depend on the day it was made."""
    assert SideKeys.from_seed(b"x").tls == SideKeys.from_seed(b"x").tls
    assert isinstance(NORTH, Card) and NORTH.party.tls_spki == KEYS["north"].tls_spki


def test_keys_know_whether_a_card_is_theirs() -> None:
    """A node that started with the wrong keys folder would sign what nobody can check."""
    KEYS["north"].check_party(NORTH.party)
    with pytest.raises(Refused):
        KEYS["south"].check_party(NORTH.party)
