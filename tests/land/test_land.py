"""The coastline: where land is, over the antimeridian and at the poles, and that its form can be read back."""

from __future__ import annotations

from importlib.resources import files

import pytest
from tests.land.convert import written

from parley.land import NAMES, Ring, crossings, is_land, read_rings, sides_of

LAND = ((48.85, 2.35), (23, 10), (-25, 135), (72, -40), (67, -179), (67, 179), (-90, 0), (-85, 100), (-82, 0))
SEA = ((30, -40), (0, 180), (0, -180), (60, 180), (60, -179), (55.5, 18), (15, 115), (90, 0), (-60, -180), (42, 51))


@pytest.mark.parametrize("at", LAND)
def test_a_position_inland_is_land(at: tuple[float, float]) -> None:
    """A report that puts a ship there is flagged; the far east and the south pole are where simple tests go wrong."""
    assert is_land(*at)


@pytest.mark.parametrize("at", SEA)
def test_a_position_at_sea_is_not_land(at: tuple[float, float]) -> None:
    """A false flag on a true report would be the program's lie."""
    assert not is_land(*at)


def test_the_same_position_has_one_answer_on_both_sides_of_the_antimeridian() -> None:
    """180° E and 180° W are one line."""
    for tenth in range(-900, 901, 7):
        assert is_land(tenth / 10, 180) == is_land(tenth / 10, -180)


def test_rings_come_back_as_they_were_written() -> None:
    """The script that makes the file and the reader that ships with it must agree; also over the antimeridian."""
    rings: list[Ring] = [[(0, 0), (100, 0), (100, 200)], [(17_990, 0), (-17_990, 10), (-17_990, -10)]]
    read = read_rings(written(rings))
    assert read[0] == rings[0]
    assert read[1] == [(17_990, 0), (18_010, 10), (18_010, -10)]


def test_the_sides_near_a_meridian_answer_for_the_whole_coast() -> None:
    """Only the sides of one degree are looked at: none of the others may be what makes a place land."""
    rings = read_rings(files("parley.land").joinpath(NAMES[0]).read_bytes())
    whole = list({side for degree in sides_of(rings) for side in degree})
    assert len(whole) == sum(map(len, rings))
    for lon in (-180, -179.995, -90.5, -0.01, 0, 12, 37.77, 100.004, 179.99, 180):
        for lat in range(-90, 91, 12):
            assert is_land(lat, lon) == (crossings(whole, lat * 100, lon * 100) % 2 == 1), (lat, lon)
