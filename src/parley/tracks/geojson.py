"""Tracks as GeoJSON (RFC 7946): lines with a time for each position, or points with a time each.

Owns: which properties hold times (`times`, `coordTimes`), who it is, source and errors. Does not own: areas
(actions/geojson.py). A fault is named by its line and its path, as a file of this form may be one single line.
Always true: the file is read whole, so it is bounded by limits.TRACK_GEOJSON_BYTES_MAX.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from parley import limits
from parley.errors import PeerError, Refused
from parley.tracks.collecting import ERRORS, Collector
from parley.tracks.forms import fault, read_time
from parley.tracks.jsonlines import line_of
from parley.tracks.seen import Seen
from parley.tracks.track import ID_KINDS, KINDS, Fix, Stated

_BYTE: Final = re.compile(r"\(byte ([0-9]+)\)")
_TIMES: Final = ("times", "coordTimes")
_TIME: Final = ("time", "timestamp")


def read_geojson(pieces: Iterable[bytes], into: Collector, name: str) -> None:
    """Read a whole file into a collector; raises PeerError, or Refused `tracks.too-much` for one too large."""
    data = _whole(pieces)
    value = _parsed(data)
    try:
        if not isinstance(value, dict):
            raise fault("tracks.geojson", "$", "an object", value)
        many = value.get("type") == "FeatureCollection"
        features = value.get("features") if many else [value]
        if not isinstance(features, list):
            raise fault("tracks.geojson", "$.features", "a list", features)
        for number, feature in enumerate(features):
            _feature(feature, f"$.features[{number}]" if many else "$", into, name)
    except PeerError as error:
        where = str(error.fields.get("where", ""))
        if not where.startswith("$"):
            raise
        line = line_of(data, where)
        raise PeerError(error.code, f"line {line}, {error.sentence}", **(error.fields | {"line": line})) from None


def _whole(pieces: Iterable[bytes]) -> bytes:
    data = bytearray()
    for piece in pieces:
        data += piece
        if len(data) > limits.TRACK_GEOJSON_BYTES_MAX:
            most = limits.TRACK_GEOJSON_BYTES_MAX
            raise Refused("tracks.too-much", f"GeoJSON is read whole: expected at most {most} bytes, got more")
    return bytes(data)


def _parsed(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        found = _BYTE.search(str(error))
        line = data.count(b"\n", 0, int(found[1])) + 1 if found else 1
        raise PeerError("tracks.geojson", f"line {line}: expected JSON: {str(error)[:80]}", line=line) from None


def _feature(feature: Any, where: str, into: Collector, file: str) -> None:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise fault("tracks.geojson", where, "a Feature", feature if not isinstance(feature, dict) else "another")
    said, shape = feature.get("properties") or {}, feature.get("geometry") or {}
    if not isinstance(said, dict) or not isinstance(shape, dict):
        raise fault("tracks.geojson", where, "geometry and properties as objects", "others")
    kind, places = shape.get("type"), shape.get("coordinates")
    where_places = f"{where}.geometry.coordinates"
    if kind == "Point":
        who = _who(said, where, into, file)
        named = next((name for name in _TIME if name in said), _TIME[0])
        fix = _fix(places, said.get(named), where_places, f"{where}.properties.{named}")
        into.take(_seen(who, fix), where_places)
        return
    if kind not in ("LineString", "MultiLineString"):
        return  # an area or a mark beside the tracks is none of them
    named = next((name for name in _TIMES if name in said), _TIMES[0])
    times, where_times = said.get(named), f"{where}.properties.{named}"
    if not isinstance(places, list) or not isinstance(times, list) or len(places) != len(times):
        counts = f"{_count(places)} positions, {_count(times)} times"
        raise fault("tracks.geojson", where, "`times` with one time a position", counts)
    who = _who(said, where, into, file)
    parts = zip(places, times, strict=True) if kind == "MultiLineString" else [(places, times)]
    for at, (line, moments) in enumerate(parts):
        inner = f"[{at}]" if kind == "MultiLineString" else ""
        here = where_places + inner
        if not isinstance(line, list) or not isinstance(moments, list) or len(line) != len(moments):
            raise fault("tracks.geojson", here, "one time a position", f"{_count(line)} and {_count(moments)}")
        for step, (place, time) in enumerate(zip(line, moments, strict=True)):
            one = f"{here}[{step}]"
            into.take(_seen(who, _fix(place, time, one, f"{where_times}{inner}[{step}]")), one)


def _count(value: Any) -> int:
    return len(value) if isinstance(value, list) else 0


def _fix(place: Any, time: Any, where: str, where_time: str) -> Fix:
    plain = isinstance(place, list) and 2 <= len(place) <= 3
    if not plain or not all(type(each) in (int, float) for each in place):
        raise fault("tracks.geojson", where, "[longitude, latitude] or [longitude, latitude, metres]", place)
    if type(time) not in (int, float, str):
        raise fault("tracks.time", where_time, "a time", time)
    at = read_time(time, where_time) if isinstance(time, str) else round(time) if abs(time) < 1e15 else -1
    if not limits.TRACK_MS_MIN <= at <= limits.TRACK_MS_MAX:
        raise fault("tracks.time", where_time, "milliseconds since 1970", time)
    return Fix(at, float(place[1]), float(place[0]), float(place[2]) if len(place) == 3 else None)


_Who = tuple[str, str, str, str, str]  # kind of number, number, kind, name, source


def _seen(who: _Who, fix: Fix) -> Seen:
    return Seen(who[0], who[1], who[2], fix, who[3], who[4])


def _who(said: dict[str, Any], where: str, into: Collector, file: str) -> _Who:
    def text(name: str) -> str:
        value = said.get(name)
        return str(value)[: limits.TRACK_NAME_CHARS_MAX] if isinstance(value, (str, int)) else ""

    for name in ERRORS:
        value = said.get(name)
        if value is not None:
            if type(value) not in (int, float):
                raise fault("tracks.error", f"{where}.properties.{name}", "a number", value)
            Stated(**{name: value})
            into.errors[name] = float(value)
    name = text("name") or text("label")
    id_kind, id = next(((kind, text(kind)) for kind in ID_KINDS if text(kind)), ("name", text("id") or name or file))
    kind = text("kind")
    if kind not in KINDS:
        kind = "aircraft" if id_kind == "icao" else "surface"
    return id_kind, id, kind, name, text("source")
