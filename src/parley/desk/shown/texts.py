"""A negotiated text, as a page shows it: the same plain facts that the actions give."""

from __future__ import annotations

from parley.actions.negotiating_rows import (
    AlternativeRow,
    CleanRow,
    ColumnRow,
    DifferenceRow,
    FallbackRow,
    MomentRow,
    SaidRow,
    SignatureRow,
    TextRow,
    UnitRow,
    WholeRow,
)

__all__ = [
    "AlternativeRow",
    "CleanRow",
    "ColumnRow",
    "DifferenceRow",
    "FallbackRow",
    "MomentRow",
    "SaidRow",
    "SignatureRow",
    "TextRow",
    "UnitRow",
    "WholeRow",
]
