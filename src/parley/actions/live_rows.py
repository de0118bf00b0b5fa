"""What people see of their own receivers: the feeds, the tracks, the pairs that come close."""

from __future__ import annotations

from msgspec import Struct


class FeedRow(Struct, frozen=True, kw_only=True):
    """One receiver."""

    name: str
    form: str
    by: str
    address: str
    up: bool
    heard_at: str  # moment of the last line that made sense; "" for none
    lines: int
    wrong: int
    dropped: int


class TrackRow(Struct, frozen=True, kw_only=True):
    """One ship or aircraft that is heard now."""

    id: str
    kind: str
    name: str  # what it calls itself, or its id
    lat: float
    lon: float
    course_deg: int | None
    knots: int | None
    height_m: int | None
    at: str
    way: tuple[tuple[int, float, float], ...]  # time in ms, latitude, longitude; oldest first
    near: bool


class PairRow(Struct, frozen=True, kw_only=True):
    """Two that come close, or came."""

    key: str
    first: str
    second: str
    since: str
    distance_m: int
    closest_m: int
    closest_at: str
    lat: float
    lon: float
    over_at: str  # "" while it goes on


class LiveRow(Struct, frozen=True, kw_only=True):
    """Everything on the page of the live watch."""

    wanted: bool  # this side has set a receiver
    feeds: tuple[FeedRow, ...]
    pairs: tuple[PairRow, ...]
    tracks: int
    crowded: bool
    distance_m: int
    within_s: int
