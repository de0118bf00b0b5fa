"""The routes about emergency stops."""

from __future__ import annotations

from typing import Final

from parley.actions import stops
from parley.actions.rows import Sent
from parley.actions.stop_rows import StopRow
from parley.api import bodies
from parley.api.route import Call, Route

B = bodies
_STOP: Final = r"/channels/{channel}/stops/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"


async def _stops_now(call: Call) -> list[StopRow]:
    return stops.stops_now(call.node, call.who)


async def _stops(call: Call) -> list[StopRow]:
    return stops.stops(call.node, call.who)


async def _drills(call: Call) -> list[StopRow]:
    return stops.stops(call.node, call.who, drills=True)


async def _raise(call: Call) -> Sent:
    body: bodies.StopRaise = call.body
    return await stops.raise_stop(
        call.node, call.who, what=body.what, where=body.where, since=body.since, language=body.language,
        channel=body.channel, status=body.status,
    )  # fmt: skip


async def _stop(call: Call) -> StopRow:
    return stops.stop(call.node, call.who, call.part("channel"), call.stop)


async def _take(call: Call) -> Sent:
    return await stops.take(call.node, call.who, call.part("channel"), call.stop)


async def _read_back(call: Call) -> Sent:
    return await stops.read_back(call.node, call.who, call.part("channel"), call.stop, text=call.body.text)


async def _confirm(call: Call) -> Sent:
    return await stops.confirm(call.node, call.who, call.part("channel"), call.stop, seen=call.body.seen)


async def _correct(call: Call) -> Sent:
    body: bodies.StopWords = call.body
    return await stops.correct(
        call.node, call.who, call.part("channel"), call.stop, what=body.what, where=body.where, since=body.since,
        language=body.language,
    )  # fmt: skip


async def _reach(call: Call) -> Sent:
    return await stops.reach(call.node, call.who, call.part("channel"), call.stop, decider=call.body.decider)


async def _effect(call: Call) -> Sent:
    body: bodies.StopEffected = call.body
    return await stops.effect(
        call.node, call.who, call.part("channel"), call.stop, stopped=body.stopped, note=body.note
    )  # fmt: skip


async def _not_possible(call: Call) -> Sent:
    return await stops.not_possible(call.node, call.who, call.part("channel"), call.stop, reason=call.body.reason)


async def _withdraw(call: Call) -> Sent:
    return await stops.withdraw(call.node, call.who, call.part("channel"), call.stop, reason=call.body.reason)


async def _rings(call: Call) -> None:
    await stops.rings(call.node, call.who, call.part("channel"), call.stop)


async def _clear(call: Call) -> None:
    await stops.clear(call.node, call.who, call.part("channel"), call.stop)


STOPS: Final = (
    Route("GET", "/stops/now", "Stops that are open, or over and not yet seen here", None, list[StopRow], _stops_now),
    Route("GET", "/stops", "The latest stops", None, list[StopRow], _stops),
    Route("GET", "/stops/drills", "The latest drills, with what each step took", None, list[StopRow], _drills),
    Route("POST", "/stops", "Raise an emergency stop", B.StopRaise, Sent, _raise, 201),
    Route("GET", _STOP, "One stop", None, StopRow, _stop),
    Route("POST", _STOP + "/take", "Take it", B.Nothing, Sent, _take, 201),
    Route("POST", _STOP + "/read-back", "Read it back", B.ReadBack, Sent, _read_back, 201),
    Route("POST", _STOP + "/confirm", "Confirm the read-back that was shown", B.StopConfirmed, Sent, _confirm, 201),
    Route("POST", _STOP + "/correct", "Give other words in its place", B.StopWords, Sent, _correct, 201),
    Route("POST", _STOP + "/reach", "Say that who decides has it", B.StopReached, Sent, _reach, 201),
    Route("POST", _STOP + "/effect", "Report that it has stopped", B.StopEffected, Sent, _effect, 201),
    Route("POST", _STOP + "/not-possible", "Say that it cannot be done", B.Reasoned, Sent, _not_possible, 201),
    Route("POST", _STOP + "/withdraw", "Withdraw it: sent in error", B.MayReason, Sent, _withdraw, 201),
    Route("POST", _STOP + "/rings", "Say that a desk shows it and rings", B.Nothing, None, _rings),
    Route("POST", _STOP + "/clear", "Take a stop that is over off our desks", B.Nothing, None, _clear),
)
