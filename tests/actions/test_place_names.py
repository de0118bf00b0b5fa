"""Names of places for our own chart: strictly read, bounded, and told to nobody."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from tests.actions.pair import talking
from tests.replacing import replace

from parley import limits
from parley.actions.place_names import PlaceName, load_place_names, place_names, read_place_names
from parley.errors import Refused


def collection(*features: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}, indent=1)


def point(name: object, *at: object) -> dict[str, Any]:
    place = list(at) or [11.2, 54.6]
    return {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Point", "coordinates": place}}


def test_names_are_kept_on_our_node_alone_and_replaced_as_a_whole() -> None:
    """The name of a strait may be the quarrel itself: what our chart calls it is ours."""

    async def story() -> None:
        async with talking() as (north, south):
            admin, edda = north["admin"], north["edda"]
            before = north.node.store.logs(), sum(north.node.store.size(log) for log in north.node.store.logs())
            text = collection(point("Fehmarnsund"), point("浅滩 12", 11.9, -1))
            assert await load_place_names(north.node, admin, text) == 2
            found = [PlaceName("Fehmarnsund", 54.6, 11.2), PlaceName("浅滩 12", -1.0, 11.9)]
            assert place_names(north.node, edda) == found
            with pytest.raises(Refused, match=r"line 7, \$.features\[0\].properties.name"):
                await load_place_names(north.node, admin, collection(point("")))
            assert place_names(north.node, edda) == found
            after = north.node.store.logs(), sum(north.node.store.size(log) for log in north.node.store.logs())
            assert after == before and place_names(south.node, south["samira"]) == []
            assert await load_place_names(north.node, admin, "") == 0 and place_names(north.node, edda) == []
            with pytest.raises(Refused, match="right"):
                await load_place_names(north.node, replace(edda, roles=("recorder",)), "")

    asyncio.run(story())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1: this is not JSON"), ("[" * 100_000, "not JSON"), ("[]", "FeatureCollection"),
        ('{"type":"FeatureCollection","features":3}', "FeatureCollection"),
        (collection(point("A"), {"type": "Feature"}), "features[1]: expected a Point"),
        (collection(point("A", 181, 0)), "longitude"), (collection(point("A", "11", 54)), "longitude"),
        (collection(point("A", float("nan"), 54)), "longitude"), (collection(point("A", 1)), "longitude"),
        (collection(point("A\nB")), "a name of 1 to"), (collection(point("\u202eA")), "a name of 1 to"),
        (collection(point("x" * 81)), "a name of 1 to"), (collection(point(7)), "a name of 1 to"),
        (collection(*[point("A")] * (limits.PLACE_NAMES_MAX + 1)), "at most"),
        (json.dumps("x" * limits.PLACE_NAMES_BYTES_MAX), "at most"),
    ],
)  # fmt: skip
def test_a_file_of_names_that_is_wrong_is_refused_in_words(text: str, said: str) -> None:
    """It comes from somebody's download: hostile files end in a sentence."""
    with pytest.raises(Refused, match=r"areas\.geojson") as refused:
        read_place_names(text)
    assert said in refused.value.sentence and len(refused.value.sentence) < 300
