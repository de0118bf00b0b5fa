"""A text cut into sentences, and the quotations in it. Places are code points.

Owns: where a sentence ends in English, Chinese and Arabic, and which marks quote. Does not own: who said it.
Always true: sentences follow one another without overlap; a quotation lies within one paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from parley.statements.parts import Manner

# After these a full stop ends no sentence: titles, initials, what stands in addresses of people and places.
_ABBREVIATED: Final = "mr mrs ms dr prof gen col lt capt adm sen rep gov st no vs e.g i.e u.s u.k u.n p.m a.m jr sr ret"
_SHORT: Final = frozenset(_ABBREVIATED.split())
_END: Final = re.compile(r"[.!?؟…]+[\"”’»)\]]*(?=\s|$)|[。!?;！？；]+[”」』’)）]*|\n+")
_LAST_WORD: Final = re.compile(r"([A-Za-z.]+)$")
_PAIRS: Final = (("“", "”"), ("„", "“"), ("«", "»"), ("「", "」"), ("『", "』"), ('"', '"'))
_LONGEST: Final = 1_500  # a quotation that runs longer has lost its closing mark


class Span(NamedTuple):
    """A stretch of a text, from `start` up to `end`."""

    start: int
    end: int


def sentences(text: str) -> list[Span]:
    """Give the sentences, without spaces around them. A full stop inside a quotation ends none."""
    quoted = [span for span in quotations(text) if "\n" not in text[span.start : span.end]]
    found, start = [], 0
    inside = iter(quoted)
    current = next(inside, None)
    for match in _END.finditer(text):
        end = match.end()
        while current is not None and current.end + 1 < match.start():
            current = next(inside, None)
        if current is not None and current.start <= match.start() and end < current.end:
            continue
        if text[match.start()] == "." and not _ends(text, start, match.start(), end):
            continue
        if current is not None and current.start <= match.start() and not _capital_follows(text, end):
            continue  # "…," or "…?" and then who said it
        found.append(_trim(text, start, end))
        start = end
    found.append(_trim(text, start, len(text)))
    return [span for span in found if span.end > span.start]


def _ends(text: str, start: int, stop: int, end: int) -> bool:
    word = _LAST_WORD.search(text, max(start, stop - 12), stop)
    if word is not None:
        last = word[1].lower()
        if last in _SHORT or (len(last) == 1 and word[1].isupper()):
            return False
    return _capital_follows(text, end)


def _capital_follows(text: str, end: int) -> bool:
    """Say whether what follows may begin a sentence: no small letter."""
    rest = text[end : end + 4].lstrip()
    return not rest or not rest[0].islower()


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def quotations(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Give what stands between quotation marks, without the marks, in order."""
    stop = len(text) if end is None else end
    return list(_quotations(text, start, stop))


def _quotations(text: str, start: int, stop: int) -> Iterator[Span]:
    at = start
    while at < stop:
        closing = next((close for opening, close in _PAIRS if text[at] == opening), "")
        if closing:
            end = text.find(closing, at + 1, min(stop, at + _LONGEST))
            if end > at + 1 and "\n" not in text[at:end]:
                yield Span(at + 1, end)
                at = end
        at += 1


def manner_of(words: Span, quotes: list[Span]) -> Manner:
    """Say whether words stand in quotation marks as a whole, in part, or not at all."""
    covered = sum(max(0, min(words.end, one.end) - max(words.start, one.start)) for one in quotes)
    if covered >= 0.8 * (words.end - words.start):
        return "direct"
    return "mixed" if covered else "indirect"
