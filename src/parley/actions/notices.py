"""Notices, as a person has them: give one, amend, extend, cancel, end it, read the other side's; what is in force.

Owns: rights, the count of our own notices, the forms that follow one another.
Does not own: which facts are allowed (subjects/notices/), what people type (notice_words.py), what is late or overlaps
(notice_showing.py).
Always true:
  1. Nothing is refused for being late or for overlapping; `check` and the rows say so, to our side alone.
  2. No two notices of ours in a channel have one number, however many desks give them at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final
from weakref import WeakKeyDictionary

from parley import limits
from parley.actions.notice_rows import CheckedRow, NoticeRow, NoticesRow
from parley.actions.notice_showing import Beside, area_value, found_in, rooms, view_of
from parley.actions.notice_words import NoticeWords, area_text, read_when, read_words
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import write
from parley.actions.who import Who, need, need_in
from parley.codec.text import make_text
from parley.errors import Refused
from parley.subjects.notices import NoticeView
from parley.subjects.notices import facts as said
from parley.subjects.notices.view import Form
from parley.times import Moment, moment_text, read_moment

DAYS_SHOWN: Final = 31
_DAY_MS: Final = 86_400_000
_SLICE: Final = 25  # notices between two turns of the others: some 5 ms
_COUNTED_MAX: Final = 10_000  # of our own notices that are counted for the next number
_turns: Final = WeakKeyDictionary[NodePort, asyncio.Lock]()  # held from the count of a node's notices to the next one


async def give(node: NodePort, who: Who, channel: str, words: NoticeWords) -> Sent:
    """Give notice: it is on our disk when this returns.

    Raises: Refused `people.right`, `people.member`, `channels.unknown`; what `read_words` raises; `codec.field`.
    """
    need_in(node, who, "release", channel)
    async with _turns.setdefault(node, asyncio.Lock()):  # else two desks count the same, and give one number
        notice = read_words(words, _next_number(node, channel))
        return await write(node, who, said.give(channel, notice), status=words.status)


async def amend(
    node: NodePort, who: Who, channel: str, subject: str, words: NoticeWords, *, reason: str, seen: str | None = None
) -> Sent:
    """Give other words in the place of all earlier ones, under the number the notice has.

    Args:
        seen: Id of the latest form that the person was shown; None where nobody was shown any. So it is of all below.
    Raises: Refused `notices.follows` if there is a later one by now.
    """
    view = _view(node, who, "release", channel, subject)
    last, notice = _latest(view, seen), read_words(words, view.notice.number)
    fact = said.amend(channel, subject, last.ref, last.form + 1, notice, _reason(reason))
    return await write(node, who, fact, status=view.status)


async def extend(
    node: NodePort, who: Who, channel: str, subject: str, *, until: str, reason: str, seen: str | None = None
) -> Sent:
    """Say that it lasts longer."""
    view = _view(node, who, "release", channel, subject)
    last = _latest(view, seen)
    fact = said.extend(channel, subject, last.ref, last.form + 1, read_when(until), _reason(reason))
    return await write(node, who, fact, status=view.status)


async def cancel(node: NodePort, who: Who, channel: str, subject: str, *, reason: str, seen: str | None = None) -> Sent:
    """Say that it does not take place, or no longer."""
    view = _view(node, who, "release", channel, subject)
    last = _latest(view, seen)
    fact = said.cancel(channel, subject, last.ref, last.form + 1, _reason(reason))
    return await write(node, who, fact, status=view.status)


async def end(
    node: NodePort, who: Who, channel: str, subject: str, *, ended: str = "", note: str = "", seen: str | None = None
) -> Sent:
    """Say that it is over, now or since the moment `ended`."""
    view = _view(node, who, "release", channel, subject)
    last = _latest(view, seen)
    at = read_when(ended) if ended.strip() else moment_text(node.moment())
    fact = said.end(channel, subject, last.ref, last.form + 1, at, make_text(note).strip())
    return await write(node, who, fact, status=view.status)


async def acknowledge(
    node: NodePort, who: Who, channel: str, subject: str, *, note: str = "", seen: str | None = None
) -> Sent:
    """Say by name that the latest form of the other side's notice was read: the one that was shown."""
    view = _view(node, who, "acknowledge", channel, subject)
    fact = said.acknowledge(channel, subject, _latest(view, seen).ref, make_text(note).strip())
    return await write(node, who, fact, status=view.status)


def check(node: NodePort, who: Who, channel: str, words: NoticeWords) -> CheckedRow:
    """Say how a notice would stand if it were given now: what was read, whether it is late, what it overlaps."""
    need_in(node, who, "release", channel)
    notice = read_words(words, _next_number(node, channel))
    beside = Beside(node, who, notice.since, notice.until)
    overlaps, compared = beside.overlaps_of_words(channel, notice, words.status or node.default_status)
    return CheckedRow(
        number=notice.number, since=notice.since, until=notice.until, area=area_value(notice),
        area_text=area_text(notice.area), low_m=notice.low_m, high_m=notice.high_m,
        lead=beside.lead(notice, moment_text(node.moment())), overlaps=overlaps, compared=compared,
    )  # fmt: skip


def notice(node: NodePort, who: Who, channel: str, subject: str) -> NoticeRow:
    """Give one notice."""
    view = _view(node, who, "read", channel, subject)
    return Beside(node, who, view.since, view.until).row(view, moment_text(node.moment()))


def notices(
    node: NodePort, who: Who, *, since: str = "", until: str = "", channel: str = "",
    compare: bool = True,
) -> NoticesRow:  # fmt: skip
    """Give the notices that last into a time, by their beginning: by default from now on, for a month.

    At most limits.NOTICES_SHOWN_MAX; `more` says that there are more. Without `compare` nothing is said of overlaps.
    """
    need(who, "read")
    if channel:
        need_in(node, who, "read", channel)
    now = node.moment()
    start = read_when(since) if since.strip() else moment_text(now)
    end = read_when(until) if until.strip() else moment_text(Moment(read_moment(start) + DAYS_SHOWN * _DAY_MS))
    if end <= start:
        raise Refused("notices.time", "the last day comes before the first")
    found = _found(node, [channel] if channel else rooms(node, who), start, end)
    views, more = _views(node, found[: limits.NOTICES_SHOWN_MAX]), len(found) > limits.NOTICES_SHOWN_MAX
    if not views:
        return NoticesRow(since=start, until=end, notices=(), more=False)
    first, last = min(one.since for one in views), max(one.until for one in views)
    beside = Beside(node, who, first, last, compare=compare)
    rows = tuple(beside.row(view, moment_text(now)) for view in views)
    return NoticesRow(since=start, until=end, notices=rows, more=more)


async def every(node: NodePort, who: Who, *, since: str, until: str) -> list[NoticeRow]:
    """Give all notices that last into a time, at most limits.NOTICES_FED_MAX; says nothing of overlaps.

    Others have their turn between slices: a calendar of a year must not hold up a heartbeat or a voice.
    """
    need(who, "read")
    found = _found(node, rooms(node, who), since, until)[: limits.NOTICES_FED_MAX]
    beside, now = Beside(node, who, since, until, compare=False), moment_text(node.moment())
    rows: list[NoticeRow] = []
    for first in range(0, len(found), _SLICE):
        rows += [beside.row(view, now) for view in _views(node, found[first : first + _SLICE])]
        await asyncio.sleep(0)
    return rows


def in_force(node: NodePort, who: Who, *, at: str = "") -> list[NoticeRow]:
    """Give the notices in force at a moment, by default now."""
    moment = read_when(at) if at.strip() else moment_text(node.moment())
    after = moment_text(Moment(read_moment(moment) + 1))
    found = notices(node, who, since=moment, until=after).notices
    return [row for row in found if row.state != "cancelled" and row.since <= moment < row.until]


# --- inside -----------------------------------------------------------------------------------------------------------


def _found(node: NodePort, channels: Sequence[str], start: str, end: str) -> list[tuple[str, str, str]]:
    """Give the beginning, subject and channel of each notice that lasts into a time, by the beginning."""
    return sorted((one.since, one.subject, room) for room in channels for one in found_in(node, room, start, end))


def _views(node: NodePort, chosen: Sequence[tuple[str, str, str]]) -> list[NoticeView]:
    views = [view_of(node, room, subject) for _, subject, room in chosen]
    return [view for view in views if view is not None]


def _view(node: NodePort, who: Who, right: str, channel: str, subject: str) -> NoticeView:
    need_in(node, who, right, channel)
    view = view_of(node, channel, subject)
    if view is None:
        raise Refused("notices.unknown", f'there is no notice "{subject[:100]}" in {channel[:48]}')
    return view


def _latest(view: NoticeView, seen: str | None) -> Form:
    """Give the latest form, which must be the one that was seen: they may amend it while a finger is on its way."""
    last = view.forms[-1]
    if seen is not None and seen != last.ref.id:
        raise Refused("notices.follows", "the notice was changed since you were shown it; nothing was said")
    return last


def _reason(reason: str) -> str:
    words = make_text(reason).strip()
    if not words:
        raise Refused("notices.reason", "say why: the other side sees it")
    return words


def _next_number(node: NodePort, channel: str) -> str:
    """Give the next number of our own notices in this channel: counted through the year, `7/2026`."""
    us, year = node.identity.ours.side, moment_text(node.moment())[:4]
    rows = node.store.recent(channel, ("notice.given",), before=None, count=_COUNTED_MAX)
    count = sum(row.log.side == us and row.at[:4] == year and row.verdict == "valid" for row in rows)
    return f"{count + 1}/{year}"
