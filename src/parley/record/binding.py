"""Acts that bind: what a person signs with a passkey, how an entry carries it, and how anybody verifies it.

Owns: the form of the act and of the passkeys in a roster entry, their strict reading, the check of one assertion.
Does not own: which entries must bind (subjects/binding.py), who makes the assertion (actions/binding.py).
Always true:
  1. What was on the screen is the entry's own words: the digest is made again from the entry, never believed.
  2. A check raises, and needs nothing but the entry and the roster entry that it names.
Read first: docs/protocol/binding.md. Vectors: tests/vectors/binding.json.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley import limits
from parley.codec import JsonInput, JsonValue, b64, encode, unb64
from parley.codec.fields import Reader
from parley.errors import PeerError
from parley.identity import Assertion, check_key, verify_assertion
from parley.record.entry import Entry
from parley.record.names import LogId, Past, Ref

_SHOWN: Final = b"parley/v1/shown\n"
_ACT: Final = b"parley/v1/act\n"
_ASCII_HOST: Final = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
_RELYING_PARTY: Final = re.compile(_ASCII_HOST)
_ORIGIN: Final = re.compile(rf"https?://({_ASCII_HOST})(?::[1-9][0-9]{{0,4}})?")
_AUTHENTICATOR_BYTES: Final = 37  # hash of the relying party, flags, counter
_HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkeys:
    """What a roster entry pins for a person who binds: the name and addresses of the desk, keys (DER, base64)."""

    relying_party: str
    origins: tuple[str, ...]
    keys: tuple[str, ...]

    def value(self) -> dict[str, JsonValue]:
        """Give its form in the body of a roster entry."""
        return {
            "relying_party": self.relying_party,
            "origins": list(self.origins),
            "keys": list(self.keys),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """An assertion as an entry carries it; `listing` is the roster entry with the key, `key` the place there."""

    nonce: str
    listing: Ref
    key: int
    assertion: Assertion

    def value(self) -> dict[str, JsonValue]:
        """Give its form in the body of an entry."""
        return {
            "nonce": self.nonce,
            "listing": [self.listing.log.text, self.listing.number, self.listing.id],
            "key": self.key,
            "authenticator": b64(self.assertion.authenticator),
            "client": b64(self.assertion.client),
            "signature": b64(self.assertion.signature),
        }


def read_passkeys(value: JsonValue, where: str = "$.body.passkeys") -> Passkeys:
    """Read the passkeys of a roster entry; raises PeerError `codec.field` or `passkeys.key`."""
    reader = Reader(value, where)
    party = reader.match("relying_party", _RELYING_PARTY, "a host name in lower case")
    origins = reader.texts("origins", min_items=1, max_items=limits.ORIGINS_MAX, max_chars=limits.ORIGIN_CHARS_MAX)
    for origin in origins:
        found = _ORIGIN.fullmatch(origin)
        if found is None or not f".{found[1]}".endswith(f".{party}"):
            raise PeerError("codec.field", f"{where}.origins: expected addresses of {party}, like https://{party}")
    texts = reader.texts("keys", min_items=1, max_items=limits.PASSKEYS_MAX, max_chars=2 * limits.PASSKEY_BYTES_MAX)
    reader.done()
    if len(party) > limits.DOMAIN_CHARS_MAX or list(origins) != sorted(set(origins)) or len(set(texts)) != len(texts):
        raise PeerError("codec.field", f"{where}: expected each origin once, sorted, and each key once")
    for text in texts:
        check_key(Reader({"keys": text}, where).data("keys", max_bytes=limits.PASSKEY_BYTES_MAX))
    return Passkeys(relying_party=party, origins=origins, keys=texts)


def read_signed(value: JsonValue, where: str = "$.body.assertion") -> Signed:
    """Read an assertion in an entry's body; raises PeerError `codec.field`."""
    reader = Reader(value, where)
    nonce = reader.hex("nonce", 16)
    log, number, id = reader.list("listing", min_items=3, max_items=3)
    if type(log) is not str or type(number) is not int or type(id) is not str or not _HASH.fullmatch(id) or number < 0:
        raise PeerError("codec.field", f"{where}.listing: expected log, number and id of a roster entry")
    try:
        listing = Ref(LogId.read(log), number, id)
    except PeerError:
        raise PeerError("codec.field", f"{where}.listing: expected log, number and id of a roster entry") from None
    signed = Signed(
        nonce=nonce,
        listing=listing,
        key=reader.integer("key", 0, limits.PASSKEYS_MAX - 1),
        assertion=Assertion(
            authenticator=reader.data("authenticator", max_bytes=limits.AUTHENTICATOR_BYTES_MAX),
            client=reader.data("client", max_bytes=limits.CLIENT_DATA_BYTES_MAX),
            signature=reader.data("signature", max_bytes=limits.ASSERTION_SIGNATURE_BYTES_MAX),
        ),
    )
    reader.done()
    return signed


def shown(body: Mapping[str, JsonValue], *, precedence: str, status: str, refs: Sequence[Ref]) -> bytes:
    """Give what the screen shows and the person signs, in its one byte form: all the words of the entry to be."""
    words = {name: value for name, value in body.items() if name != "assertion"}
    named: list[JsonInput] = [[ref.log.text, ref.number, ref.id] for ref in refs]
    return encode({"body": words, "precedence": precedence, "refs": named, "status": status})


def act(*, line: str, channel: str, side: str, person: str, kind: str, subject: str, shown: bytes, nonce: str) -> bytes:
    """Give the act in its one byte form; `shown` is what `shown()` gave."""
    return encode(
        {
            "channel": channel,
            "kind": kind,
            "line": line,
            "nonce": nonce,
            "person": person,
            "shown": hashlib.sha256(_SHOWN + shown).hexdigest(),
            "side": side,
            "subject": subject,
        }
    )


def challenge(act: bytes) -> bytes:
    """Give the challenge a passkey signs for an act: its digest."""
    return hashlib.sha256(_ACT + act).digest()


def act_of(entry: Entry, nonce: str) -> bytes:
    """Give the act of an entry, made from nothing but the entry. One that opens its subject cannot know its number."""
    room = entry.subject.partition("/")[0]
    opens = entry.subject == f"{room}/{entry.side}/{entry.epoch}/{entry.number}"
    return act(
        line=entry.line,
        channel=entry.channel,
        side=entry.side,
        person=entry.person,
        kind=entry.kind,
        subject=room if opens else entry.subject,
        shown=shown(entry.body, precedence=entry.precedence, status=entry.status, refs=entry.refs),
        nonce=nonce,
    )


def is_signed(entry: Entry) -> bool:
    """Say whether an entry carries an assertion, good or bad."""
    return entry.body.get("assertion") is not None


def verify_signed(entry: Entry, signed: Signed, passkeys: Passkeys) -> None:
    """Check that one of these passkeys signed exactly this entry; raises PeerError `binding.key`, `passkeys.…`."""
    if signed.key >= len(passkeys.keys):
        raise PeerError("binding.key", f"it names key {signed.key}, the roster entry lists {len(passkeys.keys)}")
    if len(signed.assertion.authenticator) != _AUTHENTICATOR_BYTES:  # no extension is asked for, so no CBOR is read
        raise PeerError("passkeys.form", f"authenticator data of an act has {_AUTHENTICATOR_BYTES} bytes")
    verify_assertion(
        unb64(passkeys.keys[signed.key]),
        signed.assertion,
        relying_party=passkeys.relying_party,
        origins=passkeys.origins,
        challenge=challenge(act_of(entry, signed.nonce)),
    )


def holds(past: Sequence[Past], log: LogId, number: int, ref: Ref) -> bool:
    """Say whether entry `number` of `log`, with this past, had the entry `ref` before it."""
    if ref.log == log:
        return ref.number < number
    return any(one.log == ref.log and one.size > ref.number for one in past)


def verify_by_listing(entry: Entry, find: Callable[[Ref], Entry | None]) -> Entry:
    """Check a signed entry with nothing but the roster entry it names, found by its id; give that roster entry.

    For evidence: whether a later roster entry had replaced it before is judged by the nodes, which hold the whole past.
    Raises: PeerError `codec.field`, `binding.listing`, `binding.key`, `passkeys.…`.
    """
    signed = read_signed(entry.body["assertion"])
    listing = find(signed.listing) if holds(entry.past, entry.log, entry.number, signed.listing) else None
    if listing is None or (listing.kind, listing.side, listing.channel, listing.body.get("person")) != (
        "roster.listed", entry.side, "line", entry.person,
    ):  # fmt: skip
        raise PeerError("binding.listing", "the roster entry it names is not there, or lists somebody else")
    verify_signed(entry, signed, read_passkeys(listing.body.get("passkeys")))
    return listing
