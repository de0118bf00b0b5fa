"""Tracks of an incident between two real nodes: both read both sides' files, and both get the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.actions.pair import Side, talking, until
from tests.actions.test_incidents import FORM, first

from parley import limits
from parley.actions import files, incident_tracks, incidents
from parley.actions.incident_evidence import Put
from parley.actions.track_rows import TracksRow
from parley.errors import Refused
from parley.times import Moment, moment_text
from parley.tracks import Fix, Track
from parley.tracks.writing import written

START_MS = 1_795_402_800_000  # 2026-11-23T03:00:00Z


def account(aside: float, *, start_ms: int = START_MS, fast: float = 1.0) -> bytes:
    """Give a ship and an aircraft that pass each other, the second so many degrees aside."""
    ship = tuple(Fix(start_ms + at * 1000, 54.512, 19.2 + at * 1e-4) for at in range(60))
    other = tuple(Fix(start_ms + at * 1000, 54.512 + aside, 19.2 + (at - 30) * 2e-3 * fast) for at in range(60))
    return b"".join(
        written(
            [
                Track(name="RESOLUTE", kind="surface", ids={"mmsi": "211234560"}, fixes=ship),
                Track(name="=24+red", kind="aircraft", ids={"icao": "4CA2BF"}, fixes=other),
            ]
        )
    )


async def put(side: Side, who: str, at: tuple[str, str], name: str, content: bytes, **errors: str) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield content

    row = await files.attach(side.node, side[who], name=name, media="text/csv", content=pieces())
    source = f"Radar of {side.node.identity.ours.name}"
    evidence = [Put(root=row.root, source=source, errors=errors)]
    await incidents.add_evidence(side.node, side[who], *at, evidence=evidence)


async def whole(side: Side, who: str, at: tuple[str, str], count: int) -> TracksRow:
    """Wait until so many files are whole here, and read them."""
    await until(lambda: incident_tracks.tracks_now(side.node, side[who], *at).files == count)
    return await incident_tracks.read_files(side.node, side[who], *at)


def test_both_nodes_read_both_sides_files_and_show_both_figures() -> None:
    """What one side attaches the other works out again for itself: no figure is taken on trust."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await incidents.report_incident(north.node, north["edda"], FORM, channel="leaders")
            at = (sent.channel, sent.subject)
            await first(south, "samira")
            assert incident_tracks.tracks_now(north.node, north["edda"], *at) == TracksRow(ready=True, files=0)
            await put(north, "edda", at, "ours.csv", account(0.0005), position_m="25", clock_s="0.25", vertical_m="")
            await put(south, "samira", at, "ours.csv", account(0.005))
            await put(south, "samira", at, "notes.txt", b"No track at all.")
            await put(south, "samira", at, "voyage.gpx", b"<gpx><trk></gpx>")

            await until(lambda: incident_tracks.tracks_now(north.node, north["edda"], *at).files == 4)
            assert not incident_tracks.tracks_now(north.node, north["edda"], *at).ready
            mine, theirs = await whole(north, "edda", at, 4), await whole(south, "samira", at, 4)
            assert incident_tracks.tracks_now(north.node, north["edda"], *at) == mine
            figures = {one.whose: one for one in mine.figures}
            stated = figures["ours"].first
            assert (stated.position_m, stated.clock_s, stated.assumed) == (25.0, 0.2, False)
            assert set(figures) == {"ours", "theirs"} and mine.overlap is False
            assert figures["ours"].distance_m < 60 < 500 < figures["theirs"].distance_m
            assert figures["theirs"].first.source == "Radar of South" and figures["theirs"].first.assumed
            swapped = {one.whose: one for one in theirs.figures}
            for mine_is, theirs_is in (("ours", "theirs"), ("theirs", "ours")):
                one, other = figures[mine_is], swapped[theirs_is]
                assert (one.distance_m, one.low_m, one.high_m, one.at) == (
                    other.distance_m, other.low_m, other.high_m, other.at
                )  # fmt: skip
            [problem] = mine.problems
            assert (problem.file, problem.code, problem.ours) == ("voyage.gpx", "tracks.xml", False)
            [cpa, _] = incident_tracks.cpa_at_moment(north.node, north["edda"], *at, START_MS + 10_000)
            assert cpa.tcpa_s is not None and 15 < cpa.tcpa_s < 25
            for wrong in ("-1", "1e3", "1000000", "٢٥", "near"):
                with pytest.raises(Refused, match="position_m"):
                    await put(north, "edda", at, "more.csv", account(0.1), position_m=wrong)
            with pytest.raises(Refused):
                incident_tracks.tracks_now(north.node, north["admin"], *at)

    asyncio.run(story())


def test_a_track_that_lies_is_flagged_and_one_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faster than sound, before the line was founded: recorded, shown, never refused."""

    async def story() -> None:
        async with talking() as (north, _):
            sent = await incidents.report_incident(north.node, north["edda"], FORM, channel="leaders")
            at = (sent.channel, sent.subject)
            await put(north, "edda", at, "old.csv", account(0.001, start_ms=1_000_000_000_000, fast=20.0))
            row = await whole(north, "edda", at, 1)
            flags = {track.name: [flag.code for flag in track.flags] for track in row.tracks}
            assert flags == {"RESOLUTE": ["before-founding"], "=24+red": ["faster-than-sound", "before-founding"]}
            assert row.tracks[0].flags[0].value == moment_text(Moment(1_000_000_000_000))
            assert [one.whose for one in row.figures] == ["ours"] and row.overlap is None
            monkeypatch.setattr(limits, "INCIDENT_TRACK_BYTES_MAX", 100)
            await put(north, "edda", at, "long.csv", account(0.002))
            row = await whole(north, "edda", at, 2)
            assert [one.code for one in row.problems] == ["tracks.too-much", "tracks.too-much"]

    asyncio.run(story())
