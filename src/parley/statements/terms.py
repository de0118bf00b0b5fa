"""The terms by which a text is found, alike when it is indexed and when it is asked for.

Owns: case, accents, Arabic without vowel marks and with its alef forms as one; Han as overlapping pairs and signs.
Does not own: the index (storage/search.py). Always true: a text that is asked for as it stands is found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

# Vowel marks, superscript alef, tatweel and the marks of recitation say nothing that a reader searches for.
_DROPPED: Final = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]")
_ALIKE: Final = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"})
_PIECE: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff]+|[^\\W_\u3400-\u9fff\uf900-\ufaff]+")
_HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
PREFIX_FROM: Final = 4  # a word of so many letters finds those that begin with it: control finds controls
_SKIPPED: Final = frozenset(("assertion", "digest", "salt", "root", "roots", "nonce", "language", "id"))
_CODED: Final = re.compile(r"[0-9a-f]{16,}|\d{4}-\d\d-\d\dT[\d:.]+Z")


class Terms(NamedTuple):
    """A text's terms: words and pairs of signs in order, and the single signs."""

    body: list[str]
    signs: list[str]


def fold(text: str) -> str:
    """Give a text as it is compared: case, accents and marks apart."""
    plain = _DROPPED.sub("", text).translate(_ALIKE).casefold()
    if plain.isascii():
        return plain
    return "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))


def terms(text: str) -> Terms:
    """Give the terms under which a text is kept."""
    body: list[str] = []
    signs: dict[str, None] = {}
    for match in _PIECE.finditer(fold(text)):
        piece = match[0]
        if _HAN.match(piece):
            signs.update(dict.fromkeys(piece))
            body += [piece[at : at + 2] for at in range(len(piece) - 1)]
        else:
            body.append(piece)
    return Terms(body, list(signs))


class Wanted(NamedTuple):
    """One thing that is asked for: terms that stand one after another, or a single sign."""

    terms: tuple[str, ...]
    sign: bool
    prefix: bool


def wanted(query: str) -> list[Wanted]:
    """Give what a query asks for; all of it must be found. Words within quotation marks stand one after another."""
    found: list[Wanted] = []
    for quoted, plain in re.findall(r'["“«]([^"”»]+)["”»]|([^"“”«»]+)', query):
        if quoted:
            body = terms(quoted).body
            found += [Wanted(tuple(body), False, False)] if body else [*_each(quoted)]
        else:
            found += _each(plain)
    return found


def _each(text: str) -> Iterator[Wanted]:
    for match in _PIECE.finditer(fold(text)):
        piece = match[0]
        if not _HAN.match(piece):
            yield Wanted((piece,), False, len(piece) >= PREFIX_FROM)
        elif len(piece) == 1:
            yield Wanted((piece,), True, False)
        else:
            yield Wanted(tuple(piece[at : at + 2] for at in range(len(piece) - 1)), False, False)


def texts_of(value: object) -> list[str]:
    """Give every text that people may have written in an entry's body, whatever its subject."""
    if isinstance(value, str):
        return [value] if value and not _CODED.fullmatch(value) else []
    if isinstance(value, dict):
        return [text for name, each in value.items() if name not in _SKIPPED for text in texts_of(each)]
    return [text for each in value for text in texts_of(each)] if isinstance(value, list | tuple) else []


def excerpt(text: str, query: str, around: int = 90) -> str:
    """Give the part of a text where the query is first met; its beginning where that cannot be told."""
    places: list[int] = []
    plain = []
    for at, char in enumerate(text):
        folded = fold(char)
        plain.append(folded)
        places += [at] * len(folded)
    low = "".join(plain)
    first = next((low.find(match[0]) for match in _PIECE.finditer(fold(query)) if match[0] in low), 0)
    at = places[first] if places else 0
    start, end = max(0, at - around), min(len(text), at + around)
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")
