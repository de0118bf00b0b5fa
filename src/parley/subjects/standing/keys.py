"""What an announcement of new keys must show before anybody confirms it or relies on it.

Owns: the bytes that the identity signs over an announcement, and the whole check of one.
Does not own: when an announcement may stand in the record (rules.py), the card's own form (identity/).
Source: DESIGN 4, "Founding"; docs/protocol/cards.md, "Later cards".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from parley.codec import unb64
from parley.errors import PeerError, Refused
from parley.identity import Card, LineIdentity, read_card, verify, verify_pq
from parley.identity.keys import ED_SIGNATURE_BYTES


def proof_message(line: str, digest: str, heads: Mapping[str, int]) -> bytes:
    """Give what the identity signs: this card, and how far each log reaches under the keys before it."""
    rows = "".join(f"{log} {size}\n" for log, size in sorted(heads.items()))
    return f"parley-keys/v1\n{line}\n{digest}\n{rows}".encode()


class Announcement(Protocol):
    """What an announcement says, from the record or about to be written."""

    @property
    def side(self) -> str: ...
    @property
    def card(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def heads(self) -> Mapping[str, int]: ...
    @property
    def proof(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An announcement that is not in the record yet."""

    side: str
    card: str
    digest: str
    heads: Mapping[str, int]
    proof: str


def check_announcement(identity: LineIdentity, view: Announcement) -> Card:
    """Give the card that an announcement brings, if it may follow the one in force.

    Raises:
        Refused: `keys.card`: damaged, of another side or identity, older, or with keys used before; the sentence says
            which. `keys.proof`: the identity did not sign this announcement.
    """
    try:
        card = read_card(unb64(view.card))
    except PeerError as fault:
        raise Refused("keys.card", f"the announced card cannot be trusted: {fault.sentence}") from None
    if card.party.side != view.side or card.digest.hex() != view.digest:
        raise Refused("keys.card", "the announcement names another card than it brings")
    try:
        identity.succeeded(card, view.heads)
    except Refused as fault:
        raise Refused("keys.card", fault.sentence) from None
    try:
        proof = unb64(view.proof)
        message, keys = proof_message(identity.line, view.digest, view.heads), identity.party(view.side).identity
        verify(keys.ed, message, proof[:ED_SIGNATURE_BYTES], what=f"keys of {view.side}")
        verify_pq(keys.pq, message, proof[ED_SIGNATURE_BYTES:], what=f"keys of {view.side}")
    except PeerError as fault:
        raise Refused("keys.proof", f"the identity of {view.side} did not sign this: {fault.sentence}") from None
    return card
