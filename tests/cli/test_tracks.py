"""`parley tracks`: how near two came, from files alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parley.cli import main
from parley.cli.demo_tracks import passing
from parley.times import Moment
from parley.tracks import Position
from parley.tracks.comparing import overlap, within
from parley.tracks.flags import flags

HEAD = "# source: Mast of North\n# position_m: 20\ntime,mmsi,name,lat,lon\n"
SHIPS = (("211234560", "RESOLUTE", 54.5, 19.0, 0.0, 0.006), ("244123456", "RAVEN", 54.52, 19.03, -0.004, 0.0))


def account(aside: float = 0.0) -> str:
    """Give ten minutes of two ships that meet, the second one so many degrees aside."""
    rows = [
        f"2026-11-23T10:{minute:02}:00Z,{mmsi},{name},{lat + minute * north:.6f},{lon + minute * east + off:.6f}\n"
        for (mmsi, name, lat, lon, north, east), off in zip(SHIPS, (0.0, aside), strict=True)
        for minute in range(11)
    ]
    return HEAD + "".join(rows)


NORTH = account()


@pytest.fixture()
def files(tmp_path: Path) -> tuple[str, str]:
    north, south = tmp_path / "north.csv", tmp_path / "south.csv"
    north.write_text(NORTH)
    south.write_text(account(0.01).replace("North", "South"))
    return str(north), str(south)


def test_two_accounts_stand_side_by_side(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Neither figure is "the" figure."""
    assert main(["tracks", *files, "--at", "2026-11-23T10:02Z"]) == 0
    told = capsys.readouterr().out
    assert "source: Mast of North" in told and "source: Mast of South" in told
    assert "by the first file" in told and "by the second file" in told and "do not overlap" in told
    assert "an indication, never a verdict" in told and "TCPA 18" in told and "The errors allow that they met" in told


def test_the_same_as_json(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """A program reads what a person reads."""
    assert main(["tracks", files[0], "--json", "--position-m", "500", "--source", "Log"]) == 0
    told = json.loads(capsys.readouterr().out)
    [figure] = told["figures"]
    assert figure["horizontal_m"] < 30 and figure["vertical_m"] is None and figure["low_m"] == 0
    assert figure["geometry"] == "crossing" and "band-covers-zero" in figure["notes"] and told["overlap"] is None
    assert {track["source"] for track in told["files"][0]["tracks"]} == {"Log"}


def test_one_ship_a_file_is_one_figure(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Each side brings the track of its own ship."""
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    for path, other in ((one, "RAVEN"), (two, "RESOLUTE")):
        path.write_text("".join(line for line in NORTH.splitlines(keepends=True) if other not in line))
    assert main(["tracks", str(one), str(two)]) == 0
    assert "Closest approach by both files: RESOLUTE and RAVEN" in capsys.readouterr().out
    assert main(["tracks", str(one)]) == 1
    assert "second file" in capsys.readouterr().err


def test_a_wrong_file_is_told_by_its_line(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """And no stack."""
    path = Path(files[0])
    path.write_text(NORTH.replace("10:01:00Z,211", "09:10:00Z,211"))
    assert main(["tracks", str(path)]) == 2
    assert "line 5" in capsys.readouterr().err
    assert main(["tracks", str(path.parent / "none.csv")]) == 2
    assert "none.csv" in capsys.readouterr().err


def test_the_demos_two_accounts_disagree_and_lie_at_sea() -> None:
    """A newcomer looks at them first: nearer than 100 m by one, about 300 m by the other, and nothing to doubt."""
    where, at = Position(54.625, 12.517), Moment(1_795_402_800_000)
    north, south = (passing(where, at, *near) for near in ((45.0, 60.0), (300.0, 90.0)))
    ours, theirs = within(north).approach, within(south).approach
    assert 60 < ours.distance_m < 80 and 290 < theirs.distance_m < 320 and not overlap(ours, theirs)
    assert [flags(track) for track in (*north, *south)] == [()] * 4
