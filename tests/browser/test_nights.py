"""A desk on watch that nobody touched for hours must ring when it is called."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.browser.nights import Night, keep_watch

pytestmark = pytest.mark.browser


def test_a_desk_that_was_out_of_sight_frozen_and_cut_off_twice_rings(tmp_path: Path) -> None:
    """DESIGN 6: nobody ever wonders whether it rang. Timers are slowed as a browser slows those of a hidden tab."""
    night = Night(away_s=7, slow=True)  # longer than the 5 s after which a silent page is off watch
    asyncio.run(keep_watch(night, tmp_path))

    assert night.off_watch == 0
    assert len(night.back_s) == 2
    assert "call-FLASH" in night.sounded
    assert night.rang_s < 5
