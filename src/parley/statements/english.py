"""Statements in English sentences, by a list of verbs and a small grammar of clauses.

Owns: the patterns "X said that Y", "Y, X said", "according to X, Y", "X urged Z to Y", "said A and stressed that B",
and quotations beside them. Does not own: cutting into sentences. How well: docs/desk/readouts.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from parley.statements.cutting import Span, manner_of, quotations
from parley.statements.lexicon import ADDRESSED, ASKS, LEADING, NOT_SPEAKERS, OTHER, PLAIN, THINGS, TO_ACT
from parley.statements.parts import Level, Statement, Suggestion

_VERBS: Final = re.compile(r"\b(" + "|".join(sorted(PLAIN | OTHER, key=len, reverse=True)) + r")\b")
_ACCORDING: Final = re.compile(r"\b(?:[Aa]ccording to|[Aa]s (?:reported|stated|quoted) by|[Ii]n the words of) ")
_TO_WHOM: Final = re.compile(
    r"^ (?:to )?((?:the |his |her |its |their |both |all )?[\w’'. -]{1,50}?)(?=,? that\b|,? to\b|,|:| for\b)"
)
_MORE: Final = re.compile(r",? (?:and|but)(?: also| then| further)? (\w+) that ")
_CLAUSE: Final = re.compile(r"(?:; |, (?:and|but|while|whereas|as) |: )")
_EDGE: Final = " ,;:.“”\"'’‘—–-"
_PASSIVE: Final = re.compile(r"\b(?:was|were|is|are|been|being|be|not)\s+(?:\w+ly\s+)?$")
_TOLD: Final = re.compile(r"\b(?:told|tells|assured|warned|asked)$")
_DAY: Final = re.compile(r" (?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: that)?(?= )")
# "…, Xinhua said." and "…, an official told reporters after the talks.", behind what somebody else is said to say.
_THROUGH: Final = re.compile(
    r", ((?:(?!\b(?:that|which|who|where|when|and|but)\b)[^,;:“”\"]){2,70}?)"
    r" (?:said|says|told|reported|stated|added|announced|wrote)(?: (?:reporters|journalists|the press))?"
    r"(?: (?:on|in|at|after|during|late|early|later|earlier|today|yesterday|this|last)\b[^,;:“”\"]{0,60})?\.?$"
)
_AS_SAYING: Final = re.compile(
    r"([^,;:“”\"]{2,80}?) (?:quoted|cited) ([^,;:“”\"]{2,80}?) as (saying|stating|telling [\w’'. -]{2,30}?) (?:that )?"
)
_LONGEST_SENTENCE: Final = 2_000  # nobody speaks so; the rules look at every pair of marks in one
_LONGEST_SPEAKER: Final = 14  # words of a name with its office


def suggest(text: str, span: Span) -> list[Suggestion]:
    """Give what may be statements in one sentence."""
    if span.end - span.start >= _LONGEST_SENTENCE:
        return []
    quotes = quotations(text, span.start, span.end)
    found = next(filter(None, (list(rule(text, span, quotes)) for rule in (_according, _through, _quoted))), [])
    if not found:
        found = list(_said(text, span, quotes))
    if not found and quotes:
        found = [_bare(text, span, one) for one in quotes if len(text[one.start : one.end].split()) >= 6]
    return found


def _made(
    text: str, span: Span, words: Span, quotes: list[Span], *, who: str, verb: str, whom: str = "", through: str = "",
    level: Level = "possible", ground: str,
) -> Suggestion | None:  # fmt: skip
    words = _whole_quotes(_trim(text, words), quotes)
    if len(text[words.start : words.end].split()) < 2:
        return None
    manner = manner_of(words, quotes)
    if manner == "direct" and ground == "plain-verb":
        level, ground = "likely", "quoted"
    statement = Statement(
        start=span.start, end=span.end, words_start=words.start, words_end=words.end, who=who[:120], whom=whom[:120],
        verb=verb[:120], through=through[:120], manner=manner,
    )  # fmt: skip
    return Suggestion(statement=statement, level=level, ground=ground)


def _trim(text: str, words: Span) -> Span:
    start, end = words
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return Span(start, end)


def _whole_quotes(words: Span, quotes: list[Span]) -> Span:
    """Take both marks of a quotation in, or neither: words that only begin or end within one lost the other mark."""
    start, end = words
    for one in quotes:
        if start < one.start and one.start < end <= one.end:
            end = one.end + 1
        elif one.start <= start < one.end < end:
            start = one.start - 1
    return Span(start, end)


def _bare(text: str, span: Span, quote: Span) -> Suggestion:
    statement = Statement(
        start=span.start, end=span.end, words_start=quote.start, words_end=quote.end, who="", manner="direct"
    )
    return Suggestion(statement=statement, level="unsure", ground="quote-alone")


def _according(text: str, span: Span, quotes: list[Span]) -> Iterator[Suggestion]:
    match = _ACCORDING.search(text, span.start, span.end)
    if match is None or _in(match.start(), quotes):
        return
    end = _source_end(text, match.end(), span.end)
    source = text[match.end() : end].strip(_EDGE)
    first = match.start() - span.start < 3
    words = Span(end, span.end) if first else Span(span.start, match.start())
    if source:
        inner = list(_told_through(text, span, words, quotes, source))
        if inner:
            yield from inner
            return
        made = _made(
            text, span, words, quotes, who=source, verb=match[0].strip(), level="likely", ground="according-to"
        )
        if made:
            yield made


def _through(text: str, span: Span, quotes: list[Span]) -> Iterator[Suggestion]:
    match = _THROUGH.search(text[span.start : span.end])
    if match is not None and not _in(span.start + match.start(), quotes):
        words = Span(span.start, span.start + match.start())
        yield from _told_through(text, span, words, quotes, match[1].strip(_EDGE))


def _quoted(text: str, span: Span, quotes: list[Span]) -> Iterator[Suggestion]:
    match = _AS_SAYING.match(text, span.start, span.end)
    if match is not None and not _in(match.start(2), quotes):
        made = _made(
            text, span, Span(match.end(), span.end), quotes, who=match[2], verb=match[3], through=match[1],
            ground="plain-verb",
        )  # fmt: skip
        if made:
            yield made


def _told_through(text: str, span: Span, words: Span, quotes: list[Span], source: str) -> Iterator[Suggestion]:
    """Give the statements that a source tells of: "X said A, according to Y"."""
    for one in _said(text, words, [each for each in quotes if words.start <= each.start < words.end]):
        statement = replace(one.statement, start=span.start, end=span.end, through=source[:120])
        yield replace(one, statement=statement)


def _source_end(text: str, start: int, stop: int) -> int:
    comma = text.find(",", start, stop)
    return stop if comma < 0 else comma


def _said(text: str, span: Span, quotes: list[Span]) -> Iterator[Suggestion]:
    for match in _VERBS.finditer(text, span.start, span.end):
        if _in(match.start(), quotes):
            continue
        verb = match[1]
        before = text[span.start : match.start()]
        if _PASSIVE.search(before[-24:]) or text[match.start() - 3 : match.start()] == "to ":
            continue
        found = list(_of_verb(text, span, match, verb, quotes))
        if found:
            yield from found
            return


def _of_verb(text: str, span: Span, match: re.Match[str], verb: str, quotes: list[Span]) -> Iterator[Suggestion]:
    level: Level = "possible" if verb in PLAIN else "unsure"
    ground = "plain-verb" if verb in PLAIN else "other-verb"
    inverted = _inverted(text, span, match, quotes)
    if inverted is not None:
        who, words = inverted
        made = _made(text, span, words, quotes, who=who, verb=verb, level=level, ground=ground)
        if made:
            yield made
            yield from _second_part(text, span, match, quotes, made)
        return
    cut = text.rfind(", ", span.start, match.start()) + 2
    cut = max([cut, *(one.end + 1 for one in quotes if one.end < match.start())])
    trailing = cut - span.start > 12 and _ends_here(text, match.end(), span.end, quotes)
    who_span = _speaker(text, Span(cut, span.end) if trailing else span, match.start(), quotes)
    if who_span is None:
        return
    who = text[who_span.start : who_span.end]
    if trailing:
        words = Span(span.start, who_span.start)  # "Y, X said."
        made = _made(text, span, words, quotes, who=who, verb=verb, level=level, ground=ground)
        if made:
            yield made
            yield from _second_part(text, span, match, quotes, made)
        return
    start, whom, good = _content(text, match.end(), span.end, verb, quotes)
    if not good:
        return
    end = span.end
    more = _MORE.search(text, start, span.end)
    if more is not None and not _in(more.start(), quotes) and more[1] in PLAIN | OTHER:
        end = more.start()
    made = _made(text, span, Span(start, end), quotes, who=who, verb=verb, whom=whom, level=level, ground=ground)
    if made:
        yield made
    if more is not None and end == more.start():
        second = _made(
            text, span, Span(more.end(), span.end), quotes, who=who, verb=more[1],
            level="possible" if more[1] in PLAIN else "unsure", ground="shared-speaker",
        )  # fmt: skip
        if second:
            yield second


def _inverted(text: str, span: Span, match: re.Match[str], quotes: list[Span]) -> tuple[str, Span] | None:
    """ "…," said X: a quotation or a clause, then the verb, then who."""
    before = text[span.start : match.start()].rstrip()
    closed = [one for one in quotes if one.end < match.start()]
    if not before or not (before[-1] in ',”"’»' and closed and match.start() - closed[-1].end <= 4):
        return None
    rest = text[match.end() : span.end]
    name = re.match(r" ((?:(?!\b(?:that|to|and|in|on|at)\b)[^,.;:“\"]){2,80})", rest)
    return None if name is None else (name[1].strip(_EDGE), Span(closed[0].start, closed[-1].end))


def _second_part(
    text: str, span: Span, match: re.Match[str], quotes: list[Span], first: Suggestion
) -> Iterator[Suggestion]:
    """ "A," X said, "and B": the second quotation of the same speaker in the same sentence."""
    for one in quotes:
        if one.start > match.end() and one.start > first.statement.words_end:
            made = _made(
                text, span, one, quotes, who=first.statement.who, verb=first.statement.verb, ground="plain-verb"
            )
            if made:
                yield made


def _ends_here(text: str, at: int, end: int, quotes: list[Span]) -> bool:
    """Say whether only a time, a place or the next quotation follows the verb: then what was said stands before."""
    rest = text[at:end].strip(' .”"')
    if not rest:
        return True
    nearest = next((one.start for one in quotes if one.start > at), None)
    if nearest is not None and nearest - at <= 4:
        return text[at] == ","
    if _TOLD.search(text[max(0, at - 8) : at]) and any(one.end < at for one in quotes):
        return re.fullmatch(r"(?:the |his |her )?[\w’'. -]{2,40},?", rest) is not None and len(rest.split()) <= 4
    return bool(re.match(r"(?:on|in|at|after|during|late|early|later|today|yesterday|this|last)\b", rest)) and (
        len(rest.split()) <= 9
    )


def _speaker(text: str, span: Span, verb_at: int, quotes: list[Span]) -> Span | None:
    start = span.start
    for one in quotes:
        if one.end < verb_at:
            start = max(start, one.end + 1)
    for match in _CLAUSE.finditer(text, start, verb_at):
        start = match.end()
    comma = text.rfind(", ", start, verb_at)
    head = text[start:verb_at]
    lead = head.split(" ", 1)[0].strip(",").lower()
    if comma > 0 and (lead in LEADING or lead.endswith("ly")):
        first = text.find(", ", start, verb_at)
        start = (comma if lead in ("asked", "speaking") else first) + 2
    elif comma > 0 and start == span.start and comma - start > 60:
        start = comma + 2
    found = _trim(text, Span(start, verb_at))
    name = text[found.start : found.end]
    while True:
        shorter = re.sub(
            r"\b(?:also|then|again|further|later|has|have|had|previously|reportedly|repeatedly|strongly|clearly)\s*$",
            "",
            name,
        ).rstrip(_EDGE)
        if shorter == name:
            break
        name = shorter
    words = name.split()
    if not 1 <= len(words) <= _LONGEST_SPEAKER or words[0].lower() in NOT_SPEAKERS:
        return None
    if not re.search(r"[A-Za-z]", name) or any(word in ("to", "will", "would", "could", "should") for word in words):
        return None
    return Span(found.start, found.start + len(name))


def _content(text: str, at: int, end: int, verb: str, quotes: list[Span]) -> tuple[int, str, bool]:
    """Give where the words begin, to whom they went, and whether there are any."""
    rest = text[at:end]
    whom = ""
    if verb in ADDRESSED or (rest.startswith(" to ") and verb not in TO_ACT):
        found = _TO_WHOM.match(rest.replace(" on ", "    ", 1) if verb in ("called", "calls") else rest)
        if found is not None and len(found[1].split()) <= 6 and not found[1].startswith("that"):
            whom = found[1].strip()
            at += found.end()
            rest = text[at:end]
    for lead in (" that ", ", that ", ": ", ", ", " out that "):
        if rest.startswith(lead):
            return at + len(lead), whom, True
    if verb in TO_ACT | ASKS and re.match(r",? (?:to|for|on|not to)\b", rest):
        return at + 1, whom, True
    if rest.lstrip()[:1] in '“"«' and rest.lstrip():
        return at + 1, whom, True
    if verb in THINGS or verb in TO_ACT:
        return at, whom, len(rest.split()) >= 3
    if verb in ("said", "says", "say", "told", "tells", "believes", "believed", "hoped", "hopes", "insisted", "argued"):
        day = _DAY.match(rest)
        return at + (day.end() if day else 0), whom, len(rest.split()) >= 3
    return at, whom, False


def _in(at: int, quotes: list[Span]) -> bool:
    return any(one.start <= at < one.end for one in quotes)
