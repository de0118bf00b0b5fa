"""The routes about readouts."""

from __future__ import annotations

from typing import Any, Final

from parley.actions import comparing, comparison_export, positions, readouts, searching
from parley.actions.comparing_rows import SourceRow, SuggestionRow
from parley.actions.position_rows import FoundRow, RegisterTopic
from parley.actions.readout_rows import ReadoutRow, Warning
from parley.actions.rows import Sent
from parley.api import bodies
from parley.api import readout_bodies as said
from parley.api.route import Call, Route
from parley.statements import MANNERS, Statement

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


async def _report(call: Call) -> None:
    body: said.PressReport = call.body
    await comparing.keep_report(
        call.node, call.who, call.part("channel"), subject_of(call), source=body.source, date=body.date,
        text=body.text, address=body.address, language=body.language,
    )  # fmt: skip


async def _unmark(call: Call) -> None:
    await comparing.unmark(
        call.node, call.who, call.part("channel"), subject_of(call), call.part("source"), call.body.place
    )


async def _accounts(call: Call) -> tuple[SourceRow, ...]:
    return comparing.compare(call.node, call.who, call.part("channel"), subject_of(call)).sources


async def _suggestions(call: Call) -> tuple[SuggestionRow, ...]:
    return comparing.suggestions(call.node, call.who, call.part("channel"), subject_of(call), call.part("source"))


async def _mark(call: Call) -> None:
    body: said.Mark = call.body
    about = (call.node, call.who, call.part("channel"), subject_of(call), call.part("source"))
    manner = "indirect" if body.manner not in MANNERS else body.manner
    wish = Statement(
        start=0, end=1, words_start=0, words_end=1, who=body.who, whom=body.whom, verb=body.verb, through=body.through,
        manner=manner, topic=body.topic,
    )  # fmt: skip
    await comparing.mark(*about, comparing.drawn(*about, wish, body.words, body.at), instead=body.instead)


async def _link(call: Call) -> None:
    body: said.Pair = call.body
    await comparing.link(
        call.node, call.who, call.part("channel"), subject_of(call), body.first, body.second, body.verdict
    )


async def _confirm(call: Call) -> Sent:
    return await comparing.confirm(call.node, call.who, call.part("channel"), subject_of(call))


async def _comparison(call: Call) -> dict[str, Any]:
    return comparison_export.comparison_rows(call.node, call.who, call.part("channel"), subject_of(call))


async def _search(call: Call) -> list[FoundRow]:
    return searching.search(
        call.node, call.who, call.query("q"), side=call.query("side"), since=call.query("since"),
        until=call.query("until"), count=call.count("count", 50, searching.COUNT_MAX),
    )  # fmt: skip


async def _register(call: Call) -> tuple[RegisterTopic, ...]:
    return positions.register(call.node, call.who, topic=call.query("topic"))


async def _note(call: Call) -> None:
    body: said.NotePosition = call.body
    await positions.note(call.node, call.who, body.log, body.number, topic=body.topic, words=body.words)


async def _remove(call: Call) -> None:
    await positions.take_back(call.node, call.who, call.body.name)


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
    Route("POST", _READOUT + "/reports", "Keep a press report on our own board", said.PressReport, None, _report),
    Route(
        "GET", _READOUT + "/accounts", "Every account open to read, press reports too", None, tuple[SourceRow, ...],
        _accounts,
    ),
    Route(
        "GET", _READOUT + "/accounts/{source}/suggestions", "What may be statements, unconfirmed", None,
        tuple[SuggestionRow, ...], _suggestions,
    ),
    Route("POST", _READOUT + "/accounts/{source}/statements", "Confirm a statement here", said.Mark, None, _mark),
    Route("POST", _READOUT + "/accounts/{source}/statements/remove", "Take one off here", said.Place, None, _unmark),
    Route("POST", _READOUT + "/pairs", "Pair two confirmed statements on our board", said.Pair, None, _link),
    Route("POST", _READOUT + "/confirm", "Confirm our readout's statements", bodies.Nothing, Sent, _confirm, 201),
    Route("GET", _READOUT + "/comparison", "The confirmed comparison", None, dict[str, Any], _comparison),
    Route("GET", "/search", "Search the record: q, side, since, until, count", None, list[FoundRow], _search),
    Route("GET", "/positions", "What each side has said, by topic", None, tuple[RegisterTopic, ...], _register),
    Route("POST", "/positions", "Note words of an entry as a position", said.NotePosition, None, _note),
    Route("POST", "/positions/remove", "Take a note of ours back", said.NamedNote, None, _remove),
)  # fmt: skip
