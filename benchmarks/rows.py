"""What a row of figures is: measured, floor, limit, and whether it holds."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure. `ok` is None where it could not be measured, with `why`; None never counts as true."""

    row: str
    measured: float | None
    floor: float | None
    limit: float | None
    unit: str
    ok: bool | None
    why: str = ""


def ratio_row(name: str, pairs: list[tuple[float, float]], limit: float, why: str = "") -> Row:
    """Give the median over the rounds of ours over the floor; the spread of the ratios goes into `why`."""
    ratios = [ours / bare for ours, bare in pairs]
    ratio = statistics.median(ratios)
    ours, bare = (statistics.median(each) for each in zip(*pairs, strict=True))
    spread = f"{ratio:.2f} x the floor, rounds {min(ratios):.2f} to {max(ratios):.2f}"
    return Row(
        row=name, measured=round(ours * 1e3, 3), floor=round(bare * 1e3, 3), limit=round(limit * bare * 1e3, 3),
        unit="ms", ok=ratio <= limit, why=f"{spread}{'; ' + why if why else ''}",
    )  # fmt: skip


def limit_row(name: str, measured: float, limit: float, unit: str, *, least: bool = False, why: str = "") -> Row:
    """Give a figure against a fixed limit; `least` means that more is better."""
    ok = measured >= limit if least else measured <= limit
    return Row(row=name, measured=round(measured, 3), floor=None, limit=limit, unit=unit, ok=ok, why=why)


def failed(name: str, limit: float | None, why: str, *, ok: bool | None = False) -> Row:
    """Give a row that fell through, or could not be measured (`ok` None)."""
    return Row(row=name, measured=None, floor=None, limit=limit, unit="", ok=ok, why=why)


def quantile(values: list[float], part: float) -> float:
    """Give the value that this part of them does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]
