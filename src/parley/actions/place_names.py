"""Names of places for the chart of our own side: read from a file of ours, kept on our node, told to nobody.

Owns: the strict reading of such a file (GeoJSON points, each with a name), its bounds, rights.
Does not own: drawing. None come with the program: between two sides the name of a place may be the quarrel itself.
Always true: they stand in no entry and on no link, and a file that is refused leaves the names as they were.
"""

from __future__ import annotations

import json
import math
from typing import Any, Final

import msgspec

from parley import limits
from parley.actions.ports import NodePort
from parley.actions.who import Who, need
from parley.codec.text import make_text
from parley.errors import ParleyError, Refused
from parley.storage import ValueRow
from parley.tracks.jsonlines import line_of

SPACE: Final = "private.place-names"
_KEY: Final = "all"


class PlaceName(msgspec.Struct, frozen=True, array_like=True):
    """A name and where it stands, in degrees."""

    name: str
    lat: float
    lon: float


_decoder: Final = msgspec.json.Decoder(list[PlaceName])


def place_names(node: NodePort, who: Who) -> list[PlaceName]:
    """Give the names our side loaded; none to whoever may not read."""
    need(who, "read")
    kept = node.store.value(SPACE, _KEY)
    return [] if kept is None else _decoder.decode(kept)


async def load_place_names(node: NodePort, who: Who, text: str) -> int:
    """Keep the names of a file in place of those before; nothing for none. Gives their count.

    Raises: Refused `people.right`, `areas.geojson` with the line of what is wrong.
    """
    need(who, "line")
    found = read_place_names(text) if text.strip() else []
    await node.keep([ValueRow(SPACE, _KEY, msgspec.json.encode(found) if found else None)])
    return len(found)


def read_place_names(text: str) -> list[PlaceName]:
    """Read a FeatureCollection of Points with a property `name` each; raises Refused `areas.geojson`."""
    data = text.encode()
    if len(data) > limits.PLACE_NAMES_BYTES_MAX:
        raise _fault(f"expected at most {limits.PLACE_NAMES_BYTES_MAX} bytes, got {len(data)}")
    try:
        value: Any = json.loads(text)
    except json.JSONDecodeError as fault:
        raise _fault(f"line {fault.lineno}: this is not JSON") from None
    except (ValueError, RecursionError):
        raise _fault("this is not JSON") from None
    features = value.get("features") if isinstance(value, dict) and value.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise _fault("line 1: expected a FeatureCollection")
    if len(features) > limits.PLACE_NAMES_MAX:
        raise _fault(f"expected at most {limits.PLACE_NAMES_MAX} names, got {len(features)}")
    return [_name(one, f"$.features[{number}]", data) for number, one in enumerate(features)]


def _name(feature: Any, where: str, data: bytes) -> PlaceName:
    shape, said = (feature.get(part) if isinstance(feature, dict) else None for part in ("geometry", "properties"))
    if not isinstance(shape, dict) or not isinstance(said, dict) or shape.get("type") != "Point":
        raise _fault(f"line {line_of(data, where)}, {where}: expected a Point with a name")
    name, place = said.get("name"), shape.get("coordinates")
    if not isinstance(name, str) or not (shown := _shown(name)):
        where += ".properties.name"
        most = limits.PLACE_NAME_CHARS_MAX
        raise _fault(f"line {line_of(data, where)}, {where}: expected a name of 1 to {most} characters in one line")
    numbers = place if isinstance(place, list) and all(type(one) in (int, float) for one in place) else []
    lon, lat = numbers[:2] if len(numbers) in (2, 3) else (math.nan, math.nan)
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # NaN is never within
        where += ".geometry.coordinates"
        raise _fault(f"line {line_of(data, where)}, {where}: expected [longitude, latitude] in degrees")
    return PlaceName(shown, float(lat), float(lon))


def _shown(name: str) -> str:
    """Give a name as a chart may show it; "" for one that it may not."""
    try:
        text = make_text(name).strip()
    except ParleyError:
        return ""
    return "" if "\n" in text or "\t" in text or len(text) > limits.PLACE_NAME_CHARS_MAX else text


def _fault(sentence: str) -> Refused:
    return Refused("areas.geojson", f"GeoJSON: {sentence}")
