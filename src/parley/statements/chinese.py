"""Statements in Chinese sentences: who, a verb of saying, what follows it; 据…报道; quotations.

Owns: the patterns. No segmenter: speakers are what stands before the verb in its clause, within a bound.
"""

from __future__ import annotations

import re
from typing import Final

from parley.statements.cutting import Span, manner_of, quotations
from parley.statements.lexicon import CHINESE, CHINESE_PLAIN, CHINESE_TAILS
from parley.statements.parts import Level, Statement, Suggestion

_VERB: Final = "|".join(CHINESE)
_TAIL: Final = "|".join(CHINESE_TAILS)
_COMMA: Final = "[,\uff0c]"
_SAID: Final = re.compile(
    rf"(?:^|{_COMMA})(?P<who>[^,\uff0c。:：“”]{{1,24}}?)(?:在[^,\uff0c。:：“”]{{1,30}}(?:时|中|上|后))?"
    rf"(?P<tails>(?:{_TAIL}){{0,3}})(?P<verb>{_VERB})(?P<after>[,\uff0c:：]?)"
)
_WHOM: Final = re.compile(r"(?P<who>.{1,16}?)(?:对|向|同|告诉)(?P<whom>[^,\uff0c]{1,16})$")
_ACCORDING: Final = re.compile(
    r"^(?:据|根据|按照)(?P<source>[^,\uff0c。]{1,24}?)(?:报道|消息|介绍|通报|称|披露)?[,\uff0c]"
)
_MORE: Final = re.compile(rf"[,\uff0c](?:{_TAIL}){{1,2}}(?P<verb>{_VERB})[,\uff0c:：]?")
_LEAD: Final = re.compile(r"^(?:会谈中|会见中|会上|会后|当天|同日|当日|随后|期间|此外|对此)")
_NOT_WHO: Final = re.compile(r"(?:没有|不|未|可以|应该|应当|需要|这|那|其中|有人)$")
_EDGE: Final = " ,\uff0c。;；:：“”「」『』!！?？"


def suggest(text: str, span: Span) -> list[Suggestion]:
    """Give what may be statements in one sentence."""
    through, start = "", span.start
    source = _ACCORDING.match(text[span.start : span.end])
    if source is not None:
        through, start = source["source"], span.start + source.end() - 1
    quotes = quotations(text, span.start, span.end)
    first = _first(text, start, span.end, quotes)
    if first is None:
        if source is None:
            return []
        found = _made(
            text, span, Span(start, span.end), quotes, who=through, verb="据", level="likely", ground="according-to"
        )
        return [found] if found else []
    who, whom, verb, at = first
    parts: list[tuple[str, Span, str]] = []
    for more in _MORE.finditer(text, at, span.end):
        if not _in(more.start(), quotes):
            parts.append((verb, Span(at, more.start()), "plain-verb" if not parts else "shared-speaker"))
            verb, at = more["verb"], more.end()
    parts.append((verb, Span(at, span.end), "plain-verb" if not parts else "shared-speaker"))
    made = []
    for said, words, ground in parts:
        level: Level = "possible" if said in CHINESE_PLAIN else "unsure"
        kind = ground if said in CHINESE_PLAIN or ground == "shared-speaker" else "other-verb"
        one = _made(text, span, words, quotes, who=who, whom=whom, verb=said, through=through, level=level, ground=kind)
        if one:
            made.append(one)
    return made


def _first(text: str, start: int, end: int, quotes: list[Span]) -> tuple[str, str, str, int] | None:
    for match in _SAID.finditer(text[start:end]):
        who = _LEAD.sub("", match["who"].strip(_EDGE))
        if not who or _NOT_WHO.search(who) or _in(start + match.start("verb"), quotes):
            continue
        if match["verb"] in ("说", "称") and re.match(
            r"[明法]|[为呼]", text[start + match.end("verb") : start + match.end("verb") + 1]
        ):
            continue
        found = _WHOM.match(who)
        whom = found["whom"] if found else ""
        return (found["who"] if found else who), whom, match["verb"], start + match.end()
    return None


def _made(
    text: str, span: Span, words: Span, quotes: list[Span], *, who: str, verb: str, whom: str = "", through: str = "",
    level: Level, ground: str,
) -> Suggestion | None:  # fmt: skip
    start, end = words
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    if end - start < 3:
        return None
    manner = manner_of(Span(start, end), quotes)
    if manner == "direct" and ground == "plain-verb":
        level, ground = "likely", "quoted"
    statement = Statement(
        start=span.start, end=span.end, words_start=start, words_end=end, who=who, whom=whom, verb=verb,
        through=through, manner=manner,
    )  # fmt: skip
    return Suggestion(statement=statement, level=level, ground=ground)


def _in(at: int, quotes: list[Span]) -> bool:
    return any(one.start <= at < one.end for one in quotes)
