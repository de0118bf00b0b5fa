"""An incident, as a page shows it: the plain facts that the actions give, and both accounts row beside row."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from parley import limits
from parley.actions.incident_forms import NAMES
from parley.actions.incident_rows import (
    AccountRow,
    CheckedReport,
    EvidenceRow,
    FlagRow,
    IncidentRow,
    IncidentWhole,
    UnitRow,
    UnseenRow,
)
from parley.desk.charting import place_text

__all__ = [
    "AccountRow", "Cell", "CheckedReport", "CompareRow", "EvidenceRow", "FlagRow", "IncidentRow", "IncidentWhole",
    "UnitRow", "UnseenRow", "compare",
]  # fmt: skip
_Key = tuple[str, str, int]  # whose ("" for the whole), what, and which of several units of that side


class Cell(Struct, frozen=True, kw_only=True):
    """What one side says about one thing; "" where it says nothing."""

    text: str = ""
    nature: str = ""
    prose: bool = False
    language: str = ""
    flags: tuple[FlagRow, ...] = ()


class CompareRow(Struct, frozen=True, kw_only=True):
    """One thing as both sides tell it; `whose` is ours, theirs or other where it is about a unit, `unit` which one."""

    label: str
    whose: str
    ours: Cell
    theirs: Cell
    unit: int = 0

    @property
    def differs(self) -> bool:
        """Say whether both say something, and not the same."""
        return bool(self.ours.text and self.theirs.text) and self.ours.text != self.theirs.text


def compare(ours: AccountRow | None, theirs: AccountRow | None) -> tuple[CompareRow, ...]:
    """Give both accounts row beside row; a row that neither fills is left out."""
    left, right = _cells(ours), _cells(theirs)
    return tuple(
        CompareRow(
            whose=key[0], label=key[1], unit=key[2], ours=left.get(key, Cell()), theirs=right.get(key, Cell())
        )
        for key in _order()
        if key in left or key in right
    )  # fmt: skip


def _order() -> list[_Key]:
    units = [
        (whose, name, unit)
        for whose in ("ours", "theirs", "other")
        for unit in range(limits.INCIDENT_UNITS_MAX)
        for name in tuple(NAMES)[:9]
    ]
    plain = ("time", "place", "what", "closest", "closest-how")
    rest = ("signals", "weather", "activity", "damage", "injury", "article", "asks")
    return [*(("", one, 0) for one in plain), *units, *(("", one, 0) for one in rest)]


def _cells(account: AccountRow | None) -> dict[_Key, Cell]:
    if account is None:
        return {}
    one = account
    found = {
        "time": Cell(text=one.time[:19].replace("T", " ") + "Z", nature=one.time_nature, flags=_flags(one, "time")),
        "place": Cell(
            text=f"{place_text((float(one.latitude), float(one.longitude)))} ({one.latitude}, {one.longitude})",
            nature=one.place_nature, flags=_flags(one, "place"),
        ),
        "what": Cell(text=one.what, prose=True, language=one.language),
    }  # fmt: skip
    if one.closest:
        near = f"{one.closest} m" + (f" ↕ {one.closest_vertical} m" if one.closest_vertical else "")
        found["closest"] = Cell(text=near, nature=one.closest_nature, flags=_flags(one, "closest"))
        found["closest-how"] = Cell(text=one.closest_how, prose=True)
    for told in one.told:
        found[told.name] = Cell(text=told.value, nature=told.nature, prose=True)
    if one.signals:
        lines = [f"{s.by or '–'}: {s.text} → {s.answer or '–'}" for s in one.signals]
        found["signals"] = Cell(text="\n".join(lines), prose=True)
    if one.document or one.article:
        article = one.cited or " ".join(part for part in (one.document, one.article) if part)
        found["article"] = Cell(text=article, prose=bool(one.cited))
    if one.asks:
        found["asks"] = Cell(text=one.asks, prose=True)
    return _unit_cells(one) | {("", name, 0): cell for name, cell in found.items() if cell.text}


def _unit_cells(account: AccountRow) -> dict[_Key, Cell]:
    found: dict[_Key, Cell] = {}
    counted: Counter[str] = Counter()
    for number, unit in enumerate(account.units):
        for told in unit.told:
            flags = _flags(account, told.name, number)
            found[unit.whose, told.name, counted[unit.whose]] = Cell(
                text=told.value, nature=told.nature, flags=flags
            )  # fmt: skip
        counted[unit.whose] += 1
    return found


def _flags(account: AccountRow, field: str, unit: int | None = None) -> tuple[FlagRow, ...]:
    return tuple(one for one in account.flags if one.field == field and one.unit == unit)
