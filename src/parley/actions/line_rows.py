"""What the actions hand out about the line: links, tests, gaps, faults, both sides' keys. Under the rules of rows.py.

Owns: the shapes. Does not own: where the facts come from (line.py, keys.py, record.py).
"""

from __future__ import annotations

from msgspec import Struct


class LinkRow(Struct, frozen=True, kw_only=True):
    """One path of the line as a desk shows it."""

    name: str
    up: bool
    since: str | None
    heard_age_s: float | None
    rtt_ms: float | None
    group: str
    post_quantum: bool
    lanes: tuple[str, ...]
    route: str
    bits_s: int  # what a thin link carries, as its operator stated; 0 for any other
    last_error: str


class TestRow(Struct, frozen=True, kw_only=True):
    """The result of one line test."""

    at: str
    by: str  # person id, or "" when the node did it by the hour
    ours: bool
    answered_at: str | None
    same: bool | None  # did both nodes fold the same views at the cut; None until answered
    digest: str
    subject: str


class GapRow(Struct, frozen=True, kw_only=True):
    """A time without the line, as one side saw it."""

    side: str
    link: str  # a link's name, or "line"
    since: str
    until: str
    cause: str
    subject: str


class FaultRow(Struct, frozen=True, kw_only=True):
    """Something the other side's node, a link or a disk did that it must not."""

    at: str
    code: str
    sentence: str
    link: str


class SideRow(Struct, frozen=True, kw_only=True):
    """One side as the line knows it."""

    id: str
    name: str
    domain: str
    languages: tuple[str, ...]
    watch: bool | None  # somebody is there; None where it cannot be known (the line is down)
    watch_since: str | None = None  # since when that is so
    watch_handed_over: str | None = None  # when a watch was last handed over, somebody being there all the time


class VouchedRow(Struct, frozen=True, kw_only=True):
    """Keys that a side's identity listed lately: whose, and when."""

    ours: bool
    name: str
    at: str


class LineRow(Struct, frozen=True, kw_only=True):
    """The state of the line, for the head of every page."""

    line: str
    words: tuple[str, ...]
    ours: SideRow
    theirs: SideRow
    up: bool
    down_since: str | None
    links: tuple[LinkRow, ...]
    signing: str  # ok | waiting-for-peer | read-only
    signing_reason: str
    second_place: str  # what an operator should know of the second copy of our heads; empty where all is well
    last_test: TestRow | None
    next_test_at: str | None
    gaps: tuple[GapRow, ...]
    clock_offset_ms: int | None
    waiting: int  # our entries their node has not got
    waiting_since: str | None
    waiting_for_s: int | None
    put_off: int  # logs over which our post-quantum signatures wait, because all links are thin
    fallback: str  # how to reach them when the line is down
    fallback_id: str  # of the entry that says so
    fallback_confirmed_at: str | None
    fallback_ours: str
    rules: int
    faults: int
    mode: str  # what entries here are marked with: actual, exercise or test
    vouched: tuple[VouchedRow, ...]
    now: str


class CarriedRow(Struct, frozen=True, kw_only=True):
    """What a hand-carried file covers."""

    side: str
    at: str
    frames: int
    covers: tuple[tuple[str, int, int], ...]  # log, first number, size


class PolicyRow(Struct, frozen=True, kw_only=True):
    """A proposal who may release a FLASH alone, after how long; it waits for a second person."""

    persons: tuple[str, ...]
    after_s: int
    by: str


class SideKeysRow(Struct, frozen=True, kw_only=True):
    """The card that speaks for a side, and one that was announced and waits to be confirmed."""

    side: str
    digest: str
    words: tuple[str, ...]
    made: str
    replaced: int  # how often its keys were replaced
    announced_at: str | None
    announced_digest: str
    announced_words: tuple[str, ...]
    now: str


class KeysRow(Struct, frozen=True, kw_only=True):
    """Both sides' keys, and how many entries each of our logs has."""

    ours: SideKeysRow
    theirs: SideKeysRow
    heads: dict[str, int]
