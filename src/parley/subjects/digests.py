"""One digest over everything two nodes should see alike at a stated cut.

Owns: what goes into the digest: rules' version, the cut, a sum over the verdict and turn of every entry, the line
channel's views, and the views of the subjects that the last entries of each log speak of.
Does not own: the line test that carries it. It finds honest divergence; of a peer that lies it says nothing.
Why a sum: a cut behind our own end is reached by subtracting the few entries since, not by folding all again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final, Protocol, cast, runtime_checkable

from parley.codec import JsonInput, encode
from parley.record.names import LogId, Ref
from parley.storage.port import FoldRow
from parley.subjects.acts import Cut, Topic
from parley.subjects.line_view import assemble
from parley.subjects.tracks import Track

_PLAIN: Final = frozenset((str, int, bool, type(None)))
_KNOWN: Final[dict[type[Any], tuple[str, ...] | None]] = {}
MASK: Final = (1 << 256) - 1
_VIEWS_EACH: Final = 32  # of each log, the subjects of this many last entries are compared view by view


class Source(Protocol):
    """What the digest reads of the logs."""

    us: str
    them: str

    def track(self, log: LogId) -> Track | None: ...
    def ids(self, log: LogId, first: int, end: int) -> Iterable[str]: ...
    def rows(self, log: LogId, first: int, end: int) -> Iterable[FoldRow]: ...


class Topics(Protocol):
    """What the digest reads of the shelf."""

    standing_topics: dict[str, Topic]

    def topic(self, channel: str, subject: str) -> Topic | None: ...


@runtime_checkable
class InShort(Protocol):
    """A mapping that is too large to be hashed whole in an hourly test, and says itself in short what it is."""

    def in_short(self) -> Mapping[str, object]: ...


def weigh(row: FoldRow, entry_id: str) -> int:
    """Give one entry's part of the sum."""
    told = f"{row.log.text}|{row.number}|{entry_id}|{row.turn}|{row.verdict}|{row.subject}|{row.kind}"
    return int.from_bytes(hashlib.sha256(told.encode()).digest(), "big")


def digest(logs: Source, shelf: Topics, cut: Mapping[LogId, int]) -> str:
    """Give the digest as 64 hex digits; every log of the cut is folded that far."""
    inside = Cut(cut)
    first, second = sorted((logs.us, logs.them))  # the same on both nodes
    line = assemble(first, second, shelf.standing_topics, inside)
    views: dict[str, bytes] = {}
    for log, size in cut.items():
        for row in logs.rows(log, max(0, size - _VIEWS_EACH), size):
            if row.verdict == "valid" and f"{row.channel}|{row.subject}" not in views:
                topic = shelf.topic(row.channel, row.subject)
                view = topic.view_at(inside) if topic else None
                views[f"{row.channel}|{row.subject}"] = _digest_of(view)
    # Part by part: each part has its own bound on members, the whole has none.
    told = hashlib.sha256(b"parley views 1\n")
    for log, size in sorted(cut.items()):
        told.update(f"log {log.text} {size} {_sum_at(logs, log, size):064x}\n".encode())
    for name in (field.name for field in fields(line)):
        part = getattr(line, name)
        pieces = sorted(part.items()) if isinstance(part, Mapping) else enumerate(part if _is_list(part) else [part])
        for key, piece in pieces:
            told.update(f"line {name} {key} {_digest_of(piece).hex()}\n".encode())
    for name, digested in sorted(views.items()):
        told.update(f"view {name} {digested.hex()}\n".encode())
    return told.hexdigest()


def _names(kind: type[Any]) -> tuple[str, ...] | None:
    """Give the names of a dataclass's fields; None for any other kind. There are no more kinds than views have."""
    if kind not in _KNOWN:
        _KNOWN[kind] = tuple(field.name for field in fields(kind)) if is_dataclass(kind) else None
    return _KNOWN[kind]


def _digest_of(view: object) -> bytes:
    """Hash a view piece by piece: how much a peer can put into one view must not decide whether it can be hashed."""
    kind: type[Any] = type(view)
    if kind in _PLAIN:  # most of what a view holds: asking each what else it may be took half the time of a digest
        return hashlib.sha256(b"=" + encode(cast(JsonInput, view))).digest()
    if isinstance(view, Ref):
        view = [view.log.text, view.number, view.id]
    elif (names := _names(kind)) is not None:
        view = {name: getattr(view, name) for name in names}
    if isinstance(view, Mapping) and not isinstance(view, dict) and isinstance(view, InShort):
        view = view.in_short()
    if isinstance(view, Mapping):
        told = hashlib.sha256(b"{")
        for key in sorted(view):
            told.update(encode(str(key)) + b":" + _digest_of(view[key]))
        return told.digest()
    if isinstance(view, tuple | list):
        return hashlib.sha256(b"[" + b"".join(_digest_of(item) for item in view)).digest()
    return hashlib.sha256(b"=" + encode(cast(JsonInput, view))).digest()


def _is_list(part: object) -> bool:
    return isinstance(part, tuple | list)


def _sum_at(logs: Source, log: LogId, size: int) -> int:
    track = logs.track(log)
    if track is None:
        return 0
    if track.sum is None:
        track.sum = _sum(logs, log, 0, track.folded)
    return (track.sum - _sum(logs, log, size, track.folded)) & MASK


def _sum(logs: Source, log: LogId, first: int, end: int) -> int:
    total = 0
    for row, entry_id in zip(logs.rows(log, first, end), logs.ids(log, first, end), strict=True):
        total += weigh(row, entry_id)
    return total & MASK


def plain(view: object) -> JsonInput:
    """Give a view as plain JSON values, for digests and programs."""
    if isinstance(view, Ref):
        return [view.log.text, view.number, view.id]
    kind: type[Any] = type(view)
    if kind in _PLAIN:
        return cast(JsonInput, view)
    names = _names(kind)
    if names is not None:
        return {name: plain(getattr(view, name)) for name in names}
    if isinstance(view, Mapping):
        return {str(key): plain(value) for key, value in view.items()}
    if isinstance(view, tuple | list):
        return [plain(item) for item in view]
    return cast(JsonInput, view)
