"""The alternatives of one unit and how each stands, folded from its acts.

Owns: which is open, accepted, withdrawn or lapsed. Does not own: how they lie in the words (algebra.py).
Always true:
  1. An acceptance that crossed a withdrawal stands: it took up an offer that stood in its past.
  2. An alternative lapses only if whoever accepted other words in its place had seen it. What the accepter had not seen
     stays open, beside the accepted words, in one bracket.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from parley.codec import JsonValue
from parley.record.names import Ref
from parley.subjects.acts import Act
from parley.subjects.texts.algebra import Alternative, Change, State, overlaps

Alternatives = Mapping[str, Alternative]


@dataclass(slots=True)
class _Building:
    act: Act
    name: str
    base: str
    changes: dict[str, Change]
    renders: tuple[str, ...]
    accepts: list[Act] = field(default_factory=list)
    withdrawals: list[Act] = field(default_factory=list)


def fold_alternatives(acts: Sequence[Act]) -> Alternatives:
    """Give every alternative by name, in the order of their places."""
    found: dict[str, _Building] = {}
    for act in acts:
        kind, body = act.entry.kind, act.entry.body
        if kind == "text.added":
            listed = cast("list[dict[str, str]]", body["words"])
            changes = {one["tag"]: Change(start=0, end=0, words=one["words"]) for one in listed}
            name = f"{act.log.side}/{act.log.epoch}/{act.number}"
            found[name] = _Building(act, name, "", changes, tuple(cast("list[str]", body["renders"])))
        elif kind == "text.proposed":
            name, base = f"{act.log.side}/{act.log.epoch}/{act.number}", named(act.entry.refs[0])
            changes = {str(one["tag"]): _change(one) for one in cast("list[dict[str, JsonValue]]", body["changes"])}
            found[name] = _Building(act, name, base, changes, tuple(cast("list[str]", body["renders"])))
        elif kind == "text.rendered":
            told = cast("dict[str, JsonValue]", body["change"])
            found[named(act.entry.refs[0])].changes.setdefault(str(told["tag"]), _change(told))
        elif kind == "text.accepted":
            found[named(act.entry.refs[0])].accepts.append(act)
        elif kind == "text.withdrawn":
            found[named(act.entry.refs[0])].withdrawals.append(act)
    return _states(found)


def named(ref: Ref) -> str:
    """Give the name of the unit or alternative that a reference points to."""
    return f"{ref.log.side}/{ref.log.epoch}/{ref.number}"


def _change(told: Mapping[str, JsonValue]) -> Change:
    return Change(start=cast(int, told["start"]), end=cast(int, told["end"]), words=cast(str, told["words"]))


def _states(found: Mapping[str, _Building]) -> Alternatives:
    made = {name: _made(one) for name, one in found.items()}
    accepted: dict[str, list[str]] = {}  # by base: what was ever accepted
    for name, one in made.items():
        if found[name].accepts:
            accepted.setdefault(one.base, []).append(name)
    for name, one in list(made.items()):
        if not one.base or not one.alive:
            continue
        rivals = (rival for rival in accepted.get(one.base, ()) if rival != name)
        if any(_knocks_out(found[rival], found[name]) and overlaps(made[rival], one) for rival in rivals):
            made[name] = replace(one, state="lapsed")
    return made


def _knocks_out(rival: _Building, one: _Building) -> bool:
    """Say whether somebody accepted the rival knowing of this one, and of every acceptance of it."""
    if _state(rival) != "accepted":
        return False
    return any(accept.saw(one.act) and all(accept.saw(other) for other in one.accepts) for accept in rival.accepts)


def _state(one: _Building) -> State:
    if any(not any(back.saw(accept) for back in one.withdrawals) for accept in one.accepts):
        return "accepted"
    return "withdrawn" if one.withdrawals else "open"


def _made(one: _Building) -> Alternative:
    entry, first = one.act.entry, one.accepts[0].entry if one.accepts else None
    return Alternative(
        name=one.name, base=one.base, side=entry.side, person=entry.person, at=entry.at,
        reason=cast(str, entry.body["reason"]), changes=one.changes, renders=one.renders, state=_state(one),
        accepted_by=first.person if first else "", accepted_at=first.at if first else "", ref=one.act.ref,
    )  # fmt: skip
