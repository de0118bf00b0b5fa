"""Statements in Arabic sentences: a verb of saying, who, and what follows أن, إن or a colon; بحسب and وفقا ل.

Owns: the patterns. Less is known here than in English: no suggestion of it is ever "likely" without a quotation.
"""

from __future__ import annotations

import re
from typing import Final

from parley.statements.cutting import Span, manner_of, quotations
from parley.statements.lexicon import ARABIC, ARABIC_PLAIN
from parley.statements.parts import Level, Statement, Suggestion

_VERB: Final = "|".join(sorted(ARABIC, key=len, reverse=True))
_SAID: Final = re.compile(
    rf"(?:^|[\s،])(?:و|كما )?(?P<verb>{_VERB})\s+(?P<who>[^.،:«\"“]{{1,70}}?)\s*"
    r"(?:(?P<that>(?:على |إلى |من |عن )?(?:أن|أنه|أنها|إن|إنه|إنها|بأن))\s"
    r"|(?P<mark>[:،]\s*)|(?=[«\"“])|(?P<on>(?:إلى|على|عن|من)\s))"
)  # fmt: skip
_ACCORDING: Final = re.compile(r"(?:وفق[اً]{1,2} ل|بحسب |حسب )(?P<who>[^،.]{2,60})")
_EDGE: Final = ' ،.:؛«»"“”'


def suggest(text: str, span: Span) -> list[Suggestion]:
    """Give what may be statements in one sentence."""
    quotes = quotations(text, span.start, span.end)
    match = _SAID.search(text, span.start, span.end)
    if match is not None:
        plain = match["verb"] in ARABIC_PLAIN
        made = _made(
            text, span, Span(match.end(), span.end), quotes, who=match["who"].strip(_EDGE), verb=match["verb"],
            level="possible" if plain else "unsure", ground="plain-verb" if plain else "other-verb",
        )  # fmt: skip
        return [made] if made else []
    source = _ACCORDING.search(text, span.start, span.end)
    if source is None:
        return []
    first = source.start() - span.start < 3
    words = Span(source.end(), span.end) if first else Span(span.start, source.start())
    made = _made(
        text, span, words, quotes, who=source["who"].strip(_EDGE), verb=source[0].split()[0], level="possible",
        ground="according-to",
    )  # fmt: skip
    return [made] if made else []


def _made(
    text: str, span: Span, words: Span, quotes: list[Span], *, who: str, verb: str, level: Level, ground: str
) -> Suggestion | None:
    start, end = words
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    if len(text[start:end].split()) < 2:
        return None
    manner = manner_of(Span(start, end), quotes)
    if manner == "direct" and ground == "plain-verb":
        level, ground = "likely", "quoted"
    statement = Statement(
        start=span.start, end=span.end, words_start=start, words_end=end, who=who, verb=verb, manner=manner
    )
    return Suggestion(statement=statement, level=level, ground=ground)
