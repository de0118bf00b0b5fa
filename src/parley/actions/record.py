"""Reading the record itself: logs, entries, proofs, and exports that need neither node.

Owns: rights and rows. Does not own: proofs (record/), rows on disk (storage/).
"""

from __future__ import annotations

from pathlib import Path

from parley.actions.ports import NodePort
from parley.actions.rows import EntryDetail, EntryLine, EvidenceFile, LogRow
from parley.actions.who import Who


def logs(node: NodePort, who: Who) -> list[LogRow]:
    """Give every log of both sides and how far the other side signed that it holds it."""
    raise NotImplementedError


def entries(node: NodePort, who: Who, log: str, *, first: int = 0, count: int = 100) -> list[EntryLine]:
    """Give a stretch of one log, by number."""
    raise NotImplementedError


def entry(node: NodePort, who: Who, log: str, number: int) -> EntryDetail:
    """Give one entry with its bytes, its proof and every signature that covers it."""
    raise NotImplementedError


async def export_record(node: NodePort, who: Who, path: Path) -> EvidenceFile:
    """Write the whole record, as both sides signed it, to a file."""
    raise NotImplementedError
