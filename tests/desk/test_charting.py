"""What a chart is told: GeoJSON that is bounded and on the earth, and a table that says the same."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.desk.browsing import browsing
from tests.desk.chart_samples import PAIR, features
from tests.desk.incident_samples import row

from parley import limits
from parley.actions.area_text import read_area_text
from parley.desk import charting, incident_chart
from parley.errors import OurMistake, Refused
from parley.subjects.places import Circle, Corridor, Polygon


def test_a_feature_says_what_the_page_of_the_format_lists() -> None:
    """The script reads these names; a mark in latitude-first order would lie on the wrong continent."""
    whole = json.loads(charting.geojson(features()))
    firing, heron, tow, aurora, *_ = whole["features"]
    assert firing["geometry"] == {"type": "Point", "coordinates": [11.1, 54.25]}
    assert firing["properties"]["radius_m"] == 6_000
    assert firing["properties"]["from"] == "2026-11-23T02:00:00.000Z"
    assert heron["geometry"]["coordinates"][0][0] == heron["geometry"]["coordinates"][0][-1] == [10.7, 54.5]
    assert tow["properties"] | {"from": "", "to": ""} == {
        "kind": "notice", "label": "Tow", "side": "ours", "style": "late", "width_m": 4_000, "from": "", "to": "",
    }  # fmt: skip
    assert len(aurora["properties"]["times"]) == len(aurora["geometry"]["coordinates"]) == 200


def test_names_that_our_side_loaded_stand_on_every_chart_and_in_a_table_of_their_own() -> None:
    """Who cannot see the chart looks a place up all the same."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get("/chart")
            assert 'data-names="/chart/names"' in text and "Names of places, loaded by our side" in text
            assert text.count("浅滩 12") == 1 and "54°06.00′N 011°54.00′E" in text
            names = json.loads(await browser.get("/chart/names"))["features"]
            assert [one["properties"] for one in names] == [
                {"kind": "name", "label": "Fehmarnsund"}, {"kind": "name", "label": "浅滩 12"},
            ]  # fmt: skip

    asyncio.run(story())


def test_more_than_a_browser_can_draw_is_refused() -> None:
    """Two hostile tracks must not freeze every desk that opens the page."""
    long = charting.track([(0, 0)] * (limits.CHART_POINTS_MAX + 1), range(limits.CHART_POINTS_MAX + 1))
    with pytest.raises(Refused, match=r"at most .* positions") as many:
        charting.geojson([long])
    assert many.value.code == "chart.size"
    with pytest.raises(Refused):
        charting.geojson([charting.mark((0, 0), kind="mark")] * (limits.CHART_FEATURES_MAX + 1))


@pytest.mark.parametrize("at", [(91, 0), (0, 181), (float("nan"), 0), (0, float("inf"))])
def test_nothing_off_the_earth_leaves_here(at: tuple[float, float]) -> None:
    """NaN is not JSON and would stop the whole chart."""
    with pytest.raises(OurMistake):
        charting.mark(at, kind="mark")


def test_the_table_says_the_same_in_words() -> None:
    """It is all that a screen reader, or a browser without script, has of the chart."""
    rows = charting.table(features())
    assert [row.shape for row in rows] == ["circle", "area", "corridor", "track", "track", "point", "point"]
    assert rows[0].first == "54°15.00′N 011°06.00′E"
    assert rows[3].since == "2026-11-23T03:00:00.000Z"
    assert charting.place_text((-0.0001, -179.99999)) == "00°00.01′S 180°00.00′W"

    async def story() -> None:
        async with browsing() as browser:
            page = await browser.get("/chart")
            for text in (
                "Exercise Heron",
                "radius <bdi>6000</bdi> m",
                "corridor of <bdi>3</bdi> points",
                "54°15.00′N 011°06.00′E",
                "late",
            ):
                assert text in page, text

    asyncio.run(story())


def test_the_coastline_is_served_by_our_own_node() -> None:
    """No request may leave the machine, and the policy forbids one."""

    async def story() -> None:
        async with browsing() as browser:
            page = await browser.get("/chart")
            path = page.partition('data-coarse="')[2].partition('"')[0]
            status, answer = (await browser.ask("GET", path))[:2]
            assert status == 200, answer

    asyncio.run(story())


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("WITHIN 5.00 NM OF 54-18.00N 011-02.00E", Circle),
        ("AREA BOUNDED BY 54-18.00N 011-02.00E, 54-30.00N 011-02.00E, 54-30.00N 179-30.00W", Polygon),
        ("WITHIN 2.00 NM OF THE LINE 54-18.00N 011-02.00E, 54-30.00N 011-30.00E", Corridor),
    ],
)
def test_what_the_chart_writes_is_what_a_form_reads(text: str, shape: type) -> None:
    """The three ways static/chart-area.js writes; tests/browser/test_chart.py holds it to them."""
    assert isinstance(read_area_text(text), shape)


def test_a_kept_moment_leads_to_a_report_and_an_old_one_says_so() -> None:
    """One key at the live watch; the pair may have parted meanwhile."""

    async def story() -> None:
        async with browsing() as browser:
            page = await browser.get("/live-watch")
            assert 'data-key="Shift R"' in page
            assert "4CA2BF" in page
            status, page, _ = await browser.post("/live-watch/keep", {"pair": PAIR.key})
            assert status == 200
            assert "tracks-2026-11-23T031244Z.csv" in page
            report = page.partition('href="/incidents/new')[2].partition('"')[0].replace("&amp;", "&")
            form = await browser.get("/incidents/new" + report)
            for text in ('name="tracks" value="abab', "54°19.80′N 011°12.60′E", "4CA2BF – AURORA: 1840 m"):
                assert text in form, text
            status, page, _ = await browser.post("/live-watch/keep", {"pair": "x.y"})
            assert status == 404
            assert "live.unknown" in page
            kept = await browser.get("/live-watch/kept/" + "ab" * 32)
            assert kept.startswith("time,lat,lon")

    asyncio.run(story())


def test_an_incident_is_a_mark_with_how_it_stands() -> None:
    """Disputed outweighs the rest; silence is shown as such."""
    found = incident_chart.features((row(), row(them="silent", disputed=0, unanswered=0, agreed=0)))
    assert found[1].style == "unanswered"
    assert {one.kind for one in found} == {"incident"}
    assert all(one.href.startswith("/incidents/") for one in found)
    assert charting.geojson(found)
