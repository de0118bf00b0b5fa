"""What a report of an incident says: the form of first reports and of later accounts, strictly read, and its writing.

Owns: the fields, each with its nature (observed, declared, estimated, simulated), and the one form of numbers.
Does not own: whether what is said can be true. A side that lies is recorded and flagged, never refused
(actions/incident_flags.py).
Always true: what `write` gives, `read` takes, and a field that was not said is left out.
Read first: docs/protocol/incidents.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parley import limits
from parley.codec import JsonValue, encode
from parley.codec.fields import Reader
from parley.errors import PeerError
from parley.subjects.citations import Citation, read_citation
from parley.subjects.places import Position, read_position

NATURES: Final = {"o": "observed", "d": "declared", "e": "estimated", "s": "simulated"}
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")  # the common part of RFC 5646
_TENTHS: Final = re.compile(r"(0|[1-9][0-9]{0,5})\.[0-9]")
_SIGNED: Final = re.compile(r"(?!-0$)-?(0|[1-9][0-9]{0,5})")
_SHORT: Final = 60
_NUMBERS: Final = {  # MMSI, IMO and ICAO numbers are none of these: a ship may send out any, and a side may claim any
    "crs": (re.compile(r"(?:[0-9]|[1-9][0-9]|[12][0-9]{2}|3[0-5][0-9])\.[0-9]"), "degrees from 0.0 to 359.9"),
    "spd": (_TENTHS, "knots with one decimal"),
    "alt": (_SIGNED, "whole metres above the sea, negative below"),
}
# Of a unit, in the order in which they are shown: type, name, hull or tail number, then what is measured or sent out.
UNIT_FIELDS: Final = ("kind", "name", "no", "mmsi", "imo", "icao", "crs", "spd", "alt")
# Of the whole: weather, activity, damage, injury.
FIELDS: Final = ("wx", "act", "dmg", "inj")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing said, and its nature: o, d, e or s."""

    value: str
    nature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A ship, an aircraft or another unit: whose, and what is said of it by field."""

    side: str  # a side's id; "" for somebody else's
    told: Mapping[str, Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A signal or a call that was made, by whom, and what was answered ("" for nothing)."""

    side: str
    text: str
    answer: str
    nature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closest:
    """The closest approach: metres, metres up or down ("" not said), when ("" not said), how it was measured."""

    metres: str
    vertical: str
    at: str
    how: str
    nature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One account of an incident, as one side gives it."""

    time: Told
    place: Position
    place_nature: str
    what: str
    language: str
    units: tuple[Unit, ...] = ()
    told: Mapping[str, Told]
    signals: tuple[Signal, ...] = ()
    closest: Closest | None = None
    document: str = ""
    article: str = ""
    asks: str = ""
    commitment: Citation | None = None


def read(reader: Reader, *, what_max: int) -> Report:
    """Read the fields of a report from a body; raises PeerError. The caller reads what else the body has."""
    moment, nature = _pair(reader, "t")
    Reader({"t": moment}, reader.where).moment("t")
    place, seen = read_position(reader, "p"), reader.choice("pn", NATURES)
    what = reader.text("what", max_chars=what_max)
    language = reader.match("lang", LANGUAGE, "a language tag like en or zh-Hans")
    units = tuple(_unit(one) for one in _some(reader, "units", limits.INCIDENT_UNITS_MAX))
    told = {name: _told(reader, name, limits.INCIDENT_FIELD_CHARS_MAX) for name in FIELDS if reader.has(name)}
    signals = tuple(_signal(reader, one) for one in _list(reader, "sig", limits.INCIDENT_SIGNALS_MAX))
    closest = _closest(reader.object("cpa")) if reader.has("cpa") else None
    document, article = _texts(reader, "art", 2) if reader.has("art") else ("", "")
    return Report(
        time=Told(value=moment, nature=nature), place=place, place_nature=seen, what=what,
        language=language, units=units, told=told, signals=signals, closest=closest, document=document, article=article,
        asks=reader.maybe_text("ask", max_chars=limits.INCIDENT_FIELD_CHARS_MAX) or "",
        commitment=read_citation(reader),
    )  # fmt: skip


def write(report: Report) -> dict[str, JsonValue]:
    """Give the body's fields of a report; what was not said is left out."""
    body: dict[str, JsonValue] = {
        "t": [report.time.value, report.time.nature],
        "p": report.place.value(),
        "pn": report.place_nature,
        "what": report.what,
        "lang": report.language,
    }
    if report.units:
        body["units"] = [{"of": one.side, **_natured(one.told)} for one in report.units]
    body |= _natured(report.told)
    if report.signals:
        body["sig"] = [[one.side, one.text, one.answer, one.nature] for one in report.signals]
    if report.closest is not None:
        near = report.closest
        optional = {"v": near.vertical, "t": near.at, "how": near.how}
        body["cpa"] = {"m": near.metres, "n": near.nature, **{name: value for name, value in optional.items() if value}}
    if report.document or report.article:
        body["art"] = [report.document, report.article]
    if report.asks:
        body["ask"] = report.asks
    if report.commitment is not None:
        body["commitment"] = report.commitment.value()
    return body


def size_bytes(body: Mapping[str, JsonValue]) -> int:
    """Give how many bytes a report takes in its entry, pictures' names left out."""
    return len(encode({name: value for name, value in body.items() if name != "attachments"}))


def _natured(told: Mapping[str, Told]) -> dict[str, JsonValue]:
    return {name: [one.value, one.nature] for name, one in told.items()}


def _unit(reader: Reader) -> Unit:
    side = reader.take("of")
    if side != "":
        Reader({"of": side}, reader.where).side("of")
    told = {}
    for name in UNIT_FIELDS:
        if reader.has(name):
            one = _told(reader, name, _SHORT)
            if name in _NUMBERS:
                form, expected = _NUMBERS[name]
                Reader({name: one.value}, reader.where).match(name, form, expected)
            told[name] = one
    reader.done()
    return Unit(side=str(side), told=told)


def _signal(reader: Reader, value: JsonValue) -> Signal:
    side, text, answer, nature = _texts(Reader({"sig": value}, reader.where), "sig", 4)
    if side:
        Reader({"sig": side}, reader.where).side("sig")
    if not text or max(len(text), len(answer)) > limits.INCIDENT_FIELD_CHARS_MAX:
        raise PeerError("codec.field", f"{reader.where}.sig: expected a signal and an answer of sentences")
    return Signal(side=side, text=text, answer=answer, nature=_nature(reader, "sig", nature))


def _closest(reader: Reader) -> Closest:
    found = Closest(
        metres=reader.match("m", _TENTHS, "metres with one decimal"),
        vertical=reader.match("v", _SIGNED, "whole metres") if reader.has("v") else "",
        at=reader.maybe_moment("t") or "",
        how=reader.maybe_text("how", max_chars=limits.INCIDENT_FIELD_CHARS_MAX) or "",
        nature=reader.choice("n", NATURES),
    )
    reader.done()
    return found


def _told(reader: Reader, name: str, max_chars: int) -> Told:
    value, nature = _pair(reader, name)
    Reader({name: value}, reader.where).text(name, max_chars=max_chars)
    return Told(value=value, nature=nature)


def _pair(reader: Reader, name: str) -> tuple[str, str]:
    value, nature = _texts(reader, name, 2)
    return value, _nature(reader, name, nature)


def _nature(reader: Reader, name: str, nature: str) -> str:
    if nature not in NATURES:
        raise PeerError("codec.field", f"{reader.where}.{name}: expected the nature: o, d, e or s")
    return nature


def _texts(reader: Reader, name: str, count: int) -> list[str]:
    found = reader.list(name, min_items=count, max_items=count)
    texts = [one for one in found if isinstance(one, str) and len(one) <= limits.INCIDENT_FIELD_CHARS_MAX]
    if len(texts) != count:
        raise PeerError("codec.field", f"{reader.where}.{name}: expected {count} texts")
    return texts


def _some(reader: Reader, name: str, max_items: int) -> list[Reader]:
    return list(reader.objects(name, max_items=max_items, min_items=1)) if reader.has(name) else []


def _list(reader: Reader, name: str, max_items: int) -> list[JsonValue]:
    return reader.list(name, max_items=max_items, min_items=1) if reader.has(name) else []
