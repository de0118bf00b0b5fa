"""When a fact about a commitment is allowed; raises Refused.

Owns: one rule a kind. Always true: a side speaks for its own view alone, and promises alone only for itself.
"""

from __future__ import annotations

from typing import cast

from parley import limits
from parley.subjects.acts import Act
from parley.subjects.commitments.view import CommitmentView
from parley.subjects.kinds import Standing, need


def allow(act: Act, view: object, standing: Standing) -> None:
    """Raise Refused unless the act is allowed on the commitment as its own past shows it."""
    entry, kind = act.entry, act.entry.kind.removeprefix("commitment.")
    if kind in ("proposed", "promised"):
        free = cast("dict[str, str]", entry.body["source"])["from"] == "free"
        need(len(entry.refs) == (0 if free else 1), "commitments.names-one", "it must name the entry it is taken from")
        named = cast("list[str]", entry.body["who"])
        need(standing.sides().issuperset(named), "commitments.who", "only the two sides of the line promise in it")
        own = entry.body["who"] == [entry.side]
        need(kind == "proposed" or own, "commitments.side", "a side promises alone only for itself")
        return
    need(isinstance(view, CommitmentView), "commitments.unknown", "the commitment it speaks of is not in its past")
    found = cast(CommitmentView, view)
    need(entry.status == found.status, "commitments.status", f"the commitment is {found.status}")
    said = found.facts.get(entry.side, 0)
    need(said < limits.COMMITMENT_FACTS_MAX, "commitments.full", "this side has said too much of it")
    ours = entry.side == found.side
    if kind in ("agreed", "declined", "withdrawn"):
        need(found.state == "proposed", "commitments.answered", f"the commitment is {found.state}")
        right = ours if kind == "withdrawn" else not ours
        need(right, "commitments.own", "one side proposes, the other answers; the proposer may withdraw")
    else:
        need(found.state in ("agreed", "promised"), "commitments.not-agreed", f"the commitment is {found.state}")
