"""When a fact about a call is allowed; raises Refused.

Owns: one rule a kind. Does not own: that a side has one outstanding ring a channel (actions/calls.py: a rule reads one
subject only), who may join (members of the channel, rulings.py).
"""

from __future__ import annotations

from typing import cast

from parley import limits
from parley.record.entry import PRECEDENCES
from parley.subjects.acts import Act
from parley.subjects.calls.recording import allow_recording, allow_said, allow_tone
from parley.subjects.calls.view import CallView
from parley.subjects.kinds import Standing, need


def allow(act: Act, view: object, standing: Standing) -> None:
    """Raise Refused unless the act is allowed on the call as its own past shows it."""
    entry, kind = act.entry, act.entry.kind
    if kind == "call.placed":
        need(entry.precedence in PRECEDENCES and entry.precedence, "calls.precedence", "a call has a precedence")
        here = all(ref.log.channel == entry.channel for ref in entry.refs)
        need(len(entry.refs) <= 1 and here, "calls.names-one", "it names one meeting of its channel, or nothing")
        return
    need(isinstance(view, CallView), "calls.unknown", "the call it speaks of is not in its past")
    call = cast(CallView, view)
    need(entry.status == call.status, "calls.status", "it must be marked as the call is: actual, exercise or test")
    there = (entry.side, entry.person) in call.there
    if kind == "call.text-said":
        allow_said(act, call.state == "active", there, call.texts, call.facts_said)
        return
    for what, agreements in (("text", call.texts), ("turns", call.turns)):
        if kind.startswith(f"call.{what}-"):
            allow_recording(act, call.state == "active", there, agreements)
            return
    if kind.startswith("call.recording-"):
        allow_recording(act, call.state == "active", there, call.recordings)
        return
    if kind in ("call.tone", "call.tone-heard"):
        allow_tone(act, call.state == "active", there, call.tones)
        return
    if kind in ("call.ringing", "call.answered", "call.declined", "call.later"):
        need(entry.side != call.side, "calls.side", "only the side that is called can say this")
        need(call.state == "ringing", "calls.state", f"the call is {call.state}")
    if kind in ("call.joined", "call.left"):
        need(call.facts < limits.MESSAGE_FACTS_MAX, "calls.full", "too much was said about this call; place another")
    match kind:
        case "call.ringing":
            need(not call.rings_at, "calls.again", "it was said before that a desk is ringing")
        case "call.statement":
            need(entry.side == call.side, "calls.side", "only the side that called leaves a statement")
            need(
                call.state in ("declined", "later", "unanswered", "missed"), "calls.state", f"the call is {call.state}"
            )
            need(not call.statement, "calls.again", "a statement was left before")
        case "call.joined":
            need(call.state == "active", "calls.state", f"the call is {call.state}")
            need(len(call.there) < limits.CALL_PERSONS_MAX, "calls.full", "as many are in the call as there may be")
            need(not there, "calls.again", "the person is in the call")
        case "call.left":
            need(there, "calls.state", "the person is not in the call")
        case "call.ended":
            need(call.open, "calls.state", f"the call is {call.state}")
            waiting = call.state == "ringing"
            need(not waiting or entry.side == call.side, "calls.side", "a call that rings is ended by its caller")
        case "call.heard":
            need(all(one.by != entry.side for one in call.heard), "calls.again", "it was stated before")
        case _:
            pass
