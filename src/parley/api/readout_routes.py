"""The routes about readouts."""

from __future__ import annotations

from typing import Final

from parley.actions import readouts
from parley.actions.readout_rows import ReadoutRow, Warning
from parley.actions.rows import Sent
from parley.api import bodies
from parley.api import readout_bodies as said
from parley.api.route import Call, Route

_READOUT: Final = r"/channels/{channel}/readouts/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"


def subject_of(call: Call) -> str:
    """Give the readouts named in the path, as the record names them."""
    return f"readout/{call.part('side')}/{call.part('epoch')}/{call.part('number')}"


async def _all(call: Call) -> list[ReadoutRow]:
    return readouts.readouts(call.node, call.who)


async def _one(call: Call) -> ReadoutRow:
    return readouts.readout(call.node, call.who, call.part("channel"), subject_of(call))


async def _ask(call: Call) -> Sent:
    body: said.AskReadouts = call.body
    return await readouts.ask(
        call.node, call.who, call.part("channel"), title=body.title, date=body.date, meeting=body.meeting,
        open_at=body.open_at, status=body.status,
    )  # fmt: skip


async def _agree_time(call: Call) -> Sent:
    return await readouts.agree_time(call.node, call.who, call.part("channel"), subject_of(call))


async def _draft(call: Call) -> tuple[Warning, ...]:
    body: said.ReadoutWords = call.body
    return await readouts.save_draft(
        call.node, call.who, call.part("channel"), subject_of(call), text=body.text, language=body.language
    )


async def _seal(call: Call) -> Sent:
    return await readouts.seal(call.node, call.who, call.part("channel"), subject_of(call))


async def _contest(call: Call) -> Sent:
    body: said.Contest = call.body
    return await readouts.contest(
        call.node, call.who, call.part("channel"), subject_of(call), statement=body.statement, reason=body.reason
    )


async def _press(call: Call) -> Sent:
    body: said.PressReport = call.body
    return await readouts.share_press(
        call.node, call.who, call.part("channel"), subject_of(call), source=body.source, date=body.date,
        text=body.text, address=body.address, language=body.language,
    )  # fmt: skip


READOUTS: Final = (
    Route("GET", "/readouts", "The readouts of the latest meetings", None, list[ReadoutRow], _all),
    Route(
        "POST", "/channels/{channel}/readouts", "Ask for both readouts of a meeting", said.AskReadouts, Sent, _ask, 201
    ),
    Route("GET", _READOUT, "The readouts of one meeting", None, ReadoutRow, _one),
    Route("POST", _READOUT + "/agree-time", "Agree to the time of opening", bodies.Nothing, Sent, _agree_time, 201),
    Route("PUT", _READOUT + "/draft", "Keep our draft", said.ReadoutWords, tuple[Warning, ...], _draft),
    Route("POST", _READOUT + "/seal", "Seal our draft", bodies.Nothing, Sent, _seal, 201),
    Route("POST", _READOUT + "/contest", "Contest an attribution of theirs", said.Contest, Sent, _contest, 201),
    Route("POST", _READOUT + "/press", "Lay a press report beside them", said.PressReport, Sent, _press, 201),
)
