"""When a fact about an incident is allowed; raises Refused.

Owns: one rule a kind. Does not own: whether what is said can be true (actions/incident_flags.py flags, nothing here
refuses), in which channel a report stands (rulings.py; actions/incidents.py: the line channel, if another takes none).
Always true: a list can be frozen and signed only while both sides agree to each sentence in it, as its author's past
shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from parley import limits
from parley.codec import JsonValue
from parley.record.names import Ref
from parley.subjects.acts import Act
from parley.subjects.binding import require
from parley.subjects.incidents.facts import PRECEDENCE, list_digest
from parley.subjects.incidents.view import IncidentView
from parley.subjects.kinds import Standing, need

_WHEN_CLOSED: Final = frozenset(("incident.reopened", "incident.held", "incident.answered"))
_NAME_ONE: Final = frozenset(
    f"incident.{name}"
    for name in ("joined", "answered", "meeting-answered", "unstated", "stood", "signed", "closed", "offset-agreed")
)


def allow(act: Act, view: object, standing: Standing) -> None:
    """Raise Refused unless the act is allowed on the incident as its own past shows it."""
    entry, kind = act.entry, act.entry.kind
    first = kind == "incident.reported"
    expected = PRECEDENCE if first else ""
    need(entry.precedence == expected, "incidents.precedence", f"its precedence must be {expected or 'none'}")
    if first:
        about = entry.body.get("about")
        need(not about or entry.channel == "line", "incidents.about", "only in the line channel a report names another")
        return
    need(isinstance(view, IncidentView), "incidents.unknown", "the incident it speaks of is not in its past")
    incident = cast(IncidentView, view)
    need(entry.status == incident.status, "incidents.status", f"the incident is {incident.status}, so its facts are")
    count = incident.counts.get(entry.side, 0)
    need(count < limits.INCIDENT_FACTS_MAX, "incidents.full", "its side said too much about this incident")
    need(incident.state != "closed" or kind in _WHEN_CLOSED, "incidents.closed", "it is closed; reopen it first")
    if kind in _NAME_ONE:
        need(len(entry.refs) == 1, "incidents.names-one", "it must name exactly one entry")
    match kind:
        case "incident.no-knowledge":
            need(entry.side != incident.side, "incidents.side", "who reported it cannot say that they know nothing")
            need(incident.account(entry.side) is None, "incidents.state", "its side gave an account before")
        case "incident.offset-proposed":
            here, there = cast("list[str]", entry.body["files"])
            put = {(one.side == entry.side, one.root) for one in incident.evidence}
            need((True, here) in put, "incidents.names-one", "its first file was not put forward by its own side")
            need((False, there) in put, "incidents.names-one", "its second file was not put forward by the other side")
        case "incident.offset-agreed":
            _other_side(act, [one.proposed.ref for one in incident.offsets if one.agreed is None], incident)
        case "incident.join-proposed":
            need(entry.body["other"] != incident.subject, "incidents.names-one", "it names the incident itself")
        case "incident.joined":
            _other_side(act, [one.proposed.ref for one in incident.joins if one.joined is None], incident)
        case "incident.answered" | "incident.meeting-answered":
            meeting = kind == "incident.meeting-answered"
            waiting = [one.asked.ref for one in incident.queries if one.meeting is meeting and one.answer is None]
            _other_side(act, waiting, incident)
        case "incident.unstated":
            own = [one.said.ref for one in incident.statements if one.withdrawn is None]
            need(entry.refs[0] in own, "incidents.names-one", "it must name a statement that stands")
            need(entry.refs[0].log.side == entry.side, "incidents.side", "only who stated it can take it back")
        case "incident.stood":
            _other_side(act, [one.said.ref for one in incident.statements if one.withdrawn is None], incident)
        case "incident.frozen":
            _allow_frozen(act, incident)
        case "incident.signed":
            _allow_signed(act, incident, standing)
        case "incident.closed":
            _other_side(act, [one.ref for one in incident.proposals], incident)
        case "incident.closed-alone":
            mine = [one for one in incident.closings if one.lifted is None and one.said.side == entry.side]
            need(not mine, "incidents.closed", "its side closed it before")
        case "incident.reopened":
            closed = [one for one in incident.closings if one.lifted is None]
            need(closed, "incidents.state", "it is not closed")
        case "incident.held":
            wanted = {one.root for one in incident.evidence if one.side != entry.side and not one.held_at}
            need(entry.body["root"] in wanted, "incidents.names-one", "no such file waits to be told")
        case _:
            pass


def _other_side(act: Act, waiting: Sequence[Ref], incident: IncidentView) -> None:
    """The one entry it names must wait for an answer, and be the other side's."""
    named = act.entry.refs[0]
    need(named in waiting, "incidents.names-one", "what it names is not in its past, or waits for nothing")
    need(named.log.side != act.entry.side, "incidents.side", "the other side says this")


def _allow_frozen(act: Act, incident: IncidentView) -> None:
    """Every sentence must be agreed in its author's past, and stand there word for word."""
    entry = act.entry
    facts = cast("list[dict[str, JsonValue]]", entry.body["facts"])
    need(len(entry.refs) == len(facts), "incidents.list", "it must name the entry of each sentence")
    need(len(set(entry.refs)) == len(facts), "incidents.list", "each sentence stands in it once")
    for ref, words in zip(entry.refs, facts, strict=True):
        one = incident.statement(ref)
        need(one is not None and one.agreed, "incidents.not-agreed", "a sentence in it is not agreed by both sides")
        same = one and words == {"number": one.number, "text": one.said.text, "language": one.said.language}
        need(same, "incidents.list", "a sentence in it is not the statement's own words")


def _allow_signed(act: Act, incident: IncidentView, standing: Standing) -> None:
    """A signature is of one list, word for word, while it is agreed; where the side binds, with a passkey."""
    entry = act.entry
    frozen = incident.frozen(entry.refs[0])
    need(frozen is not None, "incidents.names-one", "the list it signs is not in its past")
    if frozen is None:
        return
    need(not frozen.changed, "incidents.not-agreed", "a sentence in the list is not agreed any more")
    again = any(one.side == entry.side for one in frozen.signatures)
    need(not again, "incidents.again", "its side signed this list before")
    facts = cast("list[JsonValue]", entry.body["facts"])
    same = [{"number": one.number, "text": one.text, "language": one.language} for one in frozen.facts] == facts
    digest = list_digest(incident.subject, facts)
    need(same and entry.body["digest"] == frozen.digest == digest, "incidents.list", "it is not the list it names")
    require(act, standing, must=True)
