"""What cannot be, or is unlikely, in an account: a lie or a slip is recorded and flagged, never refused.

Owns: the flags, each with the field that it stands beside. Does not own: the form of fields (subjects/incidents/), the
numbers of ships and aircraft (tracks/ids.py), the coastline (land/).
Always true: a flag refuses nothing, and both nodes raise the same flags for the same entry.
"""

from __future__ import annotations

from typing import Final

from parley.actions.incident_rows import FlagRow
from parley.land import is_land
from parley.subjects.incidents import Report, Unit
from parley.times import read_moment
from parley.tracks.ids import icao_fault, imo_fault, mmsi_fault

_SOUND_KN: Final = 661.5  # at the surface of the sea, standard atmosphere
_DAY_MS: Final = 86_400_000


def flags(told: Report, written: str, founded: str) -> tuple[FlagRow, ...]:
    """Give what to doubt in an account that was written at a moment of a line founded at another ("" not known)."""
    found = []
    happened = read_moment(told.time.value)
    if founded and happened < read_moment(founded):
        found.append(FlagRow(code="before-founding", value=founded, field="time"))
    if happened > read_moment(written):
        found.append(FlagRow(code="in-future", value=written, field="time"))
    if not _only_aircraft(told) and is_land(*told.place.degrees):
        place = told.place.value()
        found.append(FlagRow(code="on-land", value=f"{place['lat']}, {place['lon']}", field="place"))
    if told.closest is not None and told.closest.at and abs(read_moment(told.closest.at) - happened) > _DAY_MS:
        found.append(FlagRow(code="closest-another-day", value=told.closest.at, field="closest"))
    for number, unit in enumerate(told.units):
        found += _of_unit(number, unit)
    return tuple(found)


def _of_unit(number: int, unit: Unit) -> list[FlagRow]:
    """Check the numbers a unit is known by, and its speed."""
    found = []
    for field, fault in (("mmsi", mmsi_fault), ("imo", imo_fault), ("icao", icao_fault)):
        one = unit.told.get(field)
        wrong = None if one is None else fault(one.value.upper())
        if one is not None and wrong is not None:
            found.append(FlagRow(code=f"{field}-{wrong}", value=one.value, field=field, unit=number))
    speed = unit.told.get("spd")
    if speed is not None and float(speed.value) > _SOUND_KN:
        found.append(FlagRow(code="faster-than-sound", value=speed.value, field="speed", unit=number))
    return found


def _only_aircraft(told: Report) -> bool:
    """Say whether every unit named is an aircraft, by its address or its height: over land they are at home."""
    return bool(told.units) and all(_flies(unit) for unit in told.units)


def _flies(unit: Unit) -> bool:
    height = unit.told.get("alt")
    return "icao" in unit.told or (height is not None and int(height.value) > 0)
