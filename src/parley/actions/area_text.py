"""An area as people type or paste it: from a NAVAREA warning, a NOTAM, a list of positions, a chart, or GeoJSON.

Owns: which ways of writing a position are read, and what several of them together mean.
Does not own: the form an entry holds (subjects/places.py), GeoJSON (geojson.py).
Always true: what looks like a part of a position and is none is refused by its words: a position left out would be
another area. Other words around them are let pass, since a pasted warning is full of them.
"""

from __future__ import annotations

import re
from typing import Final

from parley.actions import geojson
from parley.errors import Refused
from parley.subjects import places
from parley.subjects.places import Area, Position

TEXT_CHARS_MAX: Final = 65_536
_UNITS_M: Final = {"NM": 1852.0, "NAUTICAL MILES": 1852.0, "NAUTICAL MILE": 1852.0, "KM": 1000.0, "M": 1.0}


def _angle(whole: int, hemispheres: str) -> str:
    """Give the ways to write one angle: decimal degrees, or degrees and minutes (and seconds) apart or run together."""
    degrees = rf"\d{{1,{whole}}}"
    return (
        rf"(?:{degrees}\.\d{{1,8}}°?"  # 54.5
        rf"|\d{{{whole}}}\d{{2}}(?:\d{{2}})?(?:\.\d{{1,6}})?"  # 5430, 543015, 5430.5
        rf"|{degrees}(?:[-° ]\s?\d{{1,2}}(?:\.\d{{1,6}})?['′]?(?:[- ]?\s?\d{{1,2}}(?:\.\d{{1,6}})?[\"″])?"  # 54-30.5
        rf"|-\d{{1,2}}-\d{{1,2}}(?:\.\d{{1,6}})?)"  # 54-30-15
        rf"|{degrees}°?)\s?[{hemispheres}]"
    )


_PAIR: Final = re.compile(rf"(?<![\w.])({_angle(2, 'NS')})[\s,;/]{{0,3}}({_angle(3, 'EW')})(?!\w)")
_SIGNED: Final = re.compile(r"(?m)^\s*(-?\d{1,2}(?:\.\d{1,8})?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d{1,8})?)\s*$")
_WIDE: Final = re.compile(
    r"(?:WITHIN|WI|RADIUS(?: OF)?)\s+(\d{1,5}(?:\.\d{1,3})?)\s?(NAUTICAL MILES?|NM|KM|M)\b"
    r"|(?<![\w.])(\d{1,5}(?:\.\d{1,3})?)\s?(NAUTICAL MILES?|NM|KM|M)\s+(?:RADIUS|EITHER SIDE)"
)
# What is drawn on a chart ends with its distance (docs/desk/chart.md).
_DRAWN: Final = re.compile(r"\s*(?:CIRCLE|CORRIDOR)\s.*[EW]\s+(\d{1,5}(?:\.\d{1,3})?)\s?(NM)\s*", re.DOTALL)
# A whole NOTAM: item E says the area. Item Q has a middle and a radius of its own, and the others times and heights.
_NOTAM: Final = re.compile(r"(?<!\w)[QA]\)\s.*?(?<!\w)E\)\s(.*?)(?:(?<!\w)[FG]\)\s.*)?$", re.DOTALL)
_LEFT_OVER: Final = re.compile(r"(?<![\w.])\d[\d.°'′\"″-]*\s?[NSEW](?!\w)")
_PARTS: Final = re.compile(r"\d+(?:\.\d+)?")


def read_area_text(text: str) -> Area:
    """Read one area.

    Raises:
        Refused: `areas.text` with what was not understood, `places.area`, `places.range`, `areas.geojson`.
    """
    if len(text) > TEXT_CHARS_MAX:
        raise Refused("areas.text", f"an area's text has at most {TEXT_CHARS_MAX} characters, got {len(text)}")
    if text.lstrip().startswith(("{", "[")):
        return geojson.read_area(text)
    told = text.upper()
    notam = _NOTAM.search(told)
    if notam is not None:
        told = notam[1]
    points = read_positions(told)
    wide = _width_m(told)
    if not points:
        raise Refused("areas.text", "no position was found: write them like 54-30.0N 010-15.5E or 54.5N 10.25E")
    if len(points) == 1:
        if wide is None:
            raise Refused("areas.text", "one position alone is no area: say WITHIN 5 NM OF it")
        return places.circle(points[0], wide)
    if wide is not None:
        return places.corridor(points, wide)
    if len(points) == 2:
        raise Refused("areas.text", "two positions need a width: say WITHIN 5 NM OF them, or give a third")
    return places.polygon(points)


def read_positions(text: str) -> list[Position]:
    """Read every position of a text, in order; raises Refused `areas.text` for half of one, or for none readable."""
    told = text.upper()
    found = [places.position(_degrees(pair[1], 90), _degrees(pair[2], 180)) for pair in _PAIR.finditer(told)]
    rest = _PAIR.sub(" ", told)
    if not found:
        found = [places.position(float(pair[1]), float(pair[2])) for pair in _SIGNED.finditer(told)]
        rest = _SIGNED.sub(" ", told)
    odd = _LEFT_OVER.search(rest)
    if odd is not None:
        raise Refused("areas.text", f'"{odd[0][:40]}" is no whole position: expected one like 54-30.0N 010-15.5E')
    return found


def _width_m(told: str) -> int | None:
    found = [(hit[1] or hit[3], hit[2] or hit[4]) for hit in _WIDE.finditer(told)]
    drawn = _DRAWN.fullmatch(told)
    if drawn is not None and not found:
        found = [(drawn[1], drawn[2])]
    if len(found) > 1:
        raise Refused("areas.text", f"{len(found)} distances were found: expected one area with one distance")
    if not found:
        return None
    number, unit = found[0]
    return max(1, round(float(number) * _UNITS_M[unit]))


def _degrees(text: str, most: int) -> float:
    """Give one written angle in degrees; minutes and seconds below 60."""
    sign = -1 if text[-1] in "SW" else 1
    parts = [float(part) for part in _PARTS.findall(text)]
    digits = _PARTS.findall(text)[0].partition(".")[0]
    if len(parts) == 1 and len(digits) > (2 if most == 90 else 3):  # run together: 5430.5, 0101530
        whole = 2 if most == 90 else 3
        seconds = len(digits) - whole == 4
        fraction = parts[0] - int(digits)
        parts = [float(digits[:whole]), float(digits[whole : whole + 2])]
        if seconds:
            parts.append(float(digits[whole + 2 :]))
        parts[-1] += fraction
    if any(part >= 60 for part in parts[1:]):
        raise Refused("areas.text", f'"{text[:40]}": minutes and seconds are below 60')
    value = sum(part / divisor for part, divisor in zip(parts, (1.0, 60.0, 3600.0), strict=False))
    if value > most:
        raise Refused("areas.text", f'"{text[:40]}": expected at most {most} degrees')
    return sign * value
