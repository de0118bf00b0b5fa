"""The form of an evidence file: lines of text that a person can read and a program reads in one way only.

Owns: the first lines (which line, which cards), framing of notes, the last line; the streaming reader and writer.
Does not own: what is in between (evidence.py writes it, check_*.py judge it).
Always true:
  1. Reading holds one line at a time, and no line longer than limits.EVIDENCE_LINE_BYTES_MAX.
  2. The last line counts the lines and hashes the bytes before it: a file that was cut is not a shorter file.
     It is no signature. What is proven is proven by the signatures and roots in between.
Read first: docs/protocol/evidence.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from parley import limits
from parley.codec import unb64
from parley.errors import ParleyError, PeerError, ensure
from parley.identity import Card, Party, line_id, read_card, words
from parley.record.names import LINE_FORM
from parley.record.notes import Checkpoint, NoteSignature, read_note

MAGIC: Final = b"parley-evidence/1 "
BUNDLE, RECORD, FORK = "bundle", "record", "fork"
_KINDS: Final = (BUNDLE, RECORD, FORK)
_END: Final = re.compile(rb"end (0|[1-9][0-9]{0,15}) ([0-9a-f]{64})")

# How a fault found deep below is named to the reader of a report.
_NAMES: Final = {
    "record.other-line": "evidence.other-line",
    "record.other-log": "evidence.other-line",
    "record.other-key": "evidence.re-signed",
    "record.note": "evidence.form",
    "record.inclusion": "evidence.edited",
    "record.consistency": "evidence.edited",
    "record.unreadable": "evidence.edited",
    "identity.signature": "evidence.signature",
    "identity.card": "evidence.card",
    "identity.key": "evidence.card",
}


class NotProven(ParleyError):
    """The file does not prove what it should; `code` names the fault: evidence.edited, evidence.truncated, …"""


class Unreadable(ParleyError):
    """This is no evidence file of a version we know; code `evidence.unreadable`."""


def fault_of(error: PeerError, where: str) -> NotProven:
    """Give the fault an error from below stands for, with its place in the file."""
    return NotProven(_NAMES.get(error.code, "evidence.form"), f"{where}: {error.sentence}", cause=error.code)


class Lines:
    """Reads a file line by line, counting and hashing as it goes."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._rows = _split(pieces)
        self._hash = hashlib.sha256()
        self.number = 0  # of the last line given
        self._again: bytes | None = None

    @property
    def where(self) -> str:
        """The place of the last line given, for people."""
        return f"line {self.number}"

    def next(self) -> bytes:
        """Give the next line without its newline; raises NotProven `evidence.truncated` at the end of the file."""
        if self._again is not None:
            row, self._again = self._again, None
            return row
        try:
            row = next(self._rows)
        except StopIteration:
            raise NotProven(
                "evidence.truncated", f"the file ends after line {self.number} without its last line: it was cut off"
            ) from None
        self.number += 1
        if len(row) > limits.EVIDENCE_LINE_BYTES_MAX:
            raise NotProven("evidence.form", f"{self.where} is longer than any line of evidence can be")
        if not row.startswith(b"end "):
            self._hash.update(row)
            self._hash.update(b"\n")
        return row

    def back(self, row: bytes) -> None:
        """Give the last line once more at the next call."""
        self._again = row

    def finish(self, row: bytes) -> None:
        """Check the last line, and that nothing follows it."""
        found = _END.fullmatch(row)
        if found is None:
            raise NotProven("evidence.form", f"{self.where}: expected 'end', a count and a hash")
        if int(found[1]) != self.number - 1 or found[2].decode() != self._hash.hexdigest():
            raise NotProven("evidence.edited", "the last line does not fit the lines before it: the file was changed")
        if next(self._rows, None) is not None:
            raise NotProven("evidence.form", "something follows the last line")


def _split(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Cut a stream into lines; a last line without newline, or one too long, is a fault."""
    rest = b""
    for piece in pieces:
        rows = (rest + piece).split(b"\n")
        rest = rows.pop()
        yield from rows
        if len(rest) > limits.EVIDENCE_LINE_BYTES_MAX:
            raise NotProven("evidence.form", "a line is longer than any line of evidence can be")
    if rest:
        raise NotProven("evidence.truncated", "the last line has no end: the file was cut off")


@dataclass(frozen=True, slots=True)
class Founding:
    """Whose record this is: the line, the two cards that founded it, and later cards of the same sides."""

    line: str
    cards: tuple[Card, ...]
    parties: tuple[Party, ...]

    def named(self, side: str) -> Party:
        """Give the founding party of a side; raises PeerError if it is none of this line."""
        for party in self.parties[:2]:
            if party.side == side:
                return party
        raise PeerError("record.other-log", f"{side[:32]!r} is no side of this line")

    def other(self, side: str) -> Party:
        """Give the founding party opposite a side."""
        return self.parties[1] if self.named(side) is self.parties[0] else self.parties[0]


def founding(cards: Sequence[Card]) -> Founding:
    """Put cards in their order: the two of the founding by side, then later ones as given.

    Raises: NotProven evidence.founding, evidence.card.
    """
    if not 2 <= len(cards) <= limits.CARDS_MAX:
        raise NotProven("evidence.card", f"expected 2 to {limits.CARDS_MAX} cards, got {len(cards)}")
    try:
        line = line_id(cards[0], cards[1])
    except ParleyError as fault:
        raise NotProven("evidence.founding", fault.sentence) from None
    first, second = cards[0].party, cards[1].party
    if first.side > second.side:
        raise NotProven("evidence.form", "the founding cards must stand in the order of their sides")
    for card in cards[2:]:
        now = card.party
        before = first if now.side == first.side else second
        if (now.side, now.domain) != (before.side, before.domain):
            raise NotProven("evidence.card", f"a later card of {now.side} is of another side or domain")
    if len({card.digest for card in cards}) != len(cards):
        raise NotProven("evidence.card", "a card stands there twice")
    return Founding(line, tuple(cards), tuple(card.party for card in cards))


def card_words(card: Card) -> str:
    """Give the twelve words of a card on one line, as people compare them."""
    return " ".join(words(card.digest))


def check_identities(found: Founding, compared: Collection[str]) -> None:
    """Refuse a later card with an identity that nothing vouches for but the file itself.

    Anybody can make such a card and sign with it, in the name of either side, even the entries that announce it. What
    ties it to its side is that people compared it; whoever judges the file says so by its words.
    Raises: NotProven evidence.identity.
    """
    known = {(card.party.side, card.party.identity) for card in found.cards[:2]}
    for card in found.cards[2:]:
        one = (card.party.side, card.party.identity)
        if one not in known and card_words(card) not in compared:
            raise NotProven(
                "evidence.identity",
                f"a later card of {card.party.side} has an identity of its own; anybody could have made it. Compare "
                f"its words with those you know from {found.named(card.party.side).name}, by voice or face to face; "
                f'if they agree, check again with --words "{card_words(card)}"',
            )
        known.add(one)


def read_header(lines: Lines, compared: Collection[str] = ()) -> tuple[str, Founding]:
    """Read what the file is and whose; raises Unreadable if it is no evidence of a version we know.

    Args:
        compared: Words of later cards that the reader has compared with their sides, one text of twelve words for each.
    """
    try:
        magic = lines.next()
    except NotProven:
        magic = b""
    kind = magic.removeprefix(MAGIC).decode("ascii", "replace")
    if not magic.startswith(MAGIC) or kind not in _KINDS:
        if magic.startswith(b"parley-evidence/"):
            raise Unreadable("evidence.unreadable", "evidence of another version; a newer Parley may read it")
        raise Unreadable("evidence.unreadable", "this is not a file of Parley evidence")
    row = lines.next()
    line = row.removeprefix(b"line ").decode("ascii", "replace")
    if not row.startswith(b"line ") or LINE_FORM.fullmatch(line) is None:
        raise NotProven("evidence.form", f"{lines.where}: expected 'line' and 32 hex digits")
    cards: list[Card] = []
    while (row := lines.next()) != b"":
        if not row.startswith(b"card ") or len(cards) == limits.CARDS_MAX:
            raise NotProven("evidence.form", f"{lines.where}: expected a card, or an empty line after the last one")
        try:
            cards.append(read_card(row[5:]))
        except PeerError as fault:
            raise fault_of(fault, lines.where) from None
    found = founding(cards)
    if found.line != line:
        raise NotProven(
            "evidence.founding",
            f"the two cards found line {found.line}, the file says {line}: a card was exchanged, or the id edited",
        )
    check_identities(found, compared)
    return kind, found


def read_note_lines(lines: Lines, found: Founding) -> tuple[Checkpoint, tuple[NoteSignature, ...], bytes]:
    """Read the signed note that starts on the next line and ends at an empty one; every signature is checked."""
    start = lines.number + 1
    rows = [lines.next() for _ in range(4)]
    size = 0
    while (row := lines.next()) != b"":
        size += len(row)
        if size > limits.NOTE_BYTES_MAX:
            raise NotProven("evidence.form", f"{lines.where}: a note longer than any note can be")
        rows.append(row)
    data = b"\n".join(rows) + b"\n"
    try:
        checkpoint, signatures = read_note(data, found.line, found.parties)
    except PeerError as fault:
        raise fault_of(fault, f"note at line {start}") from None
    return checkpoint, signatures, data


def read_hashes(lines: Lines) -> list[bytes]:
    """Read the hashes of a proof, one a line, up to an empty line."""
    hashes: list[bytes] = []
    while (row := lines.next()) != b"":
        if len(hashes) > limits.PROOF_HASHES_MAX:
            raise NotProven("evidence.form", f"{lines.where}: a proof longer than any proof can be")
        hashes.append(unb64_line(lines, row, 32))
    return hashes


def unb64_line(lines: Lines, row: bytes, size: int | None = None) -> bytes:
    """Read base64 standing alone; raises NotProven evidence.form."""
    try:
        return unb64(row.decode("ascii", "replace"), size)
    except PeerError as fault:
        raise fault_of(fault, lines.where) from None


class Writer:
    """Puts an evidence file together, piece by piece."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._count = 0

    def put(self, *rows: bytes) -> bytes:
        """Give rows as lines."""
        ensure(not any(b"\n" in row for row in rows), "a line of evidence cannot hold a newline")
        return self.raw(b"".join(row + b"\n" for row in rows))

    def raw(self, data: bytes) -> bytes:
        """Give bytes that are whole lines already."""
        self._hash.update(data)
        self._count += data.count(b"\n")
        return data

    def header(self, kind: str, found: Founding) -> bytes:
        """Give the first lines."""
        return self.put(
            MAGIC + kind.encode(),
            b"line " + found.line.encode(),
            *(b"card " + card.to_bytes() for card in found.cards),
            b"",
        )

    def end(self) -> bytes:
        """Give the last line."""
        return b"end %d %s\n" % (self._count, self._hash.hexdigest().encode())
