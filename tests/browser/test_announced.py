"""What a real desk says of a ring that their record has no call for."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.actions.pair import talking
from tests.browser.desks import play
from tests.browser.test_voice import at_desk
from tests.node.test_announced import lifts
from tests.node.test_voice import SESSION

from parley import limits
from parley.actions import calls
from parley.cli import sounding

pytestmark = pytest.mark.browser
SAID = "document.getElementById('handset-call').textContent"


def test_a_desk_that_rang_for_no_call_says_so_until_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence after a ring would leave people to wonder whether they missed somebody."""
    monkeypatch.setattr(limits, "LIFT_GRACE_S", 1.0)
    sounding.write_microphone(tmp_path / "samira.wav", 4)

    async def story() -> None:
        async with talking() as (north, south), at_desk(south, "samira", tmp_path / "samira.wav") as page:
            lifts(north, SESSION)
            await page.until(f"{SAID}.includes('Edda')")
            await page.until(f"{SAID}.includes('its record has none')")
            await calls.lift(north.node, north["edda"], "leaders")
            await page.until(f"{SAID}.includes('Edda') && !{SAID}.includes('none')")

    play(story())
