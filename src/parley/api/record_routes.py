"""The routes about the record itself: its logs, entries with their proofs, forks, and what was lost."""

from __future__ import annotations

from typing import Final

from parley.actions import epochs, record
from parley.actions.record_rows import EntryDetail, EntryLine, ForkRow, FrozenRow, LogRow, LostRow
from parley.actions.rows import Sent
from parley.api import bodies
from parley.api.route import Call, Route

B = bodies
_LOG = r"/record/{channel}/{side}/{epoch:\d{1,16}}"


async def _forks(call: Call) -> list[ForkRow]:
    return record.forks(call.node, call.who)


async def _lost(call: Call) -> list[LostRow]:
    return record.lost_entries(call.node, call.who)


async def _frozen(call: Call) -> list[FrozenRow]:
    return epochs.frozen_logs(call.node, call.who)


async def _end_log(call: Call) -> Sent:
    return await epochs.end_log(call.node, call.who, call.body.log)


async def _renew_log(call: Call) -> FrozenRow:
    return await epochs.renew_log(call.node, call.who, call.body.log)


async def _logs(call: Call) -> list[LogRow]:
    return record.logs(call.node, call.who)


def _log_name(call: Call) -> str:
    return f"{call.part('channel')}/{call.part('side')}/{call.part('epoch')}"


async def _entries(call: Call) -> list[EntryLine]:
    return record.entries(
        call.node,
        call.who,
        _log_name(call),
        first=call.count("first", 0, 2**53 - 1),
        count=call.count("count", 100, 1_000),
    )


async def _entry(call: Call) -> EntryDetail:
    return record.entry(call.node, call.who, _log_name(call), int(call.part("number")))


RECORD: Final[tuple[Route, ...]] = (
    Route("GET", "/record/forks", "Logs of which the other side signed two histories", None, list[ForkRow], _forks),
    Route("GET", "/record/lost", "Entries found after their author went on without them", None, list[LostRow], _lost),
    Route(
        "GET",
        "/record/frozen",
        "Logs frozen by a fork, and what can be done",
        None,
        list[FrozenRow],
        _frozen,
    ),
    Route("POST", "/record/frozen/end", "Say how far we hold a frozen log of theirs", B.Log, Sent, _end_log, 201),
    Route("POST", "/record/frozen/renew", "Go on in the next epoch of our log", B.Log, FrozenRow, _renew_log, 201),
    Route("GET", "/record", "Every log", None, list[LogRow], _logs),
    Route("GET", _LOG, "A stretch of a log", None, list[EntryLine], _entries),
    Route("GET", _LOG + r"/{number:\d{1,16}}", "One entry with its proof", None, EntryDetail, _entry),
)
