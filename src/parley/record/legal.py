"""A person's legal name: what stands of it in the record, and the file that discloses it apart.

Owns: the disclosure's one form, the commitment to it, judging one beside an evidence file.
Does not own: where a side keeps the names of its people (people/legal.py).
Always true:
  1. The record holds a digest alone. It says nothing about the name to whoever has not got the disclosure: 32 random
     bytes stand beside the name, so that no list of names can be tried against it.
  2. A disclosure names line, side and person, so that none can be held against another's entry.
Read first: docs/protocol/binding.md, "Legal names".
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from parley import limits
from parley.codec import Reader, b64
from parley.codec.canonical import decode_clean, encode
from parley.codec.text import check_person, make_text
from parley.errors import PeerError, Refused
from parley.record.entry import Entry, one_line
from parley.record.form import NotProven, Unreadable

FORMAT: Final = "parley-legal-name/1"
SALT_BYTES: Final = 32
_FILE_BYTES_MAX: Final = 4_096  # a name of limits.TITLE_CHARS_MAX characters, each of at most 4 bytes, and the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """Who a person of a side is by law, as that side's node wrote it down."""

    line: str
    side: str
    person: str
    name: str
    salt: bytes

    def to_bytes(self) -> bytes:
        """Give the file: one canonical object (RFC 8785), without a newline after it."""
        return encode(
            {
                "format": FORMAT,
                "line": self.line,
                "name": self.name,
                "person": self.person,
                "salt": b64(self.salt),
                "side": self.side,
            }
        )

    @property
    def commitment(self) -> str:
        """Give what stands in the roster entry: SHA-256 of the file, in hex."""
        return hashlib.sha256(self.to_bytes()).hexdigest()


def make_disclosure(*, line: str, side: str, person: str, name: str, salt: bytes) -> Disclosure:
    """Write a name down; raises Refused `people.name` for one that is empty or too long."""
    told = make_text(name).strip()
    if not told or len(told) > limits.TITLE_CHARS_MAX:
        raise Refused("people.name", f"a person needs a name of at most {limits.TITLE_CHARS_MAX} characters")
    return Disclosure(line=line, side=side, person=person, name=told, salt=salt)


def read_disclosure(data: bytes) -> Disclosure:
    """Read a disclosure strictly; raises PeerError."""
    value = decode_clean(data)
    if not isinstance(value, dict):
        raise PeerError("codec.field", "a disclosure is one object")
    reader = Reader(value, "$")
    reader.choice("format", (FORMAT,))
    found = Disclosure(
        line=reader.text("line", max_chars=64),
        side=reader.text("side", max_chars=limits.PERSON_ID_CHARS_MAX),
        person=reader.text("person", max_chars=limits.PERSON_ID_CHARS_MAX),
        name=reader.text("name", max_chars=limits.TITLE_CHARS_MAX),
        salt=reader.data("salt", SALT_BYTES),
    )
    reader.done()
    check_person(found.person)
    return found


class Disclosed:
    """A disclosure that is held against the roster entries of an evidence file as they pass."""

    def __init__(self, disclosure: Disclosure) -> None:
        self.about = disclosure
        self._commitment = disclosure.commitment
        self._found: Entry | None = None

    @staticmethod
    def read(path: Path) -> Disclosed:
        """Open a disclosure file; raises Unreadable."""
        try:
            with path.open("rb") as file:
                return Disclosed(read_disclosure(file.read(_FILE_BYTES_MAX + 1)))
        except OSError as fault:
            raise Unreadable("evidence.unreadable", f"{path}: {fault.strerror}") from None
        except PeerError as fault:
            raise Unreadable(
                "evidence.unreadable", f"{path}: no disclosure of a legal name: {fault.sentence}"
            ) from None

    def hear(self, entry: Entry) -> None:
        """Hold it against one proven entry; the last roster entry that commits to it is named."""
        if entry.kind != "roster.listed" or entry.body.get("legal") != self._commitment:
            return
        if (entry.line, entry.side, entry.body.get("person")) == (self.about.line, self.about.side, self.about.person):
            self._found = entry

    def line(self, side_name: str) -> str:
        """Say whose name it is and by which entry; raises NotProven `evidence.legal-name` if no entry commits to it."""
        if self._found is None:
            raise NotProven(
                "evidence.legal-name", f"no roster entry in the file commits to this disclosure for {self.about.person}"
            )
        return (
            f"  {side_name} states that the legal name of {self.about.person} is “{one_line(self.about.name)}”: "
            f"entry {self._found.number} of {self._found.log} commits to the disclosure."
        )
