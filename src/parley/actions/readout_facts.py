"""The neutral facts at hand when a readout is written: what both sides hold of the meeting.

Owns: putting them together for the readouts of one meeting. Does not own: the meeting itself (meeting_showing.py).
"""

from __future__ import annotations

from parley.actions.meeting_showing import neutral_facts
from parley.actions.ports import NodePort
from parley.actions.who import Who
from parley.actions.zones import both
from parley.statements.neutral import Neutral
from parley.subjects.readouts import ReadoutView
from parley.subjects.talks import MeetingView


def neutral_of(node: NodePort, who: Who, view: ReadoutView) -> Neutral:
    """Give what the record knows of the meeting; without one named, its title and date as they were asked for."""
    names = {card.side: card.name for card in (node.identity.ours, node.identity.theirs)}
    plain = Neutral(title=view.title, date=view.date, sides=tuple(names.values()))
    if not isinstance(node.book.view(view.channel, view.meeting) if view.meeting else None, MeetingView):
        return plain
    facts = neutral_facts(node, who, view.channel, view.meeting)
    talked = [one for one in facts.calls if one.state in ("active", "ended") and one.taken_at]
    began = facts.begun_at or (talked[0].taken_at if talked else None) or ""
    ended = facts.ended_at or (talked[-1].ended_at if talked and not facts.begun_at else None) or ""
    moments = [at for at in (began, ended, *(at for one in talked for at in (one.taken_at, one.ended_at))) if at]
    rows = [row for at in moments for row in (both(node, at).ours, both(node, at).theirs)]
    return Neutral(
        title=view.title, date=view.date, sides=plain.sides, began=began, ended=ended,
        asked_by=names[facts.asked_by_side],
        attended=tuple(dict.fromkeys(name for _, people in facts.attended for name, _ in people)),
        items=facts.items, agreed=tuple(text for _, text in facts.agreed),
        days=tuple(dict.fromkeys(row.date for row in rows)),
        clocks=tuple(dict.fromkeys([at[11:16] for at in moments] + [row.clock for row in rows])),
    )  # fmt: skip
