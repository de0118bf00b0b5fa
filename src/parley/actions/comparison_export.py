"""The comparison as CSV and JSON: only what people confirmed, each cell with its place in its source."""

from __future__ import annotations

from typing import Any, Final

from parley.actions.comparing import compare
from parley.actions.ports import NodePort
from parley.actions.spreadsheets import csv_text
from parley.actions.who import Who

_COLUMNS: Final = (
    "status", "topic", "verdict", "report", "source", "who", "whom", "verb", "through", "manner", "words", "place",
    "differs",
)  # fmt: skip


def comparison_rows(node: NodePort, who: Who, channel: str, subject: str) -> dict[str, Any]:
    """Give the comparison as plain values for programs."""
    row = compare(node, who, channel, subject)
    names = {one.id: one.name for one in row.sources}
    rows = [
        {
            "status": row.readout.status, "topic": topic.topic, "verdict": pair.verdict, "report": pair.report,
            "source": names[cell.source], "who": cell.statement.who, "whom": cell.statement.whom,
            "verb": cell.statement.verb, "through": cell.statement.through, "manner": cell.statement.manner,
            "words": cell.words, "place": cell.place, "differs": "; ".join(kind for kind, _, _ in pair.differs),
        }
        for topic in row.topics
        for pair in topic.rows
        for cell in pair.cells
    ]  # fmt: skip
    made = row.readout
    return {
        "title": made.title, "date": made.date, "status": made.status, "channel": made.channel,
        "subject": made.subject, "sources": [names[one.id] for one in row.sources], "rows": rows,
    }  # fmt: skip


def comparison_csv(node: NodePort, who: Who, channel: str, subject: str) -> str:
    """Give the comparison as CSV, one line a statement."""
    rows = comparison_rows(node, who, channel, subject)["rows"]
    return csv_text(_COLUMNS, ([row[name] for name in _COLUMNS] for row in rows))
