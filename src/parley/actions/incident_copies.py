"""Copies of one incident to take away: its evidence, which `parley check` reads with no node and no network.

Owns: rights. Does not own: what belongs into the file (record/evidence.py), paper (desk/incident_sheet.py).
"""

from __future__ import annotations

from pathlib import Path

from parley.actions.incidents import view_at
from parley.actions.messages import written
from parley.actions.ports import NodePort
from parley.actions.record_rows import EvidenceFile
from parley.actions.who import Who


async def evidence(node: NodePort, who: Who, channel: str, subject: str, path: Path) -> EvidenceFile:
    """Write the evidence of one incident to a file: the report, what both sides said of it, who signed what.

    Raises: Refused `people.right`, `people.member`, `incidents.unknown`, `record.no-evidence`.
    """
    view_at(node, who, "record", channel, subject)
    return written(path, await node.export_evidence(channel, subject, path))
