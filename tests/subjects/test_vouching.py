"""Keys that a side's identity lists: the way back when all are lost, and what must not pass for it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.authenticator import Authenticator
from tests.line.sides import cards_of, identity_of, keys_of
from tests.signing import passkeys, sign
from tests.subjects.pair import Node, meet, pair, refusal, words
from tests.subjects.test_binding import DESK, listing

from parley.codec import JsonValue, b64, encode
from parley.errors import PeerError
from parley.identity import Card, SideKeys
from parley.record import Entry, LogId, Ref
from parley.record.vouching import Vouched, sign_vouched, verify_by_cards, vouched_words
from parley.subjects.standing import PersonView
from parley.subjects.standing import facts as standing

NORTH, SOUTH = cards_of()


def fresh_card(made: str = "2026-11-24T09:00:00.000Z") -> tuple[SideKeys, Card]:
    """Give keys with another identity for North, and their card: as a thief would make, or North after a loss."""
    keys = SideKeys.from_seed(hashlib.sha256(b"another identity").digest())
    party = NORTH.party
    return keys, keys.card(
        side="north", name=party.name, domain=party.domain, languages=party.languages, nonce=b"n" * 16, made=made
    )


def vouch(
    entry: Entry,
    *,
    keys: SideKeys | None = None,
    card: Card = NORTH,
    other: str = "",
    over: Entry | None = None,
) -> Entry:
    """Give a listing signed by an identity; `over` signs another entry instead."""
    keys = keys or keys_of("north")
    assert keys.identity is not None
    said = over or entry
    told = vouched_words(
        said.body, line=said.line, side=said.side, person=said.person, subject=said.subject,
        refs=[[ref.log.text, ref.number, ref.id] for ref in said.refs], status=said.status,
    )  # fmt: skip
    signature = sign_vouched(told, keys.identity)
    made = Vouched(card=card.to_bytes(), other=other or SOUTH.digest.hex(), signature=signature).value()
    body: dict[str, JsonValue] = {**entry.body, "identity": made}
    return replace(entry, body=body)


class Lost:
    """Bob and ann of North bind, and both have lost their keys. Ann has enrolled a new one."""

    def __init__(self) -> None:
        self.north, self.south = pair(line=identity_of("north").line)
        bob, ann, self.fresh = (Authenticator(DESK, name) for name in ("bob", "ann", "ann afresh"))
        self.bob, self.bob_at = bob, self.north.say(listing(self.north, "bob", bob), "bob")
        change = self.north.draft(listing(self.north, "ann", ann), "bob")
        self.ann_at = self.north.put(sign(change, bob, self.bob_at))
        meet(self.north, self.south)

    def listing(self, person: str = "ann", instead: Ref | None = None, by: str = "") -> Entry:
        fact = standing.list_person(
            "north", person, name=person.title(), role="duty-officer", binds=True,
            passkeys=passkeys(self.fresh), instead=instead or (self.ann_at if person == "ann" else self.bob_at),
        )  # fmt: skip
        return self.north.draft(fact, by)

    def verdict(self, entry: Entry) -> tuple[str, str]:
        """Give what both nodes say of it, now and after a restart; they must say the same."""
        ref = self.north.put(entry)
        meet(self.north, self.south)
        said = {node.verdict(ref) for node in (self.north, self.south)}
        assert len(said) == 1
        return said.pop()


def person_of(node: Node, person: str) -> PersonView:
    view = node.book.view("line", f"roster/north/{person}")
    assert isinstance(view, PersonView)
    return view


def test_when_all_have_lost_their_keys_the_identity_lists_one_and_that_one_binds_again() -> None:
    """Without it, a side with lost keys could answer no FLASH until a new founding."""
    lost = Lost()
    unsigned = standing.list_person(
        "north", "ann", name="Ann", role="duty-officer", binds=True, passkeys=passkeys(lost.fresh)
    )
    assert refusal(lost.north, unsigned, "ann") == "binding.other"
    assert lost.verdict(vouch(lost.listing())) == ("valid", "")
    for node in (lost.north, lost.south):
        assert (person_of(node, "ann").keys_by, person_of(node, "bob").keys_by) == ("identity", "side")
        again = node.afresh().view("line", "roster/north/ann")
        assert again == person_of(node, "ann")

    listed = person_of(lost.north, "ann").ref
    fact = words(lost.north, person="ann", released_by=["ann"], drafted_by="bob")
    flash = lost.north.draft(fact, "ann", precedence="FLASH")
    assert lost.verdict(sign(flash, lost.fresh, listed)) == ("valid", "")

    change = lost.north.draft(listing(lost.north, "bob", Authenticator(DESK, "bob afresh")), "ann")
    assert lost.verdict(sign(change, lost.fresh, listed, nonce="cd" * 16)) == ("valid", "")
    bob = person_of(lost.south, "bob")
    assert (bob.keys_by, bob.keys_signed_by) == ("person", "ann")


def test_another_office_leaves_the_authority_of_the_keys_as_it_was() -> None:
    """A second entry with the same keys must not make the other side forget where they came from."""
    lost = Lost()
    lost.verdict(vouch(lost.listing()))
    lost.north.say(
        standing.list_person(
            "north", "ann", name="Ann", role="principal", binds=True, passkeys=passkeys(lost.fresh)
        ), "bob",
    )  # fmt: skip
    meet(lost.north, lost.south)
    assert (person_of(lost.south, "ann").role, person_of(lost.south, "ann").keys_by) == ("principal", "identity")


THIEF, THIEVES_CARD = fresh_card()
BAD: dict[str, tuple[str, Callable[[Lost], Entry]]] = {
    "a node key instead of the identity": (
        "vouched.signature",
        lambda t: vouch(t.listing(), keys=replace(keys_of("north"), identity=keys_of("north").log)),
    ),
    "the other side's identity": ("vouched.signature", lambda t: vouch(t.listing(), keys=keys_of("south"))),
    "the other side's card": ("vouched.signature", lambda t: vouch(t.listing(), keys=keys_of("south"), card=SOUTH)),
    "a card of one's own making": (
        "vouched.card",
        lambda t: vouch(t.listing(), keys=THIEF, card=THIEVES_CARD),
    ),
    "a line of one's own making": ("vouched.card", lambda t: vouch(t.listing(), other="ab" * 32)),
    "other words than were signed": (
        "vouched.signature",
        lambda t: vouch(t.listing(), over=replace(t.listing(), subject="roster/north/bob")),
    ),
    "another line": ("vouched.signature", lambda t: vouch(t.listing(), over=replace(t.listing(), line="ab" * 16))),
    "an exercise": ("vouched.signature", lambda t: vouch(t.listing(), over=replace(t.listing(), status="exercise"))),
    "an older roster entry": ("vouched.again", lambda t: vouch(t.listing(instead=t.bob_at))),
    "no roster entry": ("vouched.again", lambda t: vouch(replace(t.listing(), refs=()))),
    "nobody's": ("roster.unknown", lambda t: vouch(t.listing("zoe", instead=t.bob_at))),
    "a person's signature beside it": (
        "vouched.keys",
        lambda t: sign(vouch(t.listing(by="bob")), t.bob, t.bob_at),
    ),
}


@pytest.mark.parametrize(("code", "spoil"), BAD.values(), ids=BAD.keys())
def test_nothing_else_passes_for_the_identity(code: str, spoil: Callable[[Lost], Entry]) -> None:
    """A stolen node would otherwise list the thief's key and release a FLASH in somebody's name."""
    lost = Lost()
    assert lost.verdict(spoil(lost)) == ("not-valid", code)
    assert person_of(lost.south, "ann").keys_by == "person"


def test_what_the_identity_signed_once_does_not_bring_back_a_key_that_was_taken_off() -> None:
    """A key found again by its finder: the old entry, said anew, must not list it a second time."""
    lost = Lost()
    signed = vouch(lost.listing())
    assert lost.verdict(signed) == ("valid", "")
    off = lost.north.draft(listing(lost.north, "ann"), "bob")
    assert lost.verdict(sign(off, lost.bob, lost.bob_at, nonce="ef" * 16)) == ("valid", "")
    assert lost.verdict(replace(lost.listing(), body=signed.body)) == ("not-valid", "vouched.again")
    assert person_of(lost.south, "ann").keys_by == ""


def test_after_a_loss_only_the_identity_with_which_both_sides_went_on_speaks() -> None:
    """The stolen identity must be worth nothing, and one side's node alone must not be able to name another."""
    lost = Lost()
    cards = [THIEVES_CARD.digest.hex(), SOUTH.digest.hex()]
    head = LogId("line", "north", 0)
    lost.north.say(standing.continue_line("north", cards, {head: (1, "ab" * 32)}))
    assert lost.verdict(vouch(lost.listing(), keys=THIEF, card=THIEVES_CARD)) == ("not-valid", "vouched.card")
    lost.south.say(standing.continue_line("south", cards, {head: (1, "ab" * 32)}))
    meet(lost.north, lost.south)
    assert lost.verdict(vouch(lost.listing())) == ("not-valid", "vouched.card")
    assert lost.verdict(vouch(lost.listing(), keys=THIEF, card=THIEVES_CARD)) == ("valid", "")


def test_a_reader_of_evidence_believes_only_the_cards_whose_words_they_compared() -> None:
    """Whoever reads a file has no past to judge by: the cards at its head are what they know."""
    entry = vouch(Lost().listing())
    verify_by_cards(entry, [NORTH, SOUTH])
    with pytest.raises(PeerError, match="none of this line"):
        verify_by_cards(entry, [THIEVES_CARD, SOUTH])
    assert len(encode(entry.body)) < 32_768
    assert b64(NORTH.to_bytes()) == entry.body["identity"]["card"]  # type: ignore[index, call-overload]
