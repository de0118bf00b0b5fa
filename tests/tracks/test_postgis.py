"""Closest approaches against PostGIS, an independent geodesy, where one is at hand: docs/protocol/tracks.md."""

from __future__ import annotations

import os
import random
import shutil

import pytest
from tests.tracks import postgis
from tests.tracks.test_approach import crossing

from parley.tracks import closest


@pytest.mark.parametrize("scale_m, within", [(1e3, 0.01), (1e5, 1.0), (1e6, 1e3)])
def test_no_moment_is_closer_by_postgis_and_that_moment_is_as_close(scale_m: float, within: float) -> None:
    """The other side's navy has its own tools; they must not find another distance from the same two tracks."""
    if not os.environ.get(postgis.NAMED) or not shutil.which("psql"):
        pytest.skip(f"{postgis.NAMED} does not name a database with PostGIS, or psql is missing")
    dice = random.Random(int(scale_m))
    pairs = [crossing(dice, scale_m) for _ in range(20)]
    ours = [closest(a, b) for a, b in pairs]
    for (at, least), found in zip(postgis.compared(pairs, ours), ours, strict=True):
        assert abs(at - found.horizontal_m) < within  # at the moment we name, which is a whole millisecond
        assert found.horizontal_m - least < within  # and at no moment looked at is it closer
