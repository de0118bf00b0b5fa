"""Who speaks for each side now: the founding cards, and every card that came into force after them.

Owns: the folder `cards/` of the data folder, one file a later card; putting prepared private keys in force.
Does not own: what makes an announcement good (subjects/standing/keys.py), how far former keys count (line/signers.py).
Always true:
  1. A card comes into force by an announcement that the identity signed and the other side confirmed in the record, or
     by two operators who compared it face to face; by nothing else.
  2. Keys are put in force by renaming whole files; a stop in between is finished at the next start.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

from parley import limits
from parley.codec import JsonInput, Reader, b64, decode, encode, unb64
from parley.errors import PeerError, Refused, Unavailable
from parley.identity import Card, LineIdentity, SideKeys, read_card
from parley.identity.keyfiles import NAMES
from parley.line import BookReader, Roots
from parley.storage.port import StoreReads
from parley.subjects import Book
from parley.subjects.standing import KeysView
from parley.subjects.standing.keys import check_announcement

FORMAT: Final = "parley-later-card/1"
LINE_FORMAT: Final = "parley-line-cards/1"
NEXT_CARD: Final = "next.card"  # beside the prepared keys, in keys/next
_FILE_BYTES_MAX: Final = 4 * limits.CARD_BYTES_MAX
LINE_BYTES_MAX: Final = limits.CARDS_MAX * _FILE_BYTES_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """A card that came into force after the founding, and how far the keys before it count."""

    card: Card
    heads: Mapping[str, int]
    how: Literal["announced", "compared"]


def read_later(folder: Path) -> list[Later]:
    """Read the later cards of a data folder, the oldest first.

    Raises: Refused `keys.file` naming the file that is damaged; Unavailable `node.cards`.
    """
    found = []
    try:
        for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
            found.append(_read(path))
    except OSError as failed:
        raise Unavailable("node.cards", f"a later card cannot be read: {failed.strerror}") from None
    return sorted(found, key=lambda later: (later.card.party.made, later.card.party.side))


def _read(path: Path) -> Later:
    try:
        return _read_fields(Reader(decode(path.read_bytes().removesuffix(b"\n"), bytes_max=_FILE_BYTES_MAX)))
    except PeerError as fault:
        raise Refused("keys.file", f"{path} is damaged; restore it from a backup: {fault.sentence}") from None


def _read_fields(reader: Reader) -> Later:
    reader.choice("format", (FORMAT,))
    card = read_card(unb64(reader.text("card", max_chars=_FILE_BYTES_MAX)))
    heads, how = reader.take("heads"), reader.choice("how", ("announced", "compared"))
    reader.done()
    sizes = heads if isinstance(heads, dict) else {}
    return Later(
        card=card,
        heads={log: size for log, size in sizes.items() if type(size) is int},
        how="announced" if how == "announced" else "compared",
    )


def _fields(later: Later) -> dict[str, JsonInput]:
    return {"card": b64(later.card.to_bytes()), "format": FORMAT, "heads": dict(later.heads), "how": later.how}


def write_later(folder: Path, later: Later) -> None:
    """Keep a later card; once more changes nothing. Raises Unavailable `node.cards`."""
    path = folder / f"{later.card.digest.hex()[:32]}.json"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        fresh = path.with_suffix(".new")
        with fresh.open("wb") as out:
            out.write(encode(_fields(later)) + b"\n")
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)
    except OSError as failed:
        raise Unavailable("node.cards", f"{path} cannot be written: {failed.strerror}") from None


def write_line_cards(founders: tuple[Card, Card], later: list[Later]) -> bytes:
    """Give every card of a line in one file, for a side that lost its machine; all of it is public."""
    first = [b64(card.to_bytes()) for card in founders]
    return encode({"format": LINE_FORMAT, "founding": first, "later": [_fields(one) for one in later]}) + b"\n"


def read_line_cards(data: bytes) -> tuple[tuple[Card, Card], list[Later]]:
    """Read what `write_line_cards` gave; raises PeerError naming what is wrong."""
    reader = Reader(decode(data.removesuffix(b"\n"), bytes_max=LINE_BYTES_MAX), "cards of a line")
    reader.choice("format", (LINE_FORMAT,))
    first, second = reader.texts("founding", min_items=2, max_items=2, max_chars=_FILE_BYTES_MAX)
    later = [_read_fields(each) for each in reader.objects("later", max_items=limits.CARDS_MAX)]
    reader.done()
    return (read_card(unb64(first)), read_card(unb64(second))), later


def succeed(identity: LineIdentity, later: list[Later]) -> LineIdentity:
    """Give the line with every later card in force, in the order they were made."""
    for one in later:
        identity = identity.succeeded(one.card, one.heads, identity_too=one.how == "compared")
    return identity


class Carded(Protocol):
    """A node, as far as its cards go."""

    @property
    def store(self) -> StoreReads: ...
    @property
    def identity(self) -> LineIdentity: ...
    @property
    def cards(self) -> Sequence[Card]: ...


def brings_cards(node: Carded) -> bool:
    """Say whether the record confirms a card that is not in force here yet, and could be."""
    known = {card.digest for card in node.cards}
    return any(one.card.digest not in known for one in confirmed_in(node.store, node.identity, []))


def confirmed_in(store: StoreReads, identity: LineIdentity, known: list[Later]) -> list[Later]:
    """Give what the record confirms and `known` lacks, each checked, the oldest first."""
    book = Book(identity.ours.side, identity.theirs.side, identity.line, BookReader(store, Roots(store)))
    digests = {one.card.digest.hex() for one in known}
    fresh: list[Later] = []
    for view in announced(book, identity):
        if not view.confirmed_at or view.digest in digests:
            continue
        try:
            card = check_announcement(identity, view)
        except Refused:
            continue  # one that was good once and has been overtaken, or never was: it brings nothing into force
        fresh.append(Later(card=card, heads=view.heads, how="announced"))
        identity = identity.succeeded(card, view.heads)
    return fresh


def announced(book: Book, identity: LineIdentity) -> list[KeysView]:
    """Give both sides' announcements that count, confirmed or newest, in the order of their time."""
    views = [book.view("line", f"keys/{side}") for side in (identity.ours.side, identity.theirs.side)]
    each = [one for view in views if isinstance(view, KeysView) for one in (*view.earlier, view)]
    return sorted(each, key=lambda view: (view.at, view.side))


def keys_in_force(folder: Path, identity: LineIdentity, passphrase: str | None) -> SideKeys:
    """Load our private keys; prepared ones are put in force first if their card is.

    Raises: Refused `identity.keys` where neither belongs to the card in force; what loading raises.
    """
    prepared = folder / "next"
    card = _prepared_card(prepared)
    if card is not None and card.party == identity.ours:
        _put_in_force(folder, prepared)
    keys = SideKeys.load(folder, passphrase)
    try:
        keys.check_party(identity.ours)
    except Refused as fault:
        raise Refused(
            fault.code,
            f"the key files in {folder} are not those of our card in force, made {identity.ours.made}: restore a backup"
            " of the keys made since then; where there is none, `parley lost` makes a new card",
        ) from None
    return keys


def prepared_seal(folder: Path, passphrase: str | None) -> bytes | None:
    """Give the sealing key of ours that is not in force yet; None if no keys wait. Raises what loading raises."""
    prepared = folder / "next"
    return None if _prepared_card(prepared) is None else SideKeys.load(prepared, passphrase).seal


def _prepared_card(prepared: Path) -> Card | None:
    try:
        return read_card((prepared / NEXT_CARD).read_bytes())
    except FileNotFoundError:
        return None
    except OSError as failed:
        raise Unavailable("node.cards", f"{prepared / NEXT_CARD} cannot be read: {failed.strerror}") from None


def _put_in_force(folder: Path, prepared: Path) -> None:
    """Move the prepared files over the old ones; the card goes last, so that a stop in between is seen."""
    try:
        for name in NAMES:
            if (prepared / name).exists():
                (prepared / name).replace(folder / name)
        (prepared / NEXT_CARD).unlink()
        prepared.rmdir()
    except OSError as failed:
        raise Unavailable("node.cards", f"the new keys could not be put in force: {failed.strerror}") from None
