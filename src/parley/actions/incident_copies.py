"""Copies of one incident to take away: its evidence, which `parley check` reads with no node and no network.

Owns: rights. Does not own: what belongs into the file (record/evidence.py), paper (desk/incident_sheet.py).
"""

from __future__ import annotations

from pathlib import Path

from parley.actions.incidents import view_at, views
from parley.actions.messages import written
from parley.actions.ports import NodePort
from parley.actions.record_rows import EvidenceFile
from parley.actions.who import Who
from parley.subjects.incidents import IncidentView


async def evidence(node: NodePort, who: Who, channel: str, subject: str, path: Path) -> EvidenceFile:
    """Write the evidence of one incident to a file: the report, what both sides said of it, who signed what.

    What was said of an incident that was joined to it is there as well, where this person may read it.

    Raises: Refused `people.right`, `people.member`, `incidents.unknown`, `record.no-evidence`.
    """
    view = view_at(node, who, "record", channel, subject)
    others = [(one.channel, one.subject) for one in views(node, who) if _joined(view, one)]
    return written(path, await node.exports.evidence(channel, subject, path, others))


def _joined(one: IncidentView, other: IncidentView) -> bool:
    """Say whether both sides agreed that two reports tell of one event, in whichever of them the joining stands."""
    return any(
        join.joined is not None and (join.channel, join.other) == (there.channel, there.subject)
        for here, there in ((one, other), (other, one))
        for join in here.joins
    )
