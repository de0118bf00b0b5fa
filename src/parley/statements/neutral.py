"""Where a draft readout contradicts what the record knows of the meeting: dates, length, who asked, who was there.

Owns: finding such places by rules, in English, Chinese and Arabic. Does not own: the facts (actions/), the draft.
A warning never blocks: the text may speak of another day. What the rules do not find, they do not vouch for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from parley.times import read_moment

_NEAR: Final = timedelta(days=10)  # a date farther away is another event's
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_ARABIC_MONTHS: Final = {
    "يناير": 1, "فبراير": 2, "مارس": 3, "أبريل": 4, "مايو": 5, "يونيو": 6, "يوليو": 7, "أغسطس": 8, "سبتمبر": 9,
    "أكتوبر": 10, "نوفمبر": 11, "ديسمبر": 12,
}  # fmt: skip
_MONTH: Final = "|".join(name.title() for name in _MONTHS)
_DATES: Final = (
    re.compile(rf"(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?!\d)(?:,?\s+(?P<year>\d{{4}}))?"),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})\s+(?P<month>{_MONTH})(?:\s+(?P<year>\d{{4}}))?"),
    re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)"),
    re.compile(r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})\s+(?P<month>{'|'.join(_ARABIC_MONTHS)})(?:\s+(?P<year>\d{{4}}))?"),
)
_HOURS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_SIGNS: Final = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8}
_LENGTH: Final = re.compile(
    r"(?<![\d.])(?P<count>\d{1,2}(?:\.\d)?|" + "|".join(_HOURS) + r")[\s-]hours?\b|"
    r"(?P<sign>[一两二三四五六七八]|\d{1,2})个?(?:多)?小时",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(r"(?<![\d.:])(?:[01]?\d|2[0-3])(?:[:.][0-5]\d|时(?:[0-5]?\d分)?)(?![\d:.]?\d)")
_BEGAN: Final = re.compile(
    r"\b(?:beg[aiu]n|start|open|end|conclude|close|finish)\w*|开始|结束|开幕|闭幕|بدأ|انته", re.IGNORECASE
)
_SENTENCE: Final = re.compile(r"[。！？；;\n]|[.!?؟]\s")  # where one sentence ends
_BESIDE: Final = 40  # signs between the time and the word
_LATE_MIN: Final = 15  # "began at three" is right for ten past
_AT_REQUEST: Final = (
    re.compile(r"at the (?:request|initiative) of (?:the )?(?P<who>[^,.;]{1,60})", re.IGNORECASE),
    re.compile(r"应(?P<who>[^,\uff0c。;]{1,30}?)(?:的)?(?:请求|邀请|提议)"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neutral:
    """What the record knows of a meeting: titles and names as both sides hold them, moments as text or ""."""

    title: str
    date: str
    began: str = ""
    ended: str = ""
    asked_by: str = ""  # the name of the side that asked for it
    sides: tuple[str, ...] = ()
    attended: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    days: tuple[str, ...] = ()  # on which it was, by any of both sides' clocks
    clocks: tuple[str, ...] = ()  # when it began and ended, as 09:30, in UTC and on both sides' clocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Warning:
    """One place where a draft and the record do not agree: what the record has, what the draft says, and where."""

    code: str  # date | time | length | asked | not-named | not-taken
    record: str
    draft: str = ""
    start: int = 0
    end: int = 0


def warnings(text: str, facts: Neutral) -> tuple[Warning, ...]:
    """Give every place that contradicts the facts, then what the record has and the draft leaves out."""
    found = [*_dates(text, facts), *_times(text, facts), *_lengths(text, facts), *_asked(text, facts)]
    low = text.casefold()
    found += [
        Warning(code="not-named", record=name)
        for name in facts.attended if name.split() and name.split()[-1].casefold() not in low
    ]  # fmt: skip
    found += [Warning(code="not-taken", record=item) for item in facts.items if not _touched(item, low)]
    return tuple(found)


def _dates(text: str, facts: Neutral) -> Iterator[Warning]:
    try:
        held = date.fromisoformat(facts.date)
    except ValueError:
        return
    right = {held, *map(date.fromisoformat, facts.days)}
    for moment in (facts.began, facts.ended):
        if moment:
            right.add(date.fromisoformat(moment[:10]))
    for form in _DATES:
        for match in form.finditer(text):
            said = _date(match, held.year)
            if said is not None and said not in right and abs(said - held) <= _NEAR:
                yield Warning(
                    code="date", record=facts.date, draft=match[0], start=match.start(), end=match.end()
                )  # fmt: skip


def _times(text: str, facts: Neutral) -> Iterator[Warning]:
    """Find a time of day beside a word of beginning or ending that is on no clock of the two sides."""
    held = [_minute(clock) for clock in facts.clocks]
    if not held:
        return
    for match in _CLOCK.finditer(text):
        before = _SENTENCE.split(text[max(0, match.start() - _BESIDE) : match.start()])[-1]
        around = before + " " + _SENTENCE.split(text[match.end() : match.end() + _BESIDE])[0]
        minute = _minute(match[0].replace("时", ":").rstrip("分") or "0")
        far = all(min(abs(minute - one), 1440 - abs(minute - one)) > _LATE_MIN for one in held)
        if far and _BEGAN.search(around):
            yield Warning(
                code="time", record=", ".join(facts.clocks), draft=match[0], start=match.start(), end=match.end()
            )  # fmt: skip


def _minute(clock: str) -> int:
    hour, _, minute = clock.replace(".", ":").partition(":")
    return int(hour) * 60 + int(minute or 0)


def _date(match: re.Match[str], year: int) -> date | None:
    month = match["month"]
    number = (
        int(month) if month.isdigit()
        else _ARABIC_MONTHS[month] if month in _ARABIC_MONTHS
        else _MONTHS.index(month.casefold()) + 1
    )  # fmt: skip
    try:
        return date(int(match["year"] or year), number, int(match["day"]))
    except ValueError:
        return None


def _lengths(text: str, facts: Neutral) -> Iterator[Warning]:
    if not (facts.began and facts.ended):
        return
    lasted = (read_moment(facts.ended) - read_moment(facts.began)) / 3_600_000
    for match in _LENGTH.finditer(text):
        told = match["count"] or match["sign"]
        hours = float(_HOURS.get(told.casefold(), _SIGNS.get(told, 0)) or told)
        if abs(hours - lasted) > 0.75:  # "about four hours" is right for three and a half
            yield Warning(
                code="length", record=f"{lasted:.1f} h", draft=match[0], start=match.start(), end=match.end()
            )  # fmt: skip


def _asked(text: str, facts: Neutral) -> Iterator[Warning]:
    if not facts.asked_by:
        return
    for form in _AT_REQUEST:
        for match in form.finditer(text):
            who = match["who"].casefold()
            others = [side for side in facts.sides if side != facts.asked_by and side.casefold() in who]
            if others and facts.asked_by.casefold() not in who:
                yield Warning(
                    code="asked", record=facts.asked_by, draft=match[0], start=match.start(), end=match.end()
                )  # fmt: skip


def _touched(item: str, low: str) -> bool:
    """Say whether a text has at least one telling word of an item's title."""
    parts = [part for part in re.findall(r"\w+", item.casefold()) if len(part) > 3 or not part.isascii()]
    return not parts or any(part in low for part in parts)
