"""Our own movements, as a person has them: plan one, take it out, see what it overlaps. Private to our side.

Owns: rights, the rows. Does not own: how they lie on disk (people/movements.py), what overlaps (notice_showing.py).
Always true: 1. Of a movement nothing crosses the line (promise 9); who may give notice may plan one.
"""

from __future__ import annotations

import secrets
from typing import cast

from parley.actions.notice_rows import MovementRow
from parley.actions.notice_showing import Beside, notice_of
from parley.actions.notice_words import NoticeWords, area_text, read_words
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.who import Who, need
from parley.errors import Refused
from parley.people import movements as kept
from parley.times import moment_text


async def plan(
    node: NodePort, who: Who, *, title: str, since: str, until: str, area: str, low: str = "", high: str = ""
) -> str:
    """Keep a movement of ours; gives its id. Raises Refused as giving a notice does, and `movements.area`, `.full`."""
    need(who, "release")
    words = NoticeWords(
        what="movement", title=title, since=since, until=until, language="en", area=area, low=low, high=high
    )
    notice = read_words(words, "-")
    if notice.area is None:
        raise Refused("movements.area", "a movement needs an area")
    made = kept.Movement(
        id=secrets.token_hex(4), title=notice.title, since=notice.since, until=notice.until,
        area=cast("dict[str, object]", notice.area.value()), low_m=notice.low_m, high_m=notice.high_m, by=who.person,
    )  # fmt: skip
    await node.keep(kept.plan(node.store, made, moment_text(node.moment())))
    return made.id


async def drop(node: NodePort, who: Who, id: str) -> None:
    """Take a movement out."""
    need(who, "release")
    await node.keep([kept.drop(node.store, id)])


def movements(node: NodePort, who: Who) -> list[MovementRow]:
    """Give our movements that are not over, with the notices of both sides that each overlaps."""
    need(who, "read")
    now = moment_text(node.moment())
    found = sorted((one for one in kept.every(node.store) if one.until > now), key=lambda one: one.since)
    if not found:
        return []
    beside = Beside(node, who, found[0].since, max(one.until for one in found))
    rows = []
    for one in found:
        notice = notice_of(one)
        overlaps, compared = beside.overlaps_of_movement(one.id, notice)
        rows.append(
            MovementRow(
                id=one.id,
                title=one.title,
                since=one.since,
                until=one.until,
                area_text=area_text(notice.area),
                low_m=one.low_m,
                high_m=one.high_m,
                by_name=person_name(node, node.identity.ours.side, one.by)[0],
                overlaps=overlaps,
                compared=compared,
            )
        )
    return rows
