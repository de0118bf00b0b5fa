"""Which notices end when: so that what is in force in some days of a year is found without folding the year.

Owns: the rows of one index, beside the record: key `channel|end|subject`, value `beginning|side|status|state`.
Does not own: the views. What a row says is what the view says; it only spares looking at the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from parley.storage.port import ValueRow
from parley.subjects.acts import Act
from parley.subjects.notices.view import NoticeView, fold

SPACE: Final = "fold.notices"


class Found(NamedTuple):
    """One notice of the index."""

    subject: str
    since: str
    until: str
    side: str
    status: str
    state: str


def rows(act: Act, acts: Sequence[Act]) -> list[ValueRow]:
    """Give the rows that follow from an act just added to the acts of its notice."""
    if act.entry.kind == "notice.acknowledged":
        return []
    now, before = fold(tuple(acts)), fold(tuple(one for one in acts if one is not act))
    made = [] if now is None else [ValueRow(SPACE, _key(now), _value(now))]
    if before is not None and now is not None and before.until != now.until:
        made.insert(0, ValueRow(SPACE, _key(before), None))
    return made


def after(channel: str, moment: str) -> str:
    """Give the key behind which a channel's notices stand that end after a moment."""
    return f"{channel}|{moment}|~"


def prefix(channel: str) -> str:
    """Give what all keys of a channel begin with."""
    return f"{channel}|"


def read(key: str, value: bytes) -> Found:
    """Read a row of ours."""
    _, until, subject = key.split("|")
    since, side, status, state = value.decode().split("|")
    return Found(subject, since, until, side, status, state)


def _key(view: NoticeView) -> str:
    return f"{view.channel}|{view.until}|{view.subject}"


def _value(view: NoticeView) -> bytes:
    return f"{view.since}|{view.side}|{view.status}|{view.state}".encode()
