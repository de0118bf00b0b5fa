"""Areas and notices as GeoJSON (RFC 7946), in and out.

Owns: which geometries are one of our areas: a Polygon of one ring; a Point with `radius_m`, a LineString with
`half_width_m` among its properties. Does not own: the form an entry holds (subjects/places.py).
Always true: what goes out and comes back is the same area.
"""

from __future__ import annotations

import json
from typing import Any, Final

from parley import limits
from parley.errors import Refused
from parley.subjects import places
from parley.subjects.places import Area, Circle, Corridor, Polygon, Position

TEXT_BYTES_MAX: Final = 1_048_576  # a file with one area and the words around it; a map of a whole sea is none
MEDIA: Final = "application/geo+json"


def read_area(text: str) -> Area:
    """Read one area: a geometry, a Feature, or a FeatureCollection of one; raises Refused `areas.geojson`."""
    if len(text.encode()) > TEXT_BYTES_MAX:
        raise _fault(f"expected at most {TEXT_BYTES_MAX} bytes, got {len(text.encode())}")
    try:
        value = json.loads(text)
    except json.JSONDecodeError as fault:
        raise _fault(f"line {fault.lineno}: this is not JSON") from None
    except (ValueError, RecursionError):
        raise _fault("this is not JSON") from None
    if isinstance(value, dict) and value.get("type") == "FeatureCollection":
        features = value.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise _fault(f"expected one feature, got {len(features) if isinstance(features, list) else 'none'}")
        value = features[0]
    properties: Any = {}
    if isinstance(value, dict) and value.get("type") == "Feature":
        properties = value.get("properties") or {}
        value = value.get("geometry")
    if not isinstance(value, dict) or not isinstance(properties, dict):
        raise _fault("expected a geometry, a Feature, or a FeatureCollection")
    kind, told = value.get("type"), value.get("coordinates")
    if kind == "Polygon":
        if not isinstance(told, list) or len(told) != 1:
            raise _fault("expected a Polygon of one ring: an area has no holes")
        return places.polygon(_points(told[0]))
    if kind == "Point":
        return places.circle(_point(told, "$.coordinates"), _metres(properties, "radius_m"))
    if kind == "LineString":
        return places.corridor(_points(told), _metres(properties, "half_width_m"))
    raise _fault(f"expected a Polygon, a Point or a LineString, got {str(kind)[:40]!r}")


def geometry(area: Area) -> dict[str, Any]:
    """Give the geometry of an area; `extent` gives what it does not hold."""
    if isinstance(area, Circle):
        return {"type": "Point", "coordinates": _coordinates(area.center)}
    points = [_coordinates(point) for point in area.points]
    if isinstance(area, Polygon):
        return {"type": "Polygon", "coordinates": [[*points, points[0]]]}
    return {"type": "LineString", "coordinates": points}


def extent(area: Area) -> dict[str, int]:
    """Give the property that makes a Point a circle and a LineString a corridor."""
    if isinstance(area, Circle):
        return {"radius_m": area.radius_m}
    return {"half_width_m": area.half_width_m} if isinstance(area, Corridor) else {}


def _coordinates(point: Position) -> list[float]:
    lat, lon = point.degrees
    return [lon, lat]  # east first, as RFC 7946 section 3.1.1 has it


def _points(told: Any) -> list[Position]:
    if not isinstance(told, list) or not 2 <= len(told) <= limits.AREA_POINTS_MAX + 1:
        count = len(told) if isinstance(told, list) else "none"
        raise _fault(f"expected 2 to {limits.AREA_POINTS_MAX} positions, got {count}")
    return [_point(one, f"$.coordinates[{number}]") for number, one in enumerate(told)]


def _point(told: Any, where: str) -> Position:
    good = isinstance(told, list) and 2 <= len(told) <= 3
    if not good or not all(type(one) in (int, float) and abs(one) <= 1e6 for one in told):
        raise _fault(f"{where}: expected a longitude and a latitude in degrees")
    return places.position(float(told[1]), float(told[0]))


def _metres(properties: dict[str, Any], name: str) -> int:
    value = properties.get(name)
    if type(value) is not int or value < 1:
        raise _fault(f"$.properties.{name}: expected whole metres")
    return value


def _fault(sentence: str) -> Refused:
    return Refused("areas.geojson", f"GeoJSON: {sentence}")
