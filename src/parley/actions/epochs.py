"""Going on after a fork: the side that froze a log says how far it holds it; its author opens the next epoch.

Owns: rights and rows, for both sides' operators. Does not own: noticing a fork (line/), whether both have agreed
(subjects/standing/).
"""

from __future__ import annotations

from parley import limits
from parley.actions.ports import NodePort
from parley.actions.record_rows import FrozenRow
from parley.actions.rows import Sent
from parley.actions.sending import speaker, write_as
from parley.actions.who import Who, need
from parley.errors import PeerError, Refused
from parley.record.names import LogId
from parley.record.tree import EMPTY_ROOT
from parley.subjects.standing import EndedView
from parley.subjects.standing import facts as standing


def frozen_logs(node: NodePort, who: Who) -> list[FrozenRow]:
    """Give the other side's logs that are frozen here, and those of ours that it has ended."""
    need(who, "people")
    us, rows = node.identity.ours.side, []
    reasons = {LogId.read(key): value.decode() for key, value in node.store.values("frozen", count=limits.LOGS_MAX)}
    for log in sorted(node.store.logs()):
        ended = _ended(node, log)
        if (log.side == us and ended is None) or (log.side != us and log not in reasons):
            continue
        following = _next(node, log)
        step = "renew" if log.side == us else "" if ended else "end"
        rows.append(
            FrozenRow(
                log=log.text,
                ours=log.side == us,
                size=ended.size if ended else node.store.size(log),
                reason=reasons.get(log, ""),
                ended_at=ended.at if ended else None,
                ended_by=ended.person if ended else "",
                next=following.text if following else "",
                step="" if following else step,
            )
        )
    return rows


async def end_log(node: NodePort, who: Who, log: str) -> Sent:
    """Say how far we hold a frozen log of theirs, and agree to its next epoch.

    Raises: Refused `log.not-frozen`, or `log.again` where that was said. Nothing was written.
    """
    need(who, "people")
    named = _read(log)
    if named.side == node.identity.ours.side or node.store.value("frozen", named.text) is None:
        raise Refused("log.not-frozen", f"{named.text} is no log of the other side's that is frozen here")
    size = node.store.size(named)
    root = node.store.root_at(named, size) or EMPTY_ROOT
    return await write_as(node, speaker(node, who), standing.end_log(named, size, root.hex()))


async def renew_log(node: NodePort, who: Who, log: str) -> FrozenRow:
    """Go on in the next epoch of a log of ours that the other side froze and ended; returns once it is on our disk.

    Raises: Refused `log.epoch`, `log.not-ended`, `log.other-history`, `line.logs`. Nothing was changed.
    """
    need(who, "people")
    named = _read(log)
    await node.renew_log(named, speaker(node, who))
    return next(row for row in frozen_logs(node, who) if row.log == named.text)


def _ended(node: NodePort, log: LogId) -> EndedView | None:
    view = node.book.view("line", standing.ended_subject(log))
    return view if isinstance(view, EndedView) else None


def _next(node: NodePort, log: LogId) -> LogId | None:
    later = [one for one in node.store.logs() if (one.channel, one.side) == (log.channel, log.side)]
    return min((one for one in later if one.epoch > log.epoch), default=None)


def _read(text: str) -> LogId:
    try:
        return LogId.read(text)
    except PeerError:
        raise Refused("log.name", f"expected a log such as leaders/south/0, got {text[:80]!r}") from None
