"""The private accounts of a side as they lie on disk: people, sessions, links, tokens. None of it crosses the line.

Owns: the spaces `private.people`, `private.keys` (links, sessions, tokens by the SHA-256 of their secret).
Does not own: what a role may do (rights.py), the roster both sides hold (subjects/standing).
Always true:
  1. A secret is kept as its SHA-256 only; what was shown once cannot be had again.
  2. A key of a disabled account opens nothing, whatever its own state.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final, TypeVar

import msgspec

from parley.actions.ports import NodePort
from parley.errors import OurMistake
from parley.storage import ValueRow

PEOPLE: Final = "private.people"
KEYS: Final = "private.keys"
LINK, SESSION, TOKEN = "link", "session", "token"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who works here."""

    person: str
    name: str
    roles: tuple[str, ...]
    office: str = ""
    address: str = ""
    languages: tuple[str, ...] = ()
    binds: bool = False
    state: str = "invited"  # invited | active | disabled
    made_at: int = 0  # moment
    seen_at: int = 0  # moment of the last sign-in


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A link, a session or a token; stored under the hash of its secret."""

    kind: str
    id: str  # shown in lists and logs; says nothing of the secret
    person: str
    made_at: int
    ends_at: int | None
    scopes: tuple[str, ...] | None = None
    desk: str = ""
    csrf: str = ""


_Kept = TypeVar("_Kept")
_account = msgspec.json.Decoder(Account)
_key = msgspec.json.Decoder(Key)


def account(node: NodePort, person: str) -> Account | None:
    """Give an account, or None."""
    raw = node.store.value(PEOPLE, person)
    return None if raw is None else _read(_account, raw)


def accounts(node: NodePort) -> list[Account]:
    """Give every account, by person id."""
    return [_read(_account, raw) for _, raw in node.store.values(PEOPLE, count=10_000)]


def account_row(kept: Account) -> ValueRow:
    """Give the row that stores an account."""
    return ValueRow(PEOPLE, kept.person, msgspec.json.encode(kept))


def new_secret(kind: str) -> tuple[str, str]:
    """Draw a secret of 256 bits; give (the secret to show once, the name to keep it under)."""
    secret = f"parley-{kind}-{secrets.token_urlsafe(32)}"
    return secret, key_name(secret)


def key_name(secret: str) -> str:
    """Give the name a secret's key is kept under. 256 random bits need no slow hash and no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def key(node: NodePort, secret: str) -> Key | None:
    """Give the key of a secret, or None."""
    raw = node.store.value(KEYS, key_name(secret))
    return None if raw is None else _read(_key, raw)


def key_row(name: str, kept: Key | None) -> ValueRow:
    """Give the row that stores a key, or ends it."""
    return ValueRow(KEYS, name, None if kept is None else msgspec.json.encode(kept))


def keys_of(node: NodePort, person: str) -> list[tuple[str, Key]]:
    """Give the keys of one person, with the names they are kept under."""
    found: list[tuple[str, Key]] = []
    after = ""
    while rows := node.store.values(KEYS, after=after, count=1_000):
        found += [(name, kept) for name, raw in rows if (kept := _read(_key, raw)).person == person]
        after = rows[-1][0]
    return found


def _read(decoder: msgspec.json.Decoder[_Kept], raw: bytes) -> _Kept:
    try:
        return decoder.decode(raw)
    except msgspec.MsgspecError:
        raise OurMistake("people.form", "an account on our own disk does not have the form we write") from None
