"""Routes about what a chart shows: the tracks of an incident as they were read, the names of places our side loaded."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from parley import limits
from parley.actions import incident_tracks, place_names
from parley.actions.track_rows import TracksRow
from parley.api.bodies import Strict
from parley.api.route import Call, Route

_AT: Final = r"/channels/{channel}/incidents/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"


async def _tracks(call: Call) -> TracksRow:
    subject = f"incident/{call.part('side')}/{call.part('epoch')}/{call.part('number')}"
    return await incident_tracks.read_files(call.node, call.who, call.part("channel"), subject)


class PlaceNames(Strict):
    """A FeatureCollection of Points with a property `name` each, as text; "" for none."""

    geojson: Annotated[str, Meta(max_length=limits.PLACE_NAMES_BYTES_MAX)]


async def _load_names(call: Call) -> int:
    body: PlaceNames = call.body
    return await place_names.load_place_names(call.node, call.who, body.geojson)


async def _names(call: Call) -> list[place_names.PlaceName]:
    return place_names.place_names(call.node, call.who)


TRACKS: Final = (
    Route("GET", "/place-names", "The names our side loaded for its chart", None, list[place_names.PlaceName], _names),
    Route("POST", "/place-names", "Load names for our own chart; gives their count", PlaceNames, int, _load_names),
    Route("GET", _AT + "/tracks", "Both sides' tracks, and both closest approaches", None, TracksRow, _tracks),
)
"""The routes."""
