"""What the actions hand out about searches and positions: plain frozen facts, under the rules of rows.py."""

from __future__ import annotations

from msgspec import Struct


class FoundRow(Struct, frozen=True, kw_only=True):
    """An entry that a search found."""

    log: str
    number: int
    channel: str
    side: str
    side_name: str
    ours: bool
    at: str
    kind: str
    subject: str
    status: str
    person_name: str
    excerpt: str
    language: str
    path: str  # the page of what it is about; "" where there is none


class PositionRow(Struct, frozen=True, kw_only=True):
    """What was said on a topic, once: by whom, when, where."""

    topic: str
    at: str  # a day or a moment's text
    side_name: str
    ours: bool
    who: str
    words: str
    language: str
    origin: str  # readout | press | note
    title: str
    channel: str
    path: str  # where it stands, as the desk finds it
    contested: bool
    status: str
    changed: tuple[tuple[str, str, str], ...]  # against what this side said before: kind, before only, now only
    note: str = ""  # the name of our note, to take it back


class RegisterTopic(Struct, frozen=True, kw_only=True):
    """A topic of the register, in order of time."""

    topic: str
    rows: tuple[PositionRow, ...]
