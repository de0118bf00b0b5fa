"""The routes about calls; their sound goes by the desk's own socket."""

from __future__ import annotations

from typing import Final

from parley.actions import agreeing, calls, recordings
from parley.actions.call_rows import CallRow
from parley.actions.recording_rows import DeletedRow, RecordingRow
from parley.actions.rows import Sent
from parley.api import bodies
from parley.api.route import Call, Route

B = bodies
_CALL: Final = r"/channels/{channel}/calls/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"


async def _calls_now(call: Call) -> list[CallRow]:
    return calls.calls_now(call.node, call.who)


async def _calls(call: Call) -> list[CallRow]:
    return calls.calls(call.node, call.who, call.part("channel"))


async def _call(call: Call) -> CallRow:
    return calls.call(call.node, call.who, call.part("channel"), call.call)


async def _lift(call: Call) -> Sent:
    body = call.body
    return await calls.lift(
        call.node, call.who, call.part("channel"), precedence=body.precedence, purpose=body.purpose,
        language=body.language, status=body.status,
    )  # fmt: skip


async def _take_call(call: Call) -> Sent:
    return await calls.answer(call.node, call.who, call.part("channel"), call.call)


async def _decline_call(call: Call) -> Sent:
    return await calls.decline(call.node, call.who, call.part("channel"), call.call, reason=call.body.reason)


async def _put_off_call(call: Call) -> Sent:
    body = call.body
    return await calls.put_off(
        call.node, call.who, call.part("channel"), call.call, at=body.at, reason=body.reason
    )  # fmt: skip


async def _state_call(call: Call) -> Sent:
    body = call.body
    return await calls.leave_statement(
        call.node, call.who, call.part("channel"), call.call, text=body.text, language=body.language
    )


async def _join_call(call: Call) -> Sent:
    return await calls.join(call.node, call.who, call.part("channel"), call.call)


async def _leave_call(call: Call) -> Sent:
    return await calls.leave(call.node, call.who, call.part("channel"), call.call)


async def _hang_up(call: Call) -> Sent:
    return await calls.hang_up(call.node, call.who, call.part("channel"), call.call)


async def _agreement(call: Call) -> Sent:
    body = call.body
    return await agreeing.settle(
        call.node, call.who, call.part("channel"), call.call, body.what, body.act, reason=body.reason
    )


async def _rings(call: Call) -> None:
    await calls.rings(call.node, call.who, call.part("channel"), call.call)


async def _clear(call: Call) -> None:
    await calls.clear(call.node, call.who, call.part("channel"), call.call)


async def _recordings(call: Call) -> list[RecordingRow]:
    return recordings.recordings(call.node, call.who, call.part("channel"), call.call)


async def _delete_recording(call: Call) -> DeletedRow:
    return await recordings.delete(
        call.node, call.who, call.part("channel"), call.call, int(call.part("recording"))
    )  # fmt: skip


async def _record(call: Call) -> Sent:
    return await recordings.ask(call.node, call.who, call.part("channel"), call.call)


async def _agree_to_record(call: Call) -> Sent:
    return await recordings.agree(call.node, call.who, call.part("channel"), call.call)


async def _decline_to_record(call: Call) -> Sent:
    return await recordings.decline(
        call.node, call.who, call.part("channel"), call.call, reason=call.body.reason
    )  # fmt: skip


async def _stop_recording(call: Call) -> Sent:
    return await recordings.stop(call.node, call.who, call.part("channel"), call.call)


async def _hear_tone(call: Call) -> Sent:
    return await recordings.hear_tone(
        call.node, call.who, call.part("channel"), call.call, heard=call.body.heard
    )  # fmt: skip


CALLS: Final = (
    Route("GET", "/calls", "What rings, goes on, was missed or put off", None, list[CallRow], _calls_now),
    Route("GET", "/channels/{channel}/calls", "The latest calls of a channel", None, list[CallRow], _calls),
    Route("POST", "/channels/{channel}/calls", "Lift: call, or answer what rings", B.Lift, Sent, _lift, 201),
    Route("GET", _CALL, "One call", None, CallRow, _call),
    Route("POST", _CALL + "/answer", "Answer it by name", B.Nothing, Sent, _take_call, 201),
    Route("POST", _CALL + "/decline", "Decline it", B.MayReason, Sent, _decline_call, 201),
    Route("POST", _CALL + "/later", "Say when we will be there instead", B.PutOff, Sent, _put_off_call, 201),
    Route("POST", _CALL + "/statement", "Leave urgent words", B.Statement, Sent, _state_call, 201),
    Route("POST", _CALL + "/join", "Join it", B.Nothing, Sent, _join_call, 201),
    Route("POST", _CALL + "/leave", "Leave it; it goes on", B.Nothing, Sent, _leave_call, 201),
    Route("POST", _CALL + "/end", "Hang up, or give it up", B.Nothing, Sent, _hang_up, 201),
    Route(
        "POST",
        _CALL + "/agreement",
        "Ask, agree, decline or stop what needs a yes of both: keeping its text, turns",
        B.Agreement,
        Sent,
        _agreement,
        201,
    ),
    Route("POST", _CALL + "/rings", "Say that a desk rings for it", B.Nothing, None, _rings),
    Route("GET", _CALL + "/recordings", "What was recorded of it", None, list[RecordingRow], _recordings),
    Route(
        "POST",
        _CALL + r"/recordings/{recording:\d{1,3}}/delete",
        "Delete our copy of a recording",
        B.Nothing,
        DeletedRow,
        _delete_recording,
    ),
    Route("POST", _CALL + "/recording/ask", "Ask to record it", B.Nothing, Sent, _record, 201),
    Route("POST", _CALL + "/recording/agree", "Agree to record it", B.Nothing, Sent, _agree_to_record, 201),
    Route("POST", _CALL + "/recording/decline", "Decline to record it", B.MayReason, Sent, _decline_to_record, 201),
    Route("POST", _CALL + "/recording/stop", "Stop recording it", B.Nothing, Sent, _stop_recording, 201),
    Route("POST", _CALL + "/tone/heard", "Say how their tone was heard", B.ToneHeard, Sent, _hear_tone, 201),
    Route("POST", _CALL + "/clear", "Clear what of it waits here", B.Nothing, None, _clear),
)
