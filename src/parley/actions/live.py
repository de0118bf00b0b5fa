"""The live watch, as a person has it: what our receivers hear, who comes close, and a moment kept for a report.

Owns: rights (`read` to look, `draft` to keep), the file that a kept moment becomes.
Does not own: sockets and warnings (node/feeds.py), reports (actions/incidents.py).
Always true: nothing here writes an entry. A kept moment is a private file until somebody names it in one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from parley.actions import files
from parley.actions.live_rows import FeedRow, LiveRow, PairRow, TrackRow
from parley.actions.ports import NodePort
from parley.actions.rows import AttachmentRow
from parley.actions.who import Who, need
from parley.errors import Refused
from parley.live import LiveTrack, Pair
from parley.node.config import address_text
from parley.times import Moment, moment_text
from parley.tracks import Fix, Track
from parley.tracks.writing import written

_KNOT_MPS: Final = 1852 / 3600
_MEDIA: Final = "text/csv"


def live(node: NodePort, who: Who) -> LiveRow:
    """Give the feeds and the pairs."""
    need(who, "read")
    feeds = node.feeds
    return LiveRow(
        wanted=feeds.wanted,
        feeds=tuple(
            FeedRow(
                name=feed.setting.name, form=feed.setting.form, by=feed.setting.by,
                address=address_text(feed.setting.host, feed.setting.port), up=feed.up,
                heard_at=moment_text(Moment(feed.heard_ms)) if feed.heard_ms else "",
                lines=feed.ears.lines, wrong=feed.ears.wrong, dropped=feed.dropped,
            )
            for feed in feeds.feeds
        ),
        pairs=tuple(_pair_row(node, pair) for pair in feeds.near.pairs()),
        tracks=len(feeds.tracks), crowded=feeds.near.crowded,
        distance_m=feeds.near.rules.distance_m, within_s=feeds.near.rules.within_s,
    )  # fmt: skip


def live_tracks(node: NodePort, who: Who, *, way_max: int = 5) -> tuple[TrackRow, ...]:
    """Give every track with the end of its way; the ways of those that are near are whole."""
    need(who, "read")
    near = {id for pair in node.feeds.near.pairs() if not pair.over_ms for id in (pair.a, pair.b)}
    return tuple(
        _track_row(track, track.id in near, 10_000 if track.id in near else way_max)
        for track in node.feeds.tracks
        if track.placed
    )


def pair(node: NodePort, who: Who, key: str) -> PairRow:
    """Give one pair; raises Refused `live.unknown`."""
    need(who, "read")
    return _pair_row(node, _found(node, key))


async def keep_moment(node: NodePort, who: Who, key: str) -> tuple[PairRow, AttachmentRow]:
    """Keep the ways of a pair as a private file, ready to be named in a report.

    Raises: Refused `people.right`, `live.unknown`; Unavailable.
    """
    need(who, "draft")
    row, found = _pair_row(node, _found(node, key)), _found(node, key)
    content = _written([track for id in (found.a, found.b) if (track := node.feeds.tracks.get(id)) is not None])

    async def pieces() -> AsyncIterator[bytes]:
        yield content

    name = f"tracks-{moment_text(node.moment())[:19].replace(':', '')}Z.csv"
    return row, await files.attach(node, who, name=name, media=_MEDIA, content=pieces())


async def kept_file(node: NodePort, who: Who, root: str) -> tuple[AttachmentRow, AsyncIterator[bytes]]:
    """Give a kept moment back; raises Refused `files.unknown`."""
    need(who, "draft")
    row = files.file_row(node, root)
    if row.media != _MEDIA or not row.name.startswith("tracks-"):
        raise Refused("files.unknown", "there is no such kept moment")
    return row, node.read_attachment(root)


def _found(node: NodePort, key: str) -> Pair:
    found = node.feeds.near.get(key)
    if found is None:
        raise Refused("live.unknown", "these two are not near each other any more, and their warning is gone")
    return found


def _written(tracks: list[LiveTrack]) -> bytes:
    """Give tracks as CSV that an incident's page reads again; a fix that does not come later than the last is left."""
    made = []
    for track in tracks:
        fixes: list[Fix] = []
        for at, lat, lon, height in track.flight():
            if not fixes or at > fixes[-1].at_ms:
                fixes.append(Fix(at, lat, lon, height))
        id_kind, _, number = track.id.partition("-")
        kind = "aircraft" if track.kind == "aircraft" else "surface"
        if fixes:
            made.append(
                Track(name=track.name, kind=kind, ids={id_kind: number}, source=track.source, fixes=tuple(fixes))
            )
    return b"".join(written(made))


def _pair_row(node: NodePort, pair: Pair) -> PairRow:
    return PairRow(
        key=pair.key, first=_name(node, pair.a), second=_name(node, pair.b), since=moment_text(Moment(pair.since_ms)),
        distance_m=round(pair.distance_m), closest_m=round(pair.closest_m),
        closest_at=moment_text(Moment(round(pair.seen_ms + 1000 * pair.closest_in_s))), lat=pair.lat, lon=pair.lon,
        over_at=moment_text(Moment(pair.over_ms)) if pair.over_ms else "",
    )  # fmt: skip


def _name(node: NodePort, id: str) -> str:
    track = node.feeds.tracks.get(id)
    return track.name if track is not None and track.name else id


def _track_row(track: LiveTrack, near: bool, way_max: int) -> TrackRow:
    course, speed, height = track.course_deg, track.speed_mps, track.height_m
    return TrackRow(
        id=track.id, kind=track.kind, name=track.name or track.id, lat=track.lat, lon=track.lon,
        course_deg=None if course is None else round(course) % 360,
        knots=None if speed is None else round(speed / _KNOT_MPS),
        height_m=None if height is None else round(height),
        at=moment_text(Moment(track.at_ms)), way=tuple(track.way())[-way_max:], near=near,
    )  # fmt: skip
