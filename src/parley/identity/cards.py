"""The card that introduces a side, and the line that two cards make.

Owns: what a card states, its one byte form, its signatures; the line id; who speaks on a line.
Does not own: private keys (sidekeys.py), the words and the picture by which people compare cards (words.py).
Always true:
  1. A `Card` in hand has been checked: both signatures of its identity fit, every key can be used, no key serves twice.
  2. The line id follows from both cards alone, and is the same whichever of them comes first.
Read first: docs/protocol/cards.md. Vectors: tests/vectors/cards.json.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from parley import limits
from parley.codec import JsonInput, Reader, b64, check_side, check_text, decode_clean, encode
from parley.errors import OurMistake, PeerError, Refused, ensure
from parley.identity.keys import (
    ED_PUBLIC_BYTES,
    ED_SIGNATURE_BYTES,
    PQ_PUBLIC_BYTES,
    PQ_SIGNATURE_BYTES,
    PublicPair,
    SigningPair,
    check_public_pair,
    verify,
    verify_pq,
)
from parley.identity.sealing import SEAL_PUBLIC_BYTES

FORMAT: Final = "parley-card/1"
SUITE: Final = 1  # Ed25519 with ML-DSA-44; sealing by HPKE with ML-KEM-768 and X25519
NONCE_BYTES: Final = 16
_CARD_LABEL: Final = b"parley/v1/card\n"
_LINE_LABEL: Final = b"parley/v1/line\n"
_DOMAIN: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")  # RFC 5646, the part that names languages
_NAME_CHARS_MAX: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """What a card states about a side: its names, and the public keys that speak for it."""

    side: str
    name: str
    domain: str
    languages: tuple[str, ...]
    identity: PublicPair  # kept offline; vouches for all keys below
    log: PublicPair
    cosign: PublicPair
    tls_spki: bytes  # SHA-256 of the public key in its TLS certificate
    seal: bytes
    nonce: bytes  # drawn at the making of the card, so that the same keys never found the same line twice
    made: str


@dataclass(frozen=True)
class Card:
    """A party's statement with both signatures of its identity. Make it by `read_card` or `sign_card` only."""

    party: Party
    ed_signature: bytes
    pq_signature: bytes

    @cached_property
    def digest(self) -> bytes:
        """32 bytes that stand for the statement; the signatures are left out, since they differ at each signing."""
        return hashlib.sha256(_CARD_LABEL + statement(self.party)).digest()

    def to_bytes(self) -> bytes:
        """Give the card's file: canonical JSON, one line."""
        return encode({
            "card": _fields(self.party),
            "signatures": {"ed": b64(self.ed_signature), "pq": b64(self.pq_signature)},
        })  # fmt: skip


def statement(party: Party) -> bytes:
    """Give the canonical bytes of what the card states; they are signed behind a label of their own."""
    return encode(_fields(party))


def sign_card(party: Party, identity: SigningPair) -> Card:
    """Sign a party's statement with its identity; raises OurMistake if the party names another identity."""
    ensure(identity.public == party.identity, "a card is signed by the identity that it names")
    message = _CARD_LABEL + statement(party)
    card = Card(party, identity.sign(message), identity.sign_pq(message))
    try:
        return read_card(card.to_bytes())
    except PeerError as fault:
        raise OurMistake("identity.card", f"a card of our own breaks the format: {fault.sentence}") from None


def read_card(data: bytes) -> Card:
    """Read and check a card.

    Raises:
        PeerError: identity.card (not the one form), identity.key, identity.signature. Nothing of it may be used then.
    """
    try:
        top = Reader(decode_clean(data, bytes_max=limits.CARD_BYTES_MAX), code="identity.card")
        party = _read_party(top.object("card"))
        signed = top.object("signatures")
        ed, pq = signed.data("ed", ED_SIGNATURE_BYTES), signed.data("pq", PQ_SIGNATURE_BYTES)
        signed.done()
        top.done()
    except PeerError as fault:
        if fault.code == "identity.card":
            raise
        raise PeerError("identity.card", f"not a card: {fault.sentence}", cause=fault.code) from None
    _check_keys(party)
    message = _CARD_LABEL + statement(party)
    verify(party.identity.ed, message, ed, what=f"card of {party.side}")
    verify_pq(party.identity.pq, message, pq, what=f"card of {party.side}")
    return Card(party, ed, pq)


def line_id(one: Card, other: Card) -> str:
    """Give the id of the line that two cards found, 32 hex digits, whichever card comes first.

    Raises: Refused `identity.line` if the two cannot found a line together.
    """
    a, b = one.party, other.party
    if a.side == b.side:
        raise Refused("identity.line", f"both cards are of a side called {a.side}; one must take another id")
    if set(_public_keys(a)) & set(_public_keys(b)):
        raise Refused("identity.line", "the two cards share a key: one side holds the other's keys, or copied its card")
    if a.nonce == b.nonce:
        raise Refused("identity.line", "the two cards share a nonce: one was copied from the other")
    return line_of(one.digest, other.digest)


def line_of(one: bytes, other: bytes) -> str:
    """Give the id of the line that cards with these two digests found."""
    first, second = sorted((one, other))
    return hashlib.sha256(_LINE_LABEL + first + second).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Former:
    """What spoke for a side until its keys were replaced.

    heads: For each log of that side, by name, how many entries count under these keys; more only if the other side had
        cosigned it while they were in use (DESIGN 4, "Founding").
    """

    party: Party
    heads: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LineIdentity:
    """One line as one of its sides sees it: `ours` and `theirs` speak now, `former` spoke before, the oldest first."""

    line: str
    ours: Party
    theirs: Party
    former: tuple[Former, ...] = ()

    @classmethod
    def found(cls, ours: Card, theirs: Card) -> LineIdentity:
        """Found the line of two cards; raises Refused `identity.line`."""
        return cls(line_id(ours, theirs), ours.party, theirs.party)

    def succeeded(self, card: Card, heads: Mapping[str, int], *, identity_too: bool = False) -> LineIdentity:
        """Give the line after a side's card was replaced.

        Args:
            heads: How far the side's logs reach under the keys that end here.
            identity_too: The identity may be another: both operators compared the new card face to face.
        Raises: Refused `identity.succession`; the line stays as it was.
        """
        before, after = self.party(card.party.side), card.party
        if after.domain != before.domain or (after.identity != before.identity and not identity_too):
            raise Refused("identity.succession", f"this card is not by the identity that speaks for {before.side}")
        if after.made <= before.made:
            raise Refused("identity.succession", f"this card of {before.side} is not newer than the one in force")
        spoken = {key for each in (self.ours, self.theirs, *(old.party for old in self.former))
                  for key in (each.log.ed, each.cosign.ed, each.tls_spki, each.seal)}  # fmt: skip
        if spoken & {after.log.ed, after.cosign.ed, after.tls_spki, after.seal}:
            raise Refused("identity.succession", f"this card of {before.side} brings back a key that was used before")
        former = (*self.former, Former(before, dict(heads)))
        ours, theirs = (after, self.theirs) if before is self.ours else (self.ours, after)
        return LineIdentity(self.line, ours, theirs, former)

    def formers(self, side: str) -> tuple[Former, ...]:
        """Give what spoke for a side before, the newest first."""
        return tuple(former for former in reversed(self.former) if former.party.side == side)

    def party(self, side: str) -> Party:
        """Give the party that speaks for a side now; raises PeerError `identity.side` for one not of this line."""
        if side == self.ours.side:
            return self.ours
        if side == self.theirs.side:
            return self.theirs
        raise PeerError("identity.side", f"{side[:32]!r} is no side of this line")

    def other(self, side: str) -> Party:
        """Give the party opposite `side`: the one that cosigns its logs."""
        return self.theirs if self.party(side) is self.ours else self.ours


def _fields(party: Party) -> dict[str, JsonInput]:
    return {
        "cosign": _pair(party.cosign),
        "domain": party.domain,
        "format": FORMAT,
        "identity": _pair(party.identity),
        "languages": list(party.languages),
        "log": _pair(party.log),
        "made": party.made,
        "name": party.name,
        "nonce": b64(party.nonce),
        "seal": b64(party.seal),
        "side": party.side,
        "suite": SUITE,
        "tls": b64(party.tls_spki),
    }


def _pair(pair: PublicPair) -> dict[str, JsonInput]:
    return {"ed": b64(pair.ed), "pq": b64(pair.pq)}


def _read_pair(reader: Reader) -> PublicPair:
    pair = PublicPair(reader.data("ed", ED_PUBLIC_BYTES), reader.data("pq", PQ_PUBLIC_BYTES))
    reader.done()
    return pair


def _read_party(card: Reader) -> Party:
    card.choice("format", (FORMAT,))
    card.integer("suite", SUITE, SUITE)
    party = Party(
        side=check_side(card.text("side", max_chars=limits.SIDE_ID_CHARS_MAX)),
        name=card.text("name", max_chars=_NAME_CHARS_MAX),
        domain=card.match("domain", _DOMAIN, "a domain in lower case"),
        languages=card.texts("languages", min_items=1, max_items=limits.LANGUAGES_MAX, max_chars=35),
        identity=_read_pair(card.object("identity")),
        log=_read_pair(card.object("log")),
        cosign=_read_pair(card.object("cosign")),
        tls_spki=card.data("tls", 32),
        seal=card.data("seal", SEAL_PUBLIC_BYTES),
        nonce=card.data("nonce", NONCE_BYTES),
        made=card.moment("made"),
    )
    card.done()
    check_introduction(side=party.side, name=party.name, domain=party.domain, languages=party.languages)
    return party


def check_introduction(*, side: str, name: str, domain: str, languages: Sequence[str]) -> None:
    """Raise PeerError, naming the one that is wrong, unless these words can stand on a card."""
    check_side(side)
    if not 0 < len(name) <= _NAME_CHARS_MAX:
        raise PeerError("identity.card", f"name: expected 1 to {_NAME_CHARS_MAX} characters, got {len(name)}")
    check_text(name, "name")
    if "\n" in name or "\t" in name:  # reports and screens show names inside lines of their own
        raise PeerError("identity.card", "name: expected a single line")
    if _DOMAIN.fullmatch(domain) is None or len(domain) > limits.DOMAIN_CHARS_MAX:
        raise PeerError("identity.card", f"domain: expected lower case, at most {limits.DOMAIN_CHARS_MAX} characters")
    if not 0 < len(languages) <= limits.LANGUAGES_MAX or any(_LANGUAGE.fullmatch(one) is None for one in languages):
        raise PeerError("identity.card", f"language: expected 1 to {limits.LANGUAGES_MAX}, like en or zh-Hans")


def _check_keys(party: Party) -> None:
    """Refuse keys that cannot be used, and one key in two duties: a signature must have just one meaning."""
    for duty, pair in (("identity", party.identity), ("log", party.log), ("cosign", party.cosign)):
        check_public_pair(pair, what=f"card of {party.side}, {duty} keys")
    keys = _public_keys(party)
    if len(set(keys)) != len(keys):
        raise PeerError("identity.key", f"card of {party.side}: one key is given two duties")


def _public_keys(party: Party) -> list[bytes]:
    pairs = (party.identity, party.log, party.cosign)
    return [key for pair in pairs for key in (pair.ed, pair.pq)] + [party.tls_spki, party.seal]
