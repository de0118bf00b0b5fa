"""The passkeys of the simulated people: a software key each, and what they sign with it.

Owns: who of a side binds, which roster entry lists whose key, signing a wish as a desk and an authenticator would.
Does not own: when somebody signs (acts.py), what a liar makes of it (badspeech.py).
Always true: 1. The same seed signs the same bytes: the keys are Ed25519, whose signatures have no dice.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Final

from parley.codec import JsonValue, b64
from parley.identity import Assertion, SigningPair, b64url
from parley.line import Wish
from parley.record import Ref
from parley.record.binding import Passkeys, Signed, act, challenge, shown
from parley.sim.dice import Dice
from parley.subjects.kinds import Fact
from parley.subjects.standing import facts as standing

BINDING: Final = frozenset(("n.chief", "n.duty", "s.chief", "s.duty"))
_SPKI: Final = bytes.fromhex("302a300506032b6570032100")  # RFC 8410: an Ed25519 public key follows
_VERIFIED: Final = 0x05


@lru_cache(maxsize=16)
def _key(person: str) -> SigningPair:
    return SigningPair.from_seed(hashlib.sha256(f"passkey {person}".encode()).digest())


def passkeys_of(person: str) -> Passkeys:
    """Give what the roster pins for a person."""
    host = f"desk.{person[0]}.example"
    return Passkeys(relying_party=host, origins=(f"https://{host}",), keys=(b64(_SPKI + _key(person).public.ed),))


def assertion(person: str, over: bytes) -> Assertion:
    """Give what a person's authenticator and browser make of an act."""
    keys = passkeys_of(person)
    head = hashlib.sha256(keys.relying_party.encode()).digest() + bytes((_VERIFIED, 0, 0, 0, 1))
    told = b64url(challenge(over))
    client = f'{{"type":"webauthn.get","challenge":"{told}","origin":"{keys.origins[0]}","crossOrigin":false}}'.encode()
    signature = _key(person).sign(head + hashlib.sha256(client).digest())
    return Assertion(authenticator=head, client=client, signature=signature)


class Hands:
    """The people of one side who bind."""

    def __init__(self, side: str, dice: Dice) -> None:
        self._side = side
        self._dice = dice
        self._binds = dice.chance(0.6)  # some sides never list a passkey, and must be able to act
        self.listed: dict[str, Ref] = {}  # who has keys on the roster, as the book shows it now
        self._last: JsonValue = None

    def listing(self, person: str, role: str) -> Fact:
        """Give the listing of somebody, with a passkey where they are to bind."""
        binds = self._binds and person in BINDING
        return standing.list_person(
            self._side, person, name=f"Person {person}", role=role, languages=("en",), binds=binds,
            passkeys=passkeys_of(person) if binds else None,
        )  # fmt: skip

    def other(self, person: str) -> str:
        """Give who signs a change of this person's keys, or "" while nobody else binds."""
        others = sorted(self.listed.keys() - {person})
        return self._dice.choice(others) if others else ""

    def signed(self, wish: Wish, line: str) -> Wish:
        """Give the wish signed by its person, if they can; now and then with what was signed before, or not at all."""
        dice, listing = self._dice, self.listed.get(wish.person)
        if listing is None or dice.chance(0.06):
            return wish
        if self._last is not None and dice.chance(0.06):
            return wish._replace(body={**wish.body, "assertion": self._last})
        nonce = dice.randbytes(16).hex()
        words = shown(wish.body, precedence=wish.precedence, status=wish.status, refs=wish.refs)
        over = act(
            line=line, channel=wish.channel, side=self._side, person=wish.person, kind=wish.kind,
            subject=wish.subject or wish.kind.partition(".")[0], shown=words, nonce=nonce,
        )  # fmt: skip
        made = Signed(nonce=nonce, listing=listing, key=0, assertion=assertion(wish.person, over)).value()
        self._last = made
        return wish._replace(body={**wish.body, "assertion": made})
