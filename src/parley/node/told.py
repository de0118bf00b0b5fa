"""From what the core tells to what a node's own desks, actions and programs are told: hints, never content.

Owns: the events about entries and what the other side holds of ours. Does not own: who hears them (events.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from parley.line import AheadArrived
from parley.node.events import Event
from parley.record import Entry
from parley.record.names import LogId
from parley.storage.port import FoldRow

Rings = Callable[[LogId, int], str]  # how a FLASH of theirs rings: beyond the hourly allowance it does not


def of(
    kind: str, log: LogId, number: int, fields: Mapping[str, str | int | bool | None], subject: str = ""
) -> Event:  # fmt: skip
    """Give an event about one place of a log."""
    return Event(kind=kind, channel=log.channel, subject=subject, log=log, number=number, fields=fields)


def entry(row: FoldRow, entry: Entry | None, ours: bool, rings: Rings) -> Event:
    """Give the event of an entry that was folded."""
    fields: dict[str, str | int | bool | None] = {
        "kind": row.kind,
        "ours": ours,
        "precedence": "" if entry is None else entry.precedence,
        "status": "" if entry is None else entry.status,
        "verdict": row.verdict,
    }
    if entry is not None and entry.precedence == "FLASH" and row.kind == "message.sent" and not ours:
        fields["rings"] = rings(row.log, row.number)
    return of("entry", row.log, row.number, fields, row.subject)


def ahead(event: AheadArrived, rings: Rings) -> Event:
    """Give the event of an entry that came ahead of its log."""
    entry = event.entry
    fields: dict[str, str | int | bool | None] = {
        "kind": entry.kind if entry else "", "precedence": entry.precedence if entry else "",
    }  # fmt: skip
    if entry is not None and entry.precedence == "FLASH" and entry.kind == "message.sent":
        fields["rings"] = rings(event.log, event.number)
    return of("ahead", event.log, event.number, fields, "" if entry is None else entry.subject)
