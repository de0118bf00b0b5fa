"""Keys that a side's own identity lists: what the identity signs, how the roster entry carries it, and the check.

The way back when nobody is left who binds (docs/protocol/binding.md, "Listed by the identity").
Owns: the form, the signed bytes, the check of one. Does not own: when such an entry is allowed (subjects/binding.py).
Always true:
  1. The entry brings the card whose identity signed it, so that whoever has the entry can check it.
  2. A check raises. Whether that card speaks on this line is for the caller: it is not believed because it is brought.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley import limits
from parley.codec import JsonValue, b64, encode
from parley.codec.fields import Reader
from parley.errors import PeerError
from parley.identity import Card, SigningPair, line_of, read_card, verify, verify_pq
from parley.identity.keys import ED_SIGNATURE_BYTES, PQ_SIGNATURE_BYTES
from parley.record.entry import Entry

MEMBER: Final = "identity"
_LABEL: Final = b"parley/v1/identity-lists\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """What the body of the entry carries: the side's card, the digest of the other side's, the identity's signature.

    signature: Ed25519, then ML-DSA-44.
    """

    card: bytes
    other: str
    signature: bytes

    def value(self) -> dict[str, JsonValue]:
        """Give its form in the body of a roster entry."""
        return {"card": b64(self.card), "other": self.other, "signature": b64(self.signature)}


def read_vouched(value: JsonValue, where: str = "$.body.identity") -> Vouched:
    """Read its form; raises PeerError `codec.field`. Nothing in it has been checked then."""
    reader = Reader(value, where)
    found = Vouched(
        card=reader.data("card", max_bytes=limits.CARD_BYTES_MAX),
        other=reader.hex("other", 32),
        signature=reader.data("signature", ED_SIGNATURE_BYTES + PQ_SIGNATURE_BYTES),
    )
    reader.done()
    return found


def is_vouched(entry: Entry) -> bool:
    """Say whether a roster entry claims that the identity signed it."""
    return entry.kind == "roster.listed" and MEMBER in entry.body


def vouched_words(
    body: Mapping[str, JsonValue],
    *,
    line: str,
    side: str,
    person: str,
    subject: str,
    refs: list[JsonValue],
    status: str,
) -> bytes:
    """Give what the identity signs, without its label: every word of the entry to be, in its one byte form.

    `refs` names the roster entry that it replaces: that makes it good once.
    """
    words = {name: value for name, value in body.items() if name != MEMBER}
    return encode(
        {"body": words, "line": line, "person": person, "refs": refs, "side": side, "status": status,
         "subject": subject}
    )  # fmt: skip


def sign_vouched(words: bytes, identity: SigningPair) -> bytes:
    """Sign what `vouched_words` gave; gives Ed25519, then ML-DSA-44."""
    return identity.sign(_LABEL + words) + identity.sign_pq(_LABEL + words)


def verify_vouched(entry: Entry) -> Card:
    """Check that the identity of the card it brings signed exactly this entry; give that card.

    Raises: PeerError `codec.field`, `identity.…`.
    """
    told = read_vouched(entry.body[MEMBER])
    card = read_card(told.card)
    if card.party.side != entry.side:
        raise PeerError("identity.side", f"the card it brings is of {card.party.side}, and {entry.side} speaks")
    words = vouched_words(
        entry.body, line=entry.line, side=entry.side, person=entry.person, subject=entry.subject,
        refs=[[ref.log.text, ref.number, ref.id] for ref in entry.refs], status=entry.status,
    )  # fmt: skip
    what = f"listing by the identity of {entry.side}"
    verify(card.party.identity.ed, _LABEL + words, told.signature[:ED_SIGNATURE_BYTES], what=what)
    verify_pq(card.party.identity.pq, _LABEL + words, told.signature[ED_SIGNATURE_BYTES:], what=what)
    return card


def verify_by_cards(entry: Entry, cards: Sequence[Card]) -> None:
    """Check it for evidence: one of these cards, which the reader compares by their words, is the one it brings.

    Raises: PeerError `codec.field`, `identity.…`.
    """
    if verify_vouched(entry).digest not in {card.digest for card in cards}:
        raise PeerError("identity.card", "the card it brings is none of this line")


def founds(card: Card, other: str, line: str) -> bool:
    """Say whether this card and one with the digest `other` founded the line."""
    return line_of(card.digest, bytes.fromhex(other)) == line
