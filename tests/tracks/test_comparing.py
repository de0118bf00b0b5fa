"""Two accounts of one meeting beside each other, and what of a track is worth a second look."""

from __future__ import annotations

import pytest

from parley.errors import Refused
from parley.tracks import Fix, Stated, Track
from parley.tracks.comparing import between, overlap, same_ship, within
from parley.tracks.flags import flags


def ship(name: str, lon: float, lat: float = 54.5, *, kind: str = "surface", step: float = 0.01, **ids: str) -> Track:
    fixes = tuple(Fix(1_700_000_000_000 + at * 60_000, lat, lon + at * step) for at in range(3))
    return Track(name=name, kind=kind, ids=ids, fixes=fixes, error=Stated(position_m=20.0))


def test_a_ship_is_not_held_against_itself() -> None:
    """Both accounts hold both ships: a ship is always very near to itself."""
    ours = [ship("A", 12.0, mmsi="211000001"), ship("B", 12.2, mmsi="211000002")]
    theirs = [ship("a", 12.0001, mmsi="211000001"), ship("b", 12.3, mmsi="211000002")]
    found = between(ours, theirs)
    assert (found.first.name, found.second.name) == ("B", "a")
    assert same_ship(ours[0], theirs[0]) and not same_ship(ours[0], theirs[1])
    assert same_ship(ship("A", 0.0), ship("A", 1.0)) and not same_ship(ship("A", 0.0), ship("B", 0.0))


def test_bands_that_touch_overlap() -> None:
    """Where both could be true, the words must not say that one is wrong."""
    near = within([ship("A", 12.0), ship("B", 12.001)]).approach
    far = within([ship("A", 12.0), ship("B", 12.0014)]).approach
    further = within([ship("A", 12.0), ship("B", 12.1)]).approach
    assert overlap(near, far) and overlap(far, near) and not overlap(near, further)


def test_an_account_of_one_ship_gives_no_figure() -> None:
    """A figure needs two."""
    with pytest.raises(Refused) as refused:
        within([ship("A", 12.0)])
    assert refused.value.code == "tracks.overlap"
    with pytest.raises(Refused) as many:
        within([ship(str(number), 12.0) for number in range(9)])
    assert many.value.code == "tracks.too-many"


@pytest.mark.parametrize(
    "track, codes",
    [
        (ship("calm", 19.0, 58.0), []),
        (ship("ashore", 25.0, 50.0), ["on-land"]),
        (ship("lorry", 25.0, 50.0, kind="land"), []),
        (ship("rocket", 18.8, 57.5, step=0.4), ["faster-than-sound"]),
        (ship("fast jet", 0.0, 50.0, kind="aircraft", step=0.25), []),
    ],
)
def test_what_cannot_be_is_flagged(track: Track, codes: list[str]) -> None:
    """A side that lies is recorded and flagged, never refused."""
    assert [flag.code for flag in flags(track)] == codes
    assert [flag.code for flag in flags(track, 1_700_000_000_001)] == [*codes, "before-founding"]
    assert len(flags(track, 1_700_000_000_000)) == len(codes)
