"""What one side prepares for a meeting and keeps to itself: items held back, papers, a glossary.

Owns: the space `private.talks`, its form, who of our side may look before the release to interpreters.
Does not own: the agenda both sides see (subjects/talks). Nothing here ever crosses the line (promise 9).
Why the glossary is private: the words a side has ready tell what it means to say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

import msgspec

from parley import limits
from parley.errors import Refused
from parley.people import kept
from parley.people.kept import Values
from parley.storage.port import ValueRow

SPACE: Final = "private.talks"


class Raise(msgspec.Struct, frozen=True, kw_only=True):
    """An item to be raised: it is on nobody's agenda until somebody raises it."""

    id: str
    title: str
    note: str
    minutes: int
    by: str
    at: str


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A file of ours for the meeting, handed in and not given to the other side."""

    root: str
    name: str
    media: str
    size: int
    by: str
    at: str


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """What our side has ready for one meeting; `terms` are pairs of words."""

    raises: tuple[Raise, ...] = ()
    papers: tuple[Paper, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    released_at: str = ""
    released_by: str = ""


_decoder: Final = msgspec.json.Decoder(Prepared)


def find(values: Values, channel: str, subject: str) -> Prepared:
    """Give what is prepared for a meeting; nothing yet is an empty preparation."""
    data = values.value(SPACE, f"{channel}|{subject}")
    return Prepared() if data is None else kept.read(_decoder, data)


def of_channel(values: Values, channel: str) -> Iterator[Prepared]:
    """Give what is prepared for the meetings of a channel."""
    for _, data in values.values(SPACE, prefix=f"{channel}|"):
        yield kept.read(_decoder, data)


def row(channel: str, subject: str, prepared: Prepared) -> ValueRow:
    """Give the row that stores it."""
    return ValueRow(SPACE, f"{channel}|{subject}", kept.write(prepared))


def may_see(prepared: Prepared, rights: Collection[str]) -> bool:
    """Say whether somebody may look: who speaks for the side, and interpreters once it was released to them."""
    return "release" in rights or ("translate" in rights and bool(prepared.released_at))


def hold(prepared: Prepared, item: Raise) -> Prepared:
    """Add an item that is held back."""
    if len(prepared.raises) >= limits.RAISES_MAX:
        raise Refused("talks.full", f"at most {limits.RAISES_MAX} items are held back at once")
    return msgspec.structs.replace(prepared, raises=(*prepared.raises, item))


def take(prepared: Prepared, item: str) -> tuple[Raise, Prepared]:
    """Give a held item, and the preparation without it; raises Refused `talks.unknown`."""
    found = next((one for one in prepared.raises if one.id == item), None)
    if found is None:
        raise Refused("talks.unknown", "this item is not held back any more")
    return found, msgspec.structs.replace(prepared, raises=tuple(one for one in prepared.raises if one is not found))


def put_by(prepared: Prepared, paper: Paper) -> Prepared:
    """Add a paper; the same file twice is one."""
    others = tuple(one for one in prepared.papers if one.root != paper.root)
    if len(others) >= limits.PAPERS_MAX:
        raise Refused("talks.full", f"at most {limits.PAPERS_MAX} papers are kept for one meeting")
    return msgspec.structs.replace(prepared, papers=(*others, paper))


def take_paper(prepared: Prepared, root: str) -> tuple[Paper, Prepared]:
    """Give a paper, and the preparation without it; raises Refused `talks.unknown`."""
    found = next((one for one in prepared.papers if one.root == root), None)
    if found is None:
        raise Refused("talks.unknown", "there is no such paper of ours for this meeting")
    return found, msgspec.structs.replace(prepared, papers=tuple(one for one in prepared.papers if one is not found))


def read_terms(text: str) -> tuple[tuple[str, str], ...]:
    """Read a glossary as people type it: a line each, `word = word`."""
    found = []
    for number, line in enumerate(filter(None, map(str.strip, text.split("\n"))), 1):
        word, sign, other = (part.strip() for part in line.partition("="))
        if not (sign and word and other) or max(len(word), len(other)) > limits.TITLE_CHARS_MAX:
            raise Refused("talks.terms", f"line {number} of the glossary: expected two words as `word = word`")
        found.append((word, other))
    if len(found) > limits.PREPARED_TERMS_MAX:
        raise Refused("talks.terms", f"a glossary has at most {limits.PREPARED_TERMS_MAX} lines")
    return tuple(found)
