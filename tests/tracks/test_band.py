"""The band of a closest approach: whether it holds the truth as often as it says, and is not wider than it must be."""

from __future__ import annotations

import math
import random

import pytest
from tests.tracks.noisy import CLASSES, Class, judged, measure

from parley.tracks import Fix, Stated, Track, closest


@pytest.mark.parametrize("of", CLASSES, ids=lambda of: of.name)
def test_a_band_holds_the_truth_about_as_often_as_it_says(of: Class) -> None:
    """The figure is 94 to 98 of 100 over 10,000 pairs (./run bench military band); here few pairs, wide bounds."""
    found = judged(measure(of, 25, seed=3))
    assert found.held >= 84
    assert found.width <= 1.3 * found.true_width


def two(error: Stated, *, every_ms: int, apart_m: float) -> tuple[Track, Track]:
    """Give two that cross at right angles, exactly as stated, so many metres apart at the closest."""
    degree = 111_319.49
    a = [Fix(at, 0.0, (at - 60_000) / 1000 * 8 / degree) for at in range(0, 120_001, every_ms)]
    b = [
        Fix(at, (at - 60_000) / 1000 * 8 / degree, apart_m * math.sqrt(2) / degree)
        for at in range(0, 120_001, every_ms)
    ]
    return tuple(Track(name=name, kind="surface", error=error, fixes=tuple(way)) for name, way in (("a", a), ("b", b)))  # type: ignore[return-value]


def width(error: Stated, *, every_ms: int = 2_000, apart_m: float = 300.0) -> float:
    found = closest(*two(error, every_ms=every_ms, apart_m=apart_m))
    assert found.low_m <= found.distance_m <= found.high_m
    return found.high_m - found.low_m


def test_each_error_widens_the_band() -> None:
    """Place, clock, and the time between fixes: none is forgotten."""
    plain = width(Stated(position_m=10, clock_s=0))
    assert width(Stated(position_m=100, clock_s=0)) > 5 * plain
    assert width(Stated(position_m=10, clock_s=10)) > 5 * plain
    assert width(Stated(position_m=0, clock_s=0), every_ms=120_000) > 20 * width(Stated(position_m=0, clock_s=0))


def test_fixes_that_do_not_scatter_share_their_error() -> None:
    """A hundred fixes of a radar that is set up 100 m wrong are no better than one."""
    assert width(Stated(position_m=100, clock_s=0), every_ms=500) > 0.9 * 2 * 1.96 * 100 / 2.4477 * math.sqrt(2)


def test_a_band_that_covers_zero_begins_there_and_says_so() -> None:
    """Two that may have met must not read as two that kept apart."""
    found = closest(*two(Stated(position_m=100), every_ms=2_000, apart_m=30))
    assert found.low_m == 0.0 and "band-covers-zero" in found.notes
    assert closest(*two(Stated(position_m=1, clock_s=0), every_ms=2_000, apart_m=30)).low_m > 20


@pytest.mark.parametrize("seed", range(12))
def test_a_band_is_finite_whatever_the_tracks(seed: int) -> None:
    """Anywhere, any pace, any error: a hostile track gives no figure that is none."""
    dice = random.Random(seed)

    def wild() -> Track:
        times = sorted(dice.sample(range(900_000), dice.choice([1, 2, 4])))
        error = Stated(
            position_m=dice.choice([0.0, 1e5]), vertical_m=dice.choice([0.0, 2e4]), clock_s=dice.choice([0.0, 86_400.0])
        )
        fixes = tuple(
            Fix(at, dice.choice([-90.0, 90.0, dice.uniform(-90, 90)]), dice.uniform(-180, 180), dice.choice([0.0, 1e5]))
            for at in (0, *[at + 1 for at in times], 900_002)
        )
        return Track(name="w", kind=dice.choice(["surface", "aircraft"]), error=error, fixes=fixes)

    found = closest(wild(), wild())
    assert 0 <= found.low_m <= found.distance_m <= found.high_m < math.inf
