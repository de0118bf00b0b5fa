"""What the actions hand out about people: accounts, ways in, sessions, tokens. Under the rules of rows.py.

Owns: the shapes. Does not own: where the facts come from (people.py, passkeys.py).
"""

from __future__ import annotations

from msgspec import Struct


class PersonRow(Struct, frozen=True, kw_only=True):
    """Somebody of either side, as the roster and (for ours) the accounts know them."""

    id: str
    side: str
    ours: bool
    name: str
    office: str
    address: str  # the agreed form of address
    languages: tuple[str, ...]
    role: str
    binds: bool
    listed: bool  # stands in the roster that both sides hold
    roles: tuple[str, ...] = ()
    account: str = ""  # ours only: "" none | "invited" | "active" | "disabled"
    seen_at: str | None = None  # ours only: the last sign-in
    keys_by: str = ""  # by what authority the roster lists their passkeys; "" where it lists none


class VouchRow(Struct, frozen=True, kw_only=True):
    """What our identity key signs to list somebody's passkeys.

    words: JSON, in the bytes that are signed. card: ours, base64. other: the digest of the other side's card.
    """

    person: str
    words: str
    card: str
    other: str


class LegalName(Struct, frozen=True, kw_only=True):
    """A legal name of one of our people, and the file that discloses it beside the record."""

    person: str
    name: str
    commitment: str  # SHA-256 of the file, in hex: what the roster entry holds
    disclosure: str  # the file


class SignInLink(Struct, frozen=True, kw_only=True):
    """A one-time link that lets one person sign in once."""

    person: str
    token: str
    path: str  # append to the desk's origin
    expires_at: str


class Session(Struct, frozen=True, kw_only=True):
    """A person at a desk. The token goes into the cookie; only its hash is kept."""

    token: str
    person: str
    csrf: str
    expires_at: str


class ApiToken(Struct, frozen=True, kw_only=True):
    """A program's token, shown once; only its hash is kept."""

    token: str
    id: str
    person: str
    scopes: tuple[str, ...]
    expires_at: str | None
