"""Entries that a person signs, for tests: listings with keys, good signatures, and bad ones of every kind."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from tests.authenticator import Authenticator

from parley.codec import JsonValue, b64
from parley.identity import Assertion
from parley.record import Entry, Ref
from parley.record.binding import Passkeys, Signed, act_of, challenge


def passkeys(*keys: Authenticator) -> Passkeys:
    """Give what a roster entry pins of these keys."""
    first = keys[0]
    return Passkeys(relying_party=first.rp, origins=(first.origin,), keys=tuple(b64(key.public) for key in keys))


def sign(
    entry: Entry,
    key: Authenticator,
    listing: Ref,
    *,
    place: int = 0,
    nonce: str = "",
    over: Entry | None = None,
    **wrong: object,
) -> Entry:
    """Give the entry with its person's signature; `over` signs another entry instead, `wrong` goes to the key."""
    nonce = nonce or hashlib.sha256(f"{entry.log.text} {entry.number}".encode()).hexdigest()[:32]
    head, client, signature = key.parts(challenge(act_of(over or entry, nonce)), **wrong)
    made = Signed(
        nonce=nonce,
        listing=listing,
        key=place,
        assertion=Assertion(authenticator=head, client=client, signature=signature),
    )
    body: dict[str, JsonValue] = {**entry.body, "assertion": made.value()}
    return replace(entry, body=body)


def changed(entry: Entry, name: str, value: JsonValue) -> Entry:
    """Give a signed entry with one member of its assertion replaced."""
    assertion = entry.body["assertion"]
    assert isinstance(assertion, dict)
    return replace(entry, body={**entry.body, "assertion": {**assertion, name: value}})
