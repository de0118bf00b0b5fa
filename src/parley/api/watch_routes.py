"""The routes about watches, the duty roster, hand-over notes and roll-calls."""

from __future__ import annotations

from typing import Final

from parley.actions import rolls, roster, watch, watch_showing
from parley.actions.rows import Sent
from parley.actions.watch_rows import ChannelPeopleRow, NoteRow, ShiftRow, WatchRow
from parley.api import bodies
from parley.api.route import Call, Route

B = bodies
_ROLL: Final = r"/watch/rolls/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"


def _roll(call: Call) -> str:
    return f"roll/{call.part('side')}/{call.part('epoch')}/{call.part('number')}"


async def _all(call: Call) -> list[WatchRow]:
    return watch_showing.watches(call.node, call.who)


async def _one(call: Call) -> WatchRow:
    return watch_showing.watch(call.node, call.who, call.part("channel"))


async def _take(call: Call) -> Sent:
    body: bodies.TakeWatch = call.body
    return await watch.take(call.node, call.who, call.part("channel"), read=tuple(body.read), until=body.until)


async def _stay(call: Call) -> None:
    await watch.stay(call.node, call.who, call.part("channel"), until=call.body.until)


async def _leave(call: Call) -> Sent:
    return await watch.leave(call.node, call.who, call.part("channel"))


async def _plan(call: Call) -> list[ShiftRow]:
    body: bodies.Shifts = call.body
    return await watch.plan(
        call.node, call.who, call.part("channel"), since=body.since, persons=tuple(body.persons), hours=body.hours,
        times=body.times,
    )  # fmt: skip


async def _unplan(call: Call) -> None:
    await watch.unplan(call.node, call.who, call.part("channel"), call.part("shift"))


async def _notes(call: Call) -> list[NoteRow]:
    return watch_showing.read_notes(call.node, call.who, call.part("channel"))


async def _note(call: Call) -> NoteRow:
    return await watch.write_note(call.node, call.who, call.part("channel"), text=call.body.text)


async def _read_note(call: Call) -> None:
    await watch.acknowledge_note(call.node, call.who, call.part("channel"), call.part("note"))


async def _ask(call: Call) -> Sent:
    return await rolls.ask(call.node, call.who, call.part("channel"), seconds=call.body.seconds)


async def _every(call: Call) -> None:
    await rolls.ask_every(call.node, call.who, call.part("channel"), minutes=call.body.minutes)


async def _answer(call: Call) -> Sent:
    return await rolls.answer(call.node, call.who, _roll(call))


async def _clear(call: Call) -> None:
    await rolls.clear(call.node, call.who, _roll(call))


async def _people(call: Call) -> ChannelPeopleRow:
    return roster.channel_people(call.node, call.who, call.part("channel"))


_IN: Final = "/channels/{channel}/watch"
WATCHES: Final = (
    Route("GET", "/channels/{channel}/people", "Both sides' people of a channel", None, ChannelPeopleRow, _people),
    Route("GET", "/watch", "The watch of every channel, on both sides", None, list[WatchRow], _all),
    Route("GET", _IN, "The watch of a channel", None, WatchRow, _one),
    Route("POST", _IN + "/take", "Take it, or take it over", B.TakeWatch, Sent, _take, 201),
    Route("POST", _IN + "/stay", "Stay until later", B.StayOnWatch, None, _stay),
    Route("POST", _IN + "/leave", "Leave it to nobody", B.Nothing, Sent, _leave, 201),
    Route("POST", _IN + "/shifts", "Plan shifts (private)", B.Shifts, list[ShiftRow], _plan, 201),
    Route("DELETE", _IN + "/shifts/{shift}", "Take a shift out", None, None, _unplan),
    Route("GET", _IN + "/notes", "Notes of hand-overs that were read (private)", None, list[NoteRow], _notes),
    Route("POST", _IN + "/notes", "Write a note for who comes on (private)", B.HandOverNote, NoteRow, _note, 201),
    Route("POST", _IN + "/notes/{note}/read", "Say that a note was read", B.Nothing, None, _read_note),
    Route("POST", _IN + "/roll", "Ask their watch to press a key", B.RollCall, Sent, _ask, 201),
    Route("PUT", _IN + "/roll", "Ask by itself, each so many minutes", B.RollEvery, None, _every),
    Route("POST", _ROLL + "/answer", "Press the key: answer a roll-call", B.Nothing, Sent, _answer, 201),
    Route("POST", _ROLL + "/clear", "Clear an unanswered roll-call", B.Nothing, None, _clear),
)
