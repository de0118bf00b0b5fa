"""When a fact about a stop is allowed; raises Refused.

Owns: one rule a kind. Does not own: in which channel it stands (rulings.py lets everything but the raising pass in a
suspended channel; actions/stops.py raises it in the line channel then).
Always true: no step waits for a second person, and nothing but a withdrawal takes a step away from the called side.
"""

from __future__ import annotations

from typing import Final, cast

from parley import limits
from parley.subjects.acts import Act
from parley.subjects.kinds import Standing, need
from parley.subjects.stops.facts import PRECEDENCE
from parley.subjects.stops.view import StopView

_FROM_RAISING: Final = frozenset(("stop.confirmed", "stop.corrected", "stop.withdrawn"))


def allow(act: Act, view: object, standing: Standing) -> None:
    """Raise Refused unless the act is allowed on the stop as its own past shows it."""
    entry, kind = act.entry, act.entry.kind
    need(entry.precedence == PRECEDENCE, "stops.precedence", f"what is said about a stop is {PRECEDENCE}")
    if kind == "stop.raised":
        about = entry.body["about"]
        need(not about or entry.channel == "line", "stops.about", "only in the line channel a stop names another")
        return
    need(isinstance(view, StopView), "stops.unknown", "the stop it speaks of is not in its past")
    stop = cast(StopView, view)
    need(entry.status == stop.status, "stops.status", f"the stop is {stop.status}, so its facts must be")
    ours = entry.side == stop.side
    if kind in _FROM_RAISING:
        need(ours, "stops.side", "only the side that raised the stop can say this")
    else:
        need(not ours, "stops.side", "only the side that is called to stop can say this")
    need(stop.state != "withdrawn", "stops.withdrawn", "the stop was withdrawn")
    match kind:
        case "stop.ringing":
            need(not stop.rings_at, "stops.again", "it was said before that a desk rings")
        case "stop.taken":
            need(stop.taken is None, "stops.taken", f"it was taken before, by {stop.taken and stop.taken.person}")
        case "stop.read-back":
            need(stop.confirmed is None, "stops.state", "a read-back of these words was confirmed before")
            need(len(stop.read_backs) < limits.STOP_READ_BACKS_MAX, "stops.full", "it was read back too often")
        case "stop.confirmed":
            _allow_confirmed(act, stop)
        case "stop.corrected":
            need(
                len(stop.corrections) < limits.STOP_CORRECTIONS_MAX, "stops.full", "corrected too often; raise another"
            )
        case "stop.reached":
            need(stop.reached is None, "stops.again", "it was said before that who decides has it")
        case "stop.effected" | "stop.not-possible":
            need(stop.effected is None, "stops.state", "it was reported as effected before")
            refused_too_often = kind == "stop.not-possible" and stop.refusals >= limits.STOP_READ_BACKS_MAX
            need(not refused_too_often, "stops.full", "it was said too often that it cannot be done")
        case _:
            pass


def _allow_confirmed(act: Act, stop: StopView) -> None:
    """A confirmation holds for the one read-back it names, of the words in force."""
    need(len(act.entry.refs) == 1, "stops.names-one", "it must name exactly one read-back")
    named = next((one for one in stop.read_backs if one.ref == act.entry.refs[0]), None)
    need(named is not None, "stops.names-one", "the read-back it names is not in its past")
    need(named and named.version == stop.version, "stops.earlier", "the read-back it names is of earlier words")
    need(stop.confirmed is None, "stops.again", "a read-back of these words was confirmed before")
