"""The form of a report as it is typed into a page: its units, the report made of it, and an account typed again.

Owns: the names of the form's fields: `u0.name` is the name of the first unit, `u0.name_nature` how that is known,
`u0.side` whose it is, `s0.text` what the first signal was.
Does not own: what a field may say (actions/incident_forms.py, subjects/incidents/).
Always true: unit 0 is ours and unit 1 theirs unless the form says otherwise; what was typed is never moved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from parley import limits
from parley.actions.incident_forms import NAMES, ReportForm, SignalForm, ToldForm, UnitForm
from parley.desk.shown.incidents import AccountRow, FlagRow, UnitRow

SIDES: Final = ("ours", "theirs", "other")
UNIT_FIELDS: Final = tuple(NAMES)[:9]
_SIGNAL: Final = re.compile(r"s([0-9]|1[01])\.(?:[a-z]+)")
_UNIT: Final = re.compile(r"u([0-7])\.(?:[a-z]+)")


def units(fields: Mapping[str, str], *, more: bool = False) -> tuple[str, ...]:
    """Give whose each unit of the form is: one of each side at least, those typed, and one more where asked for."""
    count = min(_count(_UNIT, fields, 2) + more, limits.INCIDENT_UNITS_MAX)
    sides = [fields.get(f"u{n}.side", "").strip() or ("ours", "theirs", "theirs")[min(n, 2)] for n in range(count)]
    return tuple(side if side in SIDES else "other" for side in sides)


def signals(fields: Mapping[str, str], *, more: bool = False) -> int:
    """Give how many signals the form has: those typed, one at least, and one more where asked for."""
    return min(_count(_SIGNAL, fields, 1) + more, limits.INCIDENT_SIGNALS_MAX)


def _count(form: re.Pattern[str], fields: Mapping[str, str], least: int) -> int:
    return max([least, *(int(hit[1]) + 1 for name in fields if (hit := form.fullmatch(name)))])


def form_of(fields: Mapping[str, str]) -> ReportForm:
    """Make the report of what was typed."""

    def got(name: str, otherwise: str = "") -> str:
        return fields.get(name, "").strip() or otherwise

    made = []
    for number in filled(fields):
        told = {
            name: ToldForm(value=got(f"u{number}.{name}"), nature=got(f"u{number}.{name}_nature", "observed"))
            for name in UNIT_FIELDS
            if got(f"u{number}.{name}")
        }
        side = units(fields)[number]
        made.append(UnitForm(side="" if side == "other" else side, told=told))
    told = {
        name: ToldForm(value=got(name), nature=got(f"{name}_nature", "observed"))
        for name in tuple(NAMES)[9:]
        if got(name)
    }
    return ReportForm(
        what=got("what"), place=got("place"), place_nature=got("place_nature", "observed"), time=got("time"),
        time_nature=got("time_nature", "observed"), language=got("language"), units=made, told=told,
        signals=[_signal_of(got, number) for number in range(signals(fields)) if got(f"s{number}.text")],
        closest=got("closest"), closest_vertical=got("closest_vertical"), closest_at=got("closest_at"),
        closest_how=got("closest_how"), closest_nature=got("closest_nature", "estimated"), document=got("document"),
        article=got("article"), cite=got("cite"), asks=got("asks"),
        commitment=got("commitment"),
    )  # fmt: skip


def _signal_of(got: Callable[..., str], number: int) -> SignalForm:
    side = got(f"s{number}.side", "ours")
    return SignalForm(
        side="" if side == "other" else side, text=got(f"s{number}.text"), answer=got(f"s{number}.answer"),
        nature=got(f"s{number}.nature", "observed"),
    )  # fmt: skip


def filled(fields: Mapping[str, str]) -> list[int]:
    """Give the units of the form of which something is said, in the order in which the report has them."""
    return [
        number
        for number in range(len(units(fields)))
        if any(fields.get(f"u{number}.{name}", "").strip() for name in UNIT_FIELDS)
    ]


def beside(flags: Sequence[FlagRow], fields: Mapping[str, str]) -> dict[str, list[FlagRow]]:
    """Give the flags of a checked report by the form's field that each stands beside."""
    numbers, found = filled(fields), dict[str, list[FlagRow]]()
    for flag in flags:
        name = flag.field if flag.unit is None else f"u{numbers[flag.unit]}.{flag.field}"
        found.setdefault(name, []).append(flag)
    return found


def typed_unit(number: int, unit: UnitRow) -> dict[str, str]:
    """Give the fields of one unit as they would be typed."""
    side = unit.whose if unit.whose in SIDES else "other"
    given = {f"u{number}.side": side} | {f"u{number}.{told.name}": told.value for told in unit.told}
    return given | {f"u{number}.{told.name}_nature": told.nature for told in unit.told}


def typed_again(one: AccountRow) -> dict[str, str]:
    """Give an account of ours as it would be typed, to be changed."""
    given = {"time": one.time[:19].replace("T", " "), "place": f"{one.latitude} {one.longitude}"}
    given |= {"what": one.what, "closest": one.closest, "closest_how": one.closest_how, "asks": one.asks}
    given["commitment"] = one.commitment
    given |= {"closest_vertical": one.closest_vertical, "closest_at": one.closest_at[:19].replace("T", " ")}
    natures = {"time": one.time_nature, "place": one.place_nature, "closest": one.closest_nature}
    natures |= {told.name: told.nature for told in one.told}
    given |= {f"{name}_nature": nature for name, nature in natures.items() if nature}
    given |= {"cite": f"{one.document}/{one.article}"} if one.cited else {}
    given |= {} if one.cited else {"document": one.document, "article": one.article}
    given |= {told.name: told.value for told in one.told}
    for number, unit in enumerate(_in_order(one.units)):
        given |= typed_unit(number, unit) if unit is not None else {}
    for number, signal in enumerate(one.signals):
        told = {"side": signal.whose, "text": signal.text, "answer": signal.answer, "nature": signal.nature}
        given |= {f"s{number}.{name}": value for name, value in told.items()}
    return given


def _in_order(those: Sequence[UnitRow]) -> list[UnitRow | None]:
    """Put the first unit of ours and of theirs first, as the form has them; None where a side has none."""
    first = [next((one for one in those if one.whose == whose), None) for whose in ("ours", "theirs")]
    rest = [one for one in those if all(one is not taken for taken in first)]
    found = [*first, *rest]
    return found if len(found) <= limits.INCIDENT_UNITS_MAX else list(those)
