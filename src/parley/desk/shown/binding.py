"""What a person is asked to sign, as a page shows it."""

from __future__ import annotations

from msgspec import Struct


class SignedRow(Struct, frozen=True, kw_only=True):
    """One member of what is signed: its place in it ("words.body.text", "act.person"), and its value as text."""

    place: str
    value: str
    prose: bool = False  # words that people wrote

    @property
    def label(self) -> str:
        """Give the name of its words in the catalogue: numbers in lists left out."""
        return ".".join(part for part in self.place.split(".") if not part.isdigit())


class AskedShown(Struct, frozen=True, kw_only=True):
    """An act before it is signed: `words` and `act` are the bytes that are signed, `rows` all there is in them."""

    nonce: str
    kind: str
    words: str
    act: str
    challenge: str
    relying_party: str
    credentials: str  # separated by spaces
    until: str
    rows: tuple[SignedRow, ...]
    language: str = ""
    precedence: str = ""
    status: str = "actual"


class ListingShown(Struct, frozen=True, kw_only=True):
    """How it stands with one person's passkeys in the roster that both sides hold."""

    listed: int
    enrolled: int
    same: bool
    signs: bool  # a change is signed by another person who binds
    may: bool
