"""The neutral facts at hand when a readout is written: what both sides hold of the meeting.

Owns: putting them together for the readouts of one meeting. Does not own: the meeting itself.
"""

from __future__ import annotations

from parley.actions.ports import NodePort
from parley.actions.who import Who
from parley.statements.neutral import Neutral
from parley.subjects.readouts import ReadoutView


def neutral_of(node: NodePort, who: Who, view: ReadoutView) -> Neutral:
    """Give what the record knows of the meeting; without one named, its title and date as they were asked for."""
    sides = (node.identity.ours.name, node.identity.theirs.name)
    return Neutral(title=view.title, date=view.date, sides=sides)
