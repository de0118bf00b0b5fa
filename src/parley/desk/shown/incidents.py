"""An incident, as a page shows it: the plain facts that the actions give, and both accounts row beside row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from parley.actions.incident_forms import NAMES
from parley.actions.incident_rows import AccountRow, EvidenceRow, IncidentRow, IncidentWhole, UnitRow

__all__ = ["AccountRow", "Cell", "CompareRow", "EvidenceRow", "IncidentRow", "IncidentWhole", "UnitRow", "compare"]
_NONE: Final = ("", "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """What one side says about one thing; "" where it says nothing."""

    text: str = ""
    nature: str = ""
    prose: bool = False
    language: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CompareRow:
    """One thing as both sides tell it; `whose` is ours, theirs or other where it is about a unit."""

    label: str
    whose: str
    ours: Cell
    theirs: Cell

    @property
    def differs(self) -> bool:
        """Say whether both say something, and not the same."""
        return bool(self.ours.text and self.theirs.text) and self.ours.text != self.theirs.text


def compare(ours: AccountRow | None, theirs: AccountRow | None) -> tuple[CompareRow, ...]:
    """Give both accounts row beside row; a row that neither fills is left out."""
    left, right = _cells(ours), _cells(theirs)
    keys = [key for key in _order() if key in left or key in right]
    return tuple(
        CompareRow(whose=key[0], label=key[1], ours=left.get(key, Cell()), theirs=right.get(key, Cell()))
        for key in keys
    )  # fmt: skip


def _order() -> list[tuple[str, str]]:
    units = [(whose, name) for whose in ("ours", "theirs", "other") for name in (*NAMES, "second")]
    plain = ("time", "place", "what", "closest", "closest-how")
    rest = ("signals", "weather", "activity", "damage", "injury", "article", "asks")
    return [*(("", one) for one in plain), *units, *(("", one) for one in rest)]


def _cells(account: AccountRow | None) -> dict[tuple[str, str], Cell]:
    if account is None:
        return {}
    one = account
    found = {
        ("", "time"): Cell(text=one.time[:19].replace("T", " ") + "Z", nature=one.time_nature),
        ("", "place"): Cell(text=f"{one.latitude}, {one.longitude}", nature=one.place_nature),
        ("", "what"): Cell(text=one.what, prose=True, language=one.language),
    }
    if one.closest:
        near = f"{one.closest} m" + (f" ↕ {one.closest_vertical} m" if one.closest_vertical else "")
        found["", "closest"] = Cell(text=near, nature=one.closest_nature)
        found["", "closest-how"] = Cell(text=one.closest_how, prose=True)
    for unit in one.units:
        again = (unit.whose, "type") in found or (unit.whose, "name") in found
        if again:  # a second ship of the same side: in one row, so that the table stays two columns
            words = " · ".join(told.value for told in unit.told)
            before = found.get((unit.whose, "second"), Cell()).text
            found[unit.whose, "second"] = Cell(text=f"{before}; {words}" if before else words)
            continue
        for told in unit.told:
            found[unit.whose, told.name] = Cell(text=told.value, nature=told.nature)
    for told in one.told:
        found["", told.name] = Cell(text=told.value, nature=told.nature, prose=True)
    if one.signals:
        lines = [f"{s.text} → {s.answer or '–'}" for s in one.signals]
        found["", "signals"] = Cell(text="\n".join(lines), prose=True)
    if one.document or one.article:
        found["", "article"] = Cell(text=" ".join(part for part in (one.document, one.article) if part))
    if one.asks:
        found["", "asks"] = Cell(text=one.asks, prose=True)
    return {key: cell for key, cell in found.items() if cell.text}
