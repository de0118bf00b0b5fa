"""The routes about escalation: ladders, targets outside the desk, tests."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from parley import limits
from parley.actions import notify
from parley.actions.notify_rows import EscalationRow, StepRow
from parley.api.bodies import Nothing, Strict
from parley.api.route import Call, Route

_Name = Annotated[str, Meta(max_length=48)]


class LadderStep(Strict):
    """One step: after so many seconds, who is told."""

    after_s: int
    how: _Name
    who: Annotated[tuple[_Name, ...], Meta(max_length=limits.LADDER_WHO_MAX)] = ()


class NewLadder(Strict):
    """The steps for one kind of thing; a channel of "" means all that have none of their own."""

    kind: _Name
    steps: Annotated[list[LadderStep], Meta(max_length=limits.LADDER_STEPS_MAX)]
    channel: _Name = ""


class LadderName(Strict):
    """Which ladder."""

    kind: _Name
    channel: _Name = ""


class NewTarget(Strict):
    """A way to reach somebody outside the desk; the address is kept and never given back."""

    url: Annotated[str, Meta(max_length=limits.TARGET_URL_CHARS_MAX)]
    hides_channel: bool = False


class Tried(Strict):
    """The targets a test was sent to."""

    targets: list[str]


async def _escalation(call: Call) -> EscalationRow:
    return notify.escalation(call.node, call.who)


async def _set_ladder(call: Call) -> None:
    body = call.body
    steps = [StepRow(after_s=one.after_s, how=one.how, who=one.who) for one in body.steps]
    await notify.set_ladder(call.node, call.who, channel=body.channel, kind=body.kind, steps=steps)


async def _reset_ladder(call: Call) -> None:
    await notify.reset_ladder(call.node, call.who, channel=call.body.channel, kind=call.body.kind)


async def _try_ladder(call: Call) -> Tried:
    return Tried(
        targets=notify.try_ladder(call.node, call.who, channel=call.body.channel, kind=call.body.kind)
    )  # fmt: skip


async def _set_target(call: Call) -> None:
    body = call.body
    await notify.set_target(
        call.node, call.who, name=call.part("target"), url=body.url, hides_channel=body.hides_channel
    )


async def _remove_target(call: Call) -> None:
    await notify.remove_target(call.node, call.who, call.part("target"))


async def _try_target(call: Call) -> None:
    notify.try_target(call.node, call.who, call.part("target"))


NOTIFY: Final = (
    Route("GET", "/escalation", "Who is told of what waits, and how it went", None, EscalationRow, _escalation),
    Route("PUT", "/escalation/ladder", "Set the steps for a kind of thing", NewLadder, None, _set_ladder),
    Route("POST", "/escalation/ladder/reset", "Go back to the built-in steps", LadderName, None, _reset_ladder),
    Route("POST", "/escalation/ladder/test", "Send a test to its targets", LadderName, Tried, _try_ladder),
    Route("PUT", "/escalation/targets/{target}", "Add or change a target", NewTarget, None, _set_target),
    Route("DELETE", "/escalation/targets/{target}", "Remove a target", None, None, _remove_target),
    Route("POST", "/escalation/targets/{target}/test", "Send a test to it", Nothing, None, _try_target),
)
