"""What a text says as a whole: its units in order with their numbers, its digest, and whether it can be signed.

Owns: order, numbers, the lines that a signature covers and their digest.
Always true:
  1. Order and numbers are derived: a unit that moves takes its name with it and gets another number.
  2. The digest covers title, languages, and every unit's level, number and words in all languages, in order; where
     something is bracketed, the brackets with all their options. One code point more or less gives another digest.
Read first: docs/protocol/texts.md, "The digest".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from parley.codec import JsonInput, encode
from parley.subjects.texts.outline import Outline
from parley.subjects.texts.view import TextView

_TEXT: Final = b"parley/v1/text\n"
_UNDER: Final = {"heading": (), "article": (), "paragraph": ("article", ""), "point": ("paragraph",)}


@dataclass(frozen=True, slots=True)
class Numbered:
    """A unit in short, with its number: "3" for an article, "3.2" for a paragraph, "a" for a point, "" for none."""

    unit: Outline
    number: str
    depth: int


def may_stand_under(level: str, parent: str) -> bool:
    """Say whether a unit of this level may stand under one of that level ("" for the text itself)."""
    return parent in _UNDER[level] if _UNDER[level] else parent == ""


def ordered(view: TextView) -> list[Numbered]:
    """Give every unit in the order of the text, with its number; what is gone stays at its place without one."""
    under: dict[str, list[Outline]] = {}
    for unit in view.outlines():
        under.setdefault(unit.parent, []).append(unit)
    found: list[Numbered] = []
    _put(found, under, "", "", 0)
    return found


def _put(found: list[Numbered], under: Mapping[str, list[Outline]], parent: str, number: str, depth: int) -> None:
    counts = {"article": 0, "paragraph": 0, "point": 0}
    for unit in sorted(under.get(parent, ()), key=lambda one: (one.position, one.by, one.name)):
        own = ""
        if unit.level in counts and not unit.gone:
            counts[unit.level] += 1
            own = _number(unit.level, number, counts[unit.level])
        found.append(Numbered(unit, own, depth))
        _put(found, under, unit.name, own, depth + 1)


def _number(level: str, parent: str, count: int) -> str:
    if level == "point":
        return _letters(count)
    return f"{parent}.{count}" if level == "paragraph" and parent else str(count)


def _letters(count: int) -> str:
    text = ""
    while count:
        count, rest = divmod(count - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def lines(view: TextView) -> list[bytes]:
    """Give the lines that the digest and every signature cover: one for the frame, one for each unit, in order."""
    frame = view.frame
    head: dict[str, JsonInput] = {
        "form": frame.form, "languages": [[one.tag, one.side] for one in frame.languages], "subject": frame.subject,
        "title": frame.title,
    }  # fmt: skip
    return [encode(head), *(_line(one) for one in ordered(view) if not one.unit.gone)]


def _line(one: Numbered) -> bytes:
    """Give a unit's line as canonical JSON; level and number are letters, digits and dots, so nothing is escaped."""
    unit = one.unit
    return f'{{"level":"{unit.level}","number":"{one.number}","words":{unit.words}}}'.encode()


def digest_of_lines(told: Iterable[bytes]) -> str:
    """Give the digest of such lines."""
    whole = hashlib.sha256(_TEXT)
    for line in told:
        whole.update(line + b"\n")
    return whole.hexdigest()


def text_digest(view: TextView) -> str:
    """Give the digest of the whole text as it is."""
    return digest_of_lines(lines(view))


def unready(view: TextView) -> list[Numbered]:
    """Give the units for which the text cannot be signed: bracketed, or not given in some language."""
    return [one for one in ordered(view) if not one.unit.gone and not one.unit.ready]
