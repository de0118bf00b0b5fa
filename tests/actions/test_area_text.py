"""Areas as people paste them: read rightly, or refused with the words that were not understood."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.actions import geojson
from parley.actions.area_text import read_area_text, read_positions
from parley.errors import Refused
from parley.subjects import places
from parley.subjects.places import Area, Circle, Corridor, Polygon, Position

AT = Position(54_500_000, 10_258_333)


@pytest.mark.parametrize(
    "text",
    [
        "54-30.0N 010-15.5E", "54-30N 010-15.5E", "54-30-00N 010-15-30E", "5430N01015.5E", "543000N0101530E",
        "54.5N 10.258333E", "54°30′N 010°15.5′E", "54 30.0N 010 15.5E", "54-30.0N, 010-15.5E", "5430.0N 01015.5E",
        "54°30'00\"N 010°15'30\"E", "54.5, 10.258333", "54.5 10.258333", "5430n01015.5e",
    ],
)  # fmt: skip
def test_a_position_is_read_in_every_usual_form(text: str) -> None:
    """Watch officers paste from warnings that each centre writes in its own way."""
    assert read_positions(text) == [AT]


def test_a_navarea_warning_becomes_a_polygon() -> None:
    """The words around the positions do no harm."""
    found = read_area_text(
        "BALTIC SEA. GUNNERY EXERCISES 231000Z TO 231800Z NOV IN AREA BOUNDED BY\n"
        "54-30.0N 010-15.5E, 54-40.0N 010-15.5E,\n54-40.0N 010-40.0E AND 54-30.0N 010-15.5E. WIDE BERTH REQUESTED."
    )
    assert isinstance(found, Polygon)
    assert found.points == (
        AT,
        places.position(54 + 40 / 60, 10 + 15.5 / 60),
        places.position(54 + 40 / 60, 10 + 40 / 60),
    )


def test_within_a_distance_of_points_is_a_circle_or_a_corridor() -> None:
    """One position makes a circle, several a corridor."""
    assert read_area_text("WITHIN 5 NM OF 54-30.0N 010-15.5E") == Circle(AT, 9_260)
    assert read_area_text("5.5KM RADIUS 54-30.0N 010-15.5E") == Circle(AT, 5_500)
    assert read_area_text("circle 54-30.00N 010-15.50E 5.00 NM") == Circle(AT, 9_260)
    drawn = read_area_text("corridor 54-30.00N 010-15.50E, 54-30.00N 011-30.00E 2.00 NM")
    assert isinstance(drawn, Corridor) and drawn.half_width_m == 3_704
    assert isinstance(
        read_area_text("polygon 54-30.00N 010-15.50E, 54-30.00N 011-02.00E, 55-30.00N 011-30.00E"), Polygon
    )
    found = read_area_text("ROCKET TRACK WITHIN 10 NM OF LINE JOINING 54-30.0S 179-15.5E 55-00.0S 179-00.0W")
    assert isinstance(found, Corridor)
    assert (found.half_width_m, found.points[1]) == (18_520, Position(-55_000_000, -179_000_000))


NOTAM = """(A1234/26 NOTAMN
Q) EDWW/QWMLW/IV/BO/W/000/200/5435N01230E010
A) EDWW B) 2611280100 C) 2611280900 EST
E) MISSILE FIRING WI 10NM RADIUS 543500N 0123000E.
F) SFC G) FL200)"""


def test_a_whole_notam_is_read_by_its_item_e_alone() -> None:
    """Item Q has the middle of the whole region, and `2611280900 E)` of items C and E is no position."""
    assert read_area_text(NOTAM) == Circle(places.position(54 + 35 / 60, 12.5), 18_520)
    assert read_area_text(NOTAM.replace("\n", " ").replace(" EST", "")) == read_area_text(NOTAM)
    area = "WI AREA 543000N0101530E - 544000N0101530E - 544000N0104000E"
    found = read_area_text(NOTAM.replace("WI 10NM RADIUS 543500N 0123000E", area))
    assert isinstance(found, Polygon) and len(found.points) == 3
    with pytest.raises(Refused, match="no position"):
        read_area_text(NOTAM.replace("543500N 0123000E", "ABC VOR"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no position"), ("NORTH OF THE CAPE", "no position"), ("54-30.0N 010-15.5E", "no area"),
        ("54-30N 010-15E 55-00N 011-00E", "a width"), ("54-60.0N 010-15.5E", "below 60"),
        ("54-30N 010-15E 55-00N 011-00E 55-30N", "55-30N"), ("91-00N 010-15E", "at most 90"),
        ("54-30N 010-15E 54-40N 010-1E5 54-50N 010-20E", "is no whole position"),
        ("WITHIN 5 NM OF 54-30N 010-15E AND WITHIN 2 NM OF 55-30N 010-15E", "2 distances"),
        ("{", "not JSON"), ("x" * 70_000, "at most"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_in_words(text: str, words: str) -> None:
    """A position left out would be another area, and nobody would see it."""
    with pytest.raises(Refused, match=words):
        read_area_text(text)


@given(st.text(max_size=200) | st.from_regex(r"[0-9NSEW .°'\",-]{0,80}"))
def test_any_text_gives_an_area_or_a_refusal(text: str) -> None:
    """No traceback for what somebody pasted."""
    try:
        assert read_area_text(text).value()
    except Refused as refused:
        assert refused.sentence


@pytest.mark.parametrize(
    "area",
    [
        Circle(AT, 9_260),
        places.polygon([AT, places.position(54, 11), places.position(55, -179.5)]),
        places.corridor([AT, places.position(54, 11)], 500),
    ],
)
def test_geojson_comes_back_as_it_went(area: Area) -> None:
    """An area may pass through another program's map."""
    told = {"type": "Feature", "geometry": geojson.geometry(area), "properties": {**geojson.extent(area), "name": "K4"}}
    assert read_area_text(json.dumps(told)) == area
    assert read_area_text(json.dumps({"type": "FeatureCollection", "features": [told]})) == area


@pytest.mark.parametrize(
    "told",
    [
        {"type": "Polygon", "coordinates": [[[10, 54]] * 1_000]},
        {"type": "Polygon", "coordinates": [[[10, 54], [11, 54], [11, 55], [10, 54]], [[10, 54]]]},
        {"type": "Point", "coordinates": [10, 54]},
        {"type": "Polygon", "coordinates": [[["10", 54], [11, 54], [11, 55]]]},
        {"type": "Polygon", "coordinates": [[[True, 54], [11, 54], [11, 55]]]},
        {"type": "MultiPolygon", "coordinates": []},
        {"type": "FeatureCollection", "features": []},
        {"type": "Polygon", "coordinates": [[[200, 54], [11, 54], [11, 55]]]},
        [],
    ],
)  # fmt: skip
def test_other_geojson_is_refused(told: object) -> None:
    """Holes, crowds of points and words for numbers have no place in a notice."""
    with pytest.raises(Refused, match=r"areas\.geojson|places\."):
        read_area_text(json.dumps(told))


def test_geojson_that_is_an_attack_is_refused() -> None:
    """A million points, a deep nest, a number that is none."""
    for text in (
        "[" * 100_000,
        '{"a":' * 5_000,
        '{"type":"Polygon","coordinates":[[' + "[1,2]," * 200_000,
        "{" * 70_000,
    ):
        with pytest.raises(Refused):
            read_area_text(text)
    with pytest.raises(Refused, match="degrees"):
        read_area_text('{"type":"Point","coordinates":[NaN,1],"properties":{}}')
