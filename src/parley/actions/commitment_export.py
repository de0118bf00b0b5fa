"""The register of commitments as a file for a spreadsheet: what the person may read, all channels or one."""

from __future__ import annotations

from typing import Final

from parley import limits
from parley.actions.commitments import register
from parley.actions.ports import NodePort
from parley.actions.spreadsheets import csv_text
from parley.actions.who import Who

_COLUMNS: Final = (
    "status", "channel", "commitment", "state", "who", "what", "due", "clock", "our view", "our view of",
    "their view", "their view of", "views differ", "source",
)  # fmt: skip


def register_csv(node: NodePort, who: Who, *, which: str = "all", channel: str = "") -> str:
    """Give a filter of the register as CSV, one line a commitment."""
    found = register(node, who, which=which, channel=channel, count=limits.COMMITMENTS_EXPORTED)
    return csv_text(
        _COLUMNS,
        (
            (row.status, row.channel, row.subject, row.state, "; ".join(name for name, _ in row.who), row.what, row.due,
             row.clock, row.our_view, row.our_view_at, row.their_view, row.their_view_at,
             "yes" if row.disputed else "no", row.source)
            for row in found.rows
        ),
    )  # fmt: skip
