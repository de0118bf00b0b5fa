"""Tracks of an incident as samples: two accounts of one meeting, worked out by the program itself."""

from __future__ import annotations

from functools import cache

from tests.desk.incident_samples import AT
from tests.replacing import replace

from parley.actions.track_rows import CpaRow, FileProblemRow, TracksRow
from parley.actions.track_showing import Account, row_of
from parley.desk import shown
from parley.times import read_moment
from parley.tracks import Fix, Stated, Track


def met(*, ours: bool, count: int = 60) -> list[Track]:
    """Give a ship and an aircraft as one side has them; the aircraft of the other side's account keeps farther off."""
    start, aside = read_moment(AT) - count * 500, 0.0004 if ours else 0.004
    ship = tuple(Fix(start + at * 1000, 54.5120 + at * 5e-5, 18.2540, 0.0) for at in range(count))
    aircraft = tuple(
        Fix(start + at * 1000, 54.5135 + aside, 18.2540 + (at - count // 2) * 0.002, 60.0) for at in range(count)
    )
    error = Stated(position_m=10 if ours else 40, vertical_m=20, clock_s=0.5)
    source = "Radar of the frigate" if ours else "机载记录仪 (flight recorder)"
    return [
        Track(name="RESOLUTE", kind="surface", ids={"mmsi": "211234560"}, source=source, error=error, fixes=ship),
        Track(name="24 red", kind="aircraft", source=source, error=error, assumed=not ours, fixes=aircraft),
    ]


@cache
def tracks(count: int = 60) -> TracksRow:
    """Give both accounts, one file that could not be read, and one of which lines were left out."""
    accounts = (Account(ours=True), Account(ours=False))
    for account in accounts:
        account.add("ours.csv" if account.ours else "theirs.csv", "ab" * 32, met(ours=account.ours, count=count))
    problems = (
        FileProblemRow(ours=False, file="voyage.gpx", code="tracks.order", sentence="line 40: expected a later time"),
        FileProblemRow(ours=True, file="mast.nmea", code="left-out", sentence="line 7: no sum", left_out=3),
    )
    row, _ = row_of(accounts, problems, 4, read_moment(AT))
    return row


class TrackSamples:
    """The part of the samples' port that is about tracks."""

    tracks_row: TracksRow | None = None  # another answer, for a test

    def tracks_now(self, who: shown.Person, channel: str, subject: str) -> TracksRow:
        return self.tracks_row or tracks()

    async def read_tracks(self, who: shown.Person, channel: str, subject: str) -> TracksRow:
        self.tracks_row = replace(tracks(), ready=True)
        return self.tracks_row

    def cpa_at(self, who: shown.Person, channel: str, subject: str, at_ms: int) -> tuple[CpaRow, ...]:
        return (
            CpaRow(whose="ours", now_m=900, cpa_m=40, tcpa_s=12),
            CpaRow(whose="theirs", now_m=None, cpa_m=None, tcpa_s=None),
        )
