"""When a fact about readouts is allowed; raises Refused.

Owns: one rule a kind. Does not own: whether the words contradict the record's facts; that is a warning (actions/).
Always true:
  1. What was opened is what was sealed: another text is not valid, whoever writes the entry.
  2. A side seals once; it opens only when its past holds the other's seal, or the agreed time has come.
"""

from __future__ import annotations

from typing import Final, cast

from parley import limits
from parley.subjects.acts import Act
from parley.subjects.binding import require
from parley.subjects.kinds import Standing, need
from parley.subjects.readouts.sealing import digest_of
from parley.subjects.readouts.view import Account, ReadoutView

_PRESS_MAX: Final = limits.PRESS_REPORTS_MAX


def allow(act: Act, view: object, standing: Standing) -> None:
    """Raise Refused unless the act is allowed on the readouts as its own past shows them."""
    entry, kind = act.entry, act.entry.kind
    if kind == "readout.asked":
        at = cast(str, entry.body["open_at"])
        need(not at or at > entry.at, "readouts.time", "the time of opening must lie after the asking")
        return
    need(isinstance(view, ReadoutView), "readouts.unknown", "the readouts it speaks of are not in its past")
    readout = cast(ReadoutView, view)
    need(entry.status == readout.status, "readouts.status", f"these readouts are {readout.status}, so must this be")
    ours = readout.account(entry.side)
    match kind:
        case "readout.time-agreed":
            need(entry.side != readout.side, "readouts.side", "a side cannot agree to the time it asked for itself")
            need(readout.open_at, "readouts.time", "no time of opening was asked for")
            need(not readout.time_agreed_at, "readouts.again", "the time of opening was agreed before")
        case "readout.sealed":
            require(act, standing, must=True)
            need(ours is None, "readouts.again", "this side sealed its readout before: a side seals once")
        case "readout.opened":
            _allow_opened(act, readout, ours)
        case "readout.confirmed":
            _allow_confirmed(act, ours)
        case "readout.contested":
            _allow_contested(act, readout)
        case _:
            count = sum(one.side == entry.side for one in readout.press)
            need(count < _PRESS_MAX, "readouts.full", "this side laid down as many press reports as one meeting holds")


def _allow_opened(act: Act, readout: ReadoutView, ours: Account | None) -> None:
    entry, body = act.entry, act.entry.body
    need(ours is not None, "readouts.not-sealed", "what was not sealed cannot be opened")
    account = cast(Account, ours)
    need(not account.opened_at, "readouts.again", "this side opened its readout before")
    other = any(one.side != entry.side for one in readout.accounts)
    time_came = bool(readout.time_agreed_at) and entry.at >= readout.open_at
    need(other or time_came, "readouts.early", "the other side has not sealed, and no agreed time has come")
    found = digest_of(
        line=entry.line, channel=entry.channel, subject=entry.subject, side=entry.side,
        language=cast(str, body["language"]), salt=cast(str, body["salt"]), text=cast(str, body["text"]),
    )  # fmt: skip
    need(found == account.digest, "readouts.digest", "the words do not match the digest that was sealed")


def _allow_confirmed(act: Act, ours: Account | None) -> None:
    need(ours is not None and ours.opened is not None, "readouts.not-opened", "only an opened readout has statements")
    account = cast(Account, ours)
    need(act.entry.refs == (account.opened,), "readouts.names-one", "it must name the opening of its own side")
    need(account.confirmations < limits.CONFIRMATIONS_MAX, "readouts.full", "it was confirmed anew too often")
    ends = [
        cast(int, cast("dict[str, object]", one)["end"]) for one in cast("list[object]", act.entry.body["statements"])
    ]
    need(max(ends) <= len(account.text), "readouts.place", "a statement ends beyond the end of the text")


def _allow_contested(act: Act, readout: ReadoutView) -> None:
    entry = act.entry
    need(len(entry.refs) == 1, "readouts.names-one", "it must name exactly one confirmation")
    theirs = next((one for one in readout.accounts if one.confirmed == entry.refs[0]), None)
    need(theirs is not None, "readouts.names-one", "the confirmation it names is not in force in its past")
    account = cast(Account, theirs)
    need(account.side != entry.side, "readouts.side", "a side contests the other's attributions, not its own")
    number = cast(int, entry.body["statement"])
    need(number < len(account.statements), "readouts.place", "the confirmation has no statement of that number")
    need(len(account.contests) < limits.CONTESTS_MAX, "readouts.full", "too much of it is contested; write a message")
