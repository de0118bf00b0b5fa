"""A report of an incident as somebody types it, made into its one form.

Owns: the shape of what is typed, default natures, the writing of numbers and positions in their one form.
Does not own: which fields there are and their bounds (subjects/incidents/report.py reads what is made here again).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Final

from msgspec import Meta, Struct

from parley import limits
from parley.actions.commitment_citing import citation_typed
from parley.codec.text import make_text
from parley.errors import PeerError, Refused
from parley.subjects.incidents import Report, Unit
from parley.subjects.incidents.report import FIELDS, NATURES, UNIT_FIELDS, Closest, Signal, Told
from parley.subjects.places import Position, position
from parley.times import Moment, moment_text, read_moment
from parley.tracks.ids import icao_fault, imo_fault, mmsi_fault

Words = Annotated[str, Meta(max_length=limits.INCIDENT_ACCOUNT_CHARS_MAX)]
Short = Annotated[str, Meta(max_length=limits.INCIDENT_FIELD_CHARS_MAX)]
# What is typed, and how the record names it.
NAMES: Final = {
    "type": "kind", "name": "name", "number": "no", "mmsi": "mmsi", "imo": "imo", "icao": "icao", "course": "crs",
    "speed": "spd", "altitude": "alt", "weather": "wx", "activity": "act", "damage": "dmg", "injury": "inj",
}  # fmt: skip
SHOWN: Final = {kept: typed for typed, kept in NAMES.items()}
# What our own people type must have the form of such a number: a slip is put right before it crosses. Of the other side
# any is taken and flagged, and so is one of ours whose digits do not hold (incident_flags.py).
_DIGITS: Final = {
    "mmsi": (mmsi_fault, "nine digits"), "imo": (imo_fault, "seven digits"), "icao": (icao_fault, "six hex digits"),
}  # fmt: skip
_LETTER: Final = {word: letter for letter, word in NATURES.items()}
_DECIMAL: Final = re.compile(r"[-+]?[0-9]{1,3}(?:\.[0-9]{1,9})?")
_SEXAGESIMAL: Final = re.compile(
    r"([0-9]{1,3})[°\s-]+([0-9]{1,2}(?:\.[0-9]{1,6})?)(?:['′\s-]+([0-9]{1,2}(?:\.[0-9]{1,4})?)[\"″]?)?['′]?\s*([NSEW])",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?Z?")


class Form(Struct, forbid_unknown_fields=True, kw_only=True):
    """The manner of what is typed: no field that is not named here."""


class ToldForm(Form, kw_only=True):
    """One thing said, with its nature in a word."""

    value: Short
    nature: Short = "observed"


class UnitForm(Form, kw_only=True):
    """A unit: `side` is a side's id, "ours", "theirs", or "" for somebody else's."""

    side: Short = ""
    told: dict[Short, ToldForm] = {}


class SignalForm(Form, kw_only=True):
    """A signal or call that was made, and what was answered."""

    side: Short = "ours"
    text: Short
    answer: Short = ""
    nature: Short = "observed"


class ReportForm(Form, kw_only=True):
    """A report as it is typed. Only `what` and where are needed; no time means now."""

    what: Words
    place: Short  # "54.6251 12.5172" or "54°37.5'N 012°31.0'E"
    place_nature: Short = "observed"
    time: Short = ""
    time_nature: Short = "observed"
    language: Short = ""
    units: Annotated[list[UnitForm], Meta(max_length=limits.INCIDENT_UNITS_MAX)] = []
    told: dict[Short, ToldForm] = {}
    signals: Annotated[list[SignalForm], Meta(max_length=limits.INCIDENT_SIGNALS_MAX)] = []
    closest: Short = ""  # metres
    closest_vertical: Short = ""
    closest_at: Short = ""
    closest_how: Short = ""
    closest_nature: Short = "estimated"
    document: Short = ""
    article: Short = ""
    cite: Short = ""  # an article of the rule book, as the pick-list names it; it goes before the two above
    asks: Short = ""
    commitment: Short = ""  # "channel commitment/side/epoch/number", as the pick-list gives it


def report_of(form: ReportForm, *, us: str, them: str, language: str, now: Moment) -> Report:
    """Give the report that was typed; raises Refused `incidents.form`, `places.range` with what to put right."""
    sides = {"ours": us, "theirs": them}

    def side(typed: str) -> str:
        return sides.get(typed, typed)

    document, article = make_text(form.document).strip(), make_text(form.article).strip()
    if form.cite.strip():
        document, article = article_typed(form.cite)
    closest = None
    if form.closest.strip():
        closest = Closest(
            metres=tenths(form.closest, "the closest approach"), vertical=_whole(form.closest_vertical, "its height"),
            at=moment_typed(form.closest_at, now) if form.closest_at.strip() else "",
            how=make_text(form.closest_how).strip(), nature=_nature(form.closest_nature),
        )  # fmt: skip
    return Report(
        time=Told(value=moment_typed(form.time, now), nature=_nature(form.time_nature)),
        place=place_typed(form.place), place_nature=_nature(form.place_nature), what=make_text(form.what).strip(),
        language=form.language or language,
        units=tuple(
            Unit(side=side(one.side), told=found) for one in form.units if (found := _told(one.told, UNIT_FIELDS))
        ),
        told=_told(form.told, FIELDS),
        signals=tuple(
            Signal(
                side=side(one.side), text=make_text(one.text).strip(), answer=make_text(one.answer).strip(),
                nature=_nature(one.nature),
            )
            for one in form.signals
            if one.text.strip()
        ),
        closest=closest, document=document, article=article, asks=make_text(form.asks).strip(),
        commitment=citation_typed(form.commitment),
    )  # fmt: skip


def _told(typed: Mapping[str, ToldForm], allowed: tuple[str, ...]) -> dict[str, Told]:
    found = {}
    for name, one in typed.items():
        kept = NAMES.get(name, "")
        if kept not in allowed:
            raise Refused("incidents.form", f"there is no field {name[:40]!r} here")
        value = make_text(one.value).strip()
        if value:
            found[kept] = Told(value=_measured(kept, value), nature=_nature(one.nature))
    return {name: found[name] for name in allowed if name in found}


def _measured(name: str, value: str) -> str:
    if name == "crs":
        turned = tenths(value, "a course")
        return "0.0" if turned == "360.0" else turned
    if name == "spd":
        return tenths(value, "a speed")
    if name == "alt":
        return _whole(value, "an altitude")
    if name in _DIGITS:
        bare = value.upper().removeprefix("IMO").replace(" ", "") if name != "icao" else value.upper()
        fault, expected = _DIGITS[name]
        if fault(bare) == "digits":
            raise Refused("incidents.form", f"{name.upper()}: expected {expected}, got {value[:40]!r}")
        return bare.lower()
    return value


def tenths(typed: str, what: str) -> str:
    """Give a number in its one form, with one decimal."""
    try:
        number = float(typed.replace(",", ".").strip())
    except ValueError:
        number = -1.0
    if not 0 <= number < 1_000_000:
        raise Refused("incidents.form", f"{what}: expected a number such as 14.5, got {typed[:40]!r}")
    return f"{number:.1f}"


def _whole(typed: str, what: str) -> str:
    if not typed.strip():
        return ""
    try:
        number = round(float(typed.replace(",", ".")))
    except (ValueError, OverflowError):
        raise Refused("incidents.form", f"{what}: expected whole metres, got {typed[:40]!r}") from None
    if abs(number) >= 1_000_000:
        raise Refused("incidents.form", f"{what}: expected metres, got {typed[:40]!r}")
    return str(number)


def _nature(typed: str) -> str:
    letter = _LETTER.get(typed.strip() or "observed")
    if letter is None:
        raise Refused("incidents.form", f"the nature is one of {', '.join(_LETTER)}, got {typed[:40]!r}")
    return letter


def moment_typed(typed: str, now: Moment) -> str:
    """Give a moment: as the record writes it, as `2026-11-23 09:14[:30]`, as `09:14` today, or now for nothing."""
    text = typed.strip()
    if not text:
        return moment_text(now)
    if re.fullmatch(r"\d{2}:?\d{2}(:\d{2})?Z?", text):
        clock = text.removesuffix("Z").replace(":", "")
        text = f"{moment_text(now)[:10]} {clock[:2]}:{clock[2:4]}:{clock[4:] or '00'}"
    read = _CLOCK.fullmatch(text)
    try:
        if read is None:
            raise PeerError("times.form", "no moment")
        day, minute, second, rest = read.groups()
        return moment_text(read_moment(f"{day}T{minute}:{second or '00'}.{(rest or '').ljust(3, '0')}Z"))
    except PeerError:
        wanted = "2026-11-23 09:14:30 or 09:14, in UTC"
        raise Refused("incidents.form", f"when: expected {wanted}, got {typed[:40]!r}") from None


def article_typed(cite: str) -> tuple[str, str]:
    """Give document and article of `id/version/number`, as the pick-list of the rule book names one."""
    book, _, rest = make_text(cite).strip().partition("/")
    version, _, number = rest.partition("/")
    if not (book and version and number):
        raise Refused("incidents.form", f"article: expected document/version/number, got {cite[:60]!r}")
    return f"{book}/{version}", number


def place_typed(typed: str) -> Position:
    """Give a position: decimal degrees, north and east first, or degrees and minutes with N, S, E, W."""
    text = typed.strip()
    found = list(_SEXAGESIMAL.finditer(text))
    if len(found) == 2 and {one[4].upper() in "NS" for one in found} == {True, False}:
        angles = {one[4].upper() in "NS": _angle(one) for one in found}
        return position(angles[True], angles[False])
    plain = _DECIMAL.findall(text) if re.fullmatch(r"[-+0-9.,;\s]+", text) else []
    if len(plain) == 2:
        return position(float(plain[0]), float(plain[1]))
    raise Refused("incidents.form", f"where: expected 54.6251 12.5172 or 54°37.5'N 012°31.0'E, got {typed[:60]!r}")


def _angle(read: re.Match[str]) -> float:
    degrees, minutes, seconds = float(read[1]), float(read[2]), float(read[3] or 0)
    if minutes >= 60 or seconds >= 60:
        raise Refused("incidents.form", f"where: minutes and seconds are below 60, got {read[0][:40]!r}")
    angle = degrees + minutes / 60 + seconds / 3600
    return -angle if read[4].upper() in "SW" else angle
