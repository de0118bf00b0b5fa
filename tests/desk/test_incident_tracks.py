"""The tracks of an incident on its page: figures side by side, and never a wait for a file."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.desk.browsing import browsing, plain
from tests.desk.incident_samples import AT as HAPPENED
from tests.desk.sample import Samples
from tests.desk.track_samples import tracks

from parley.actions.track_rows import TracksRow

AT = "/incidents/duty/north/0/40"


def test_both_sides_figures_stand_side_by_side_with_sources_and_errors() -> None:
    """A page that showed one figure would be a verdict."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get(AT)
            told = plain(text)
            assert "By the files of North" in told and "By the files of South" in told
            assert "Radar of the frigate" in told and "机载记录仪" in told
            assert "errors stated: 10 m, clock 0.5 s" in told and "errors assumed" in told
            assert "The figures of both sides do not overlap" in told
            assert "an indication and never a verdict" in told
            assert "account says 45.0 m" in told and "account says 300.0 m" in told
            assert "before this line was founded" in told and "line 40" in told and "left out: 3" in told

    asyncio.run(story())


def test_cpa_is_given_at_any_moment_and_a_wrong_one_is_said() -> None:
    """The officer asks about the moment of the call, not of the pass."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get(AT + "?at=2026-11-22 09:14:00")
            told = plain(text)
            assert "900 m apart; closest 40 m, 12 s later" in told and "does not say where it was then" in told
            text = await browser.get(AT + "?at=soon")
            assert "This is not a time." in plain(text) and 'value="soon"' in text

    asyncio.run(story())


def test_a_page_comes_before_its_files_were_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight megabytes of AIS take seconds: the page says so, and the part is asked for."""
    monkeypatch.setattr(Samples, "tracks_row", TracksRow(ready=False, files=2))

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get(AT)
            assert "data-unread" in text and "not read yet: 2" in plain(text)
            text = await browser.get(AT + "/tracks")
            assert "data-unread" not in text and "By the files of North" in plain(text)
            status, _, headers = await browser.ask("GET", AT + "/tracks/read")
            assert (status, headers["Location"]) == (303, AT + "#tracks")

    asyncio.run(story())


def test_the_chart_shows_both_and_is_thinned() -> None:
    """Twenty thousand points would hold a browser up; the figures stand on all of them."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get(AT + "/chart")
            kinds = [one["properties"]["kind"] for one in json.loads(text)["features"]]
            assert kinds.count("track") == 4 and kinds.count("closest") == 2

    asyncio.run(story())
    long = tracks(count=4_000)
    for track in long.tracks:
        [part] = track.drawn
        assert track.fixes == 4_000 and len(part.points) < 800
        near = [at for at in part.times_ms if abs(at - part.times_ms[0] - 2_000_000) < 20_000]
        assert len(near) >= 30 or track.name == "RESOLUTE", "near the closest moment all are kept"
    assert HAPPENED[:16] == "2026-11-22T09:14"
