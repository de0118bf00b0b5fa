"""Rows as CSV that a spreadsheet opens without doing anything.

Always true: a cell that a spreadsheet could take for a formula begins with an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

# OWASP, "CSV Injection": the signs a formula may begin with, the full-width ones included.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give rows under their columns as CSV (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue()


def _harmless(cell: str) -> str:
    return "'" + cell if cell.lstrip(" ").startswith(_FORMULA) else cell
