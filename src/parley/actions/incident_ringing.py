"""First reports of theirs that ring at our desks, and the clearing of one by whoever has seen it.

Owns: rights. Does not own: which reports ring (node/reported.py), how long and where (people/ladders.py).
"""

from __future__ import annotations

from typing import Final

from parley.actions.incident_rows import UnseenRow
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.who import Who, may_read, need, need_in
from parley.errors import Refused
from parley.node.reported import seen_row, unseen

LINE: Final = "line"


def unseen_reports(node: NodePort, who: Who) -> list[UnseenRow]:
    """Give the first reports of theirs that nobody here has seen, in this person's channels; the oldest first."""
    need(who, "state")
    them = node.identity.theirs.side
    rooms = [room.id for room in node.book.line_view().channels if may_read(node, who, room.id)]
    found = [
        UnseenRow(
            channel=one.channel, subject=one.subject, name=person_name(node, them, one.person)[0], at=one.at,
            status=one.status, ahead=one.ahead,
        )
        for channel in ([LINE] if "read" in who.rights else []) + rooms
        for one in unseen(node.store, node.book, channel)
    ]  # fmt: skip
    return sorted(found, key=lambda row: row.at)


async def clear_report(node: NodePort, who: Who, channel: str, subject: str) -> None:
    """Take a report off our desks: somebody has seen it. Nothing crosses; an account is still due."""
    if channel == LINE:
        need(who, "acknowledge")
    else:
        need_in(node, who, "acknowledge", channel)
    if not any(one.subject == subject for one in unseen(node.store, node.book, channel)):
        raise Refused("incidents.unknown", f'no report "{subject[:100]}" in {channel[:48]} rings')
    await node.keep([seen_row(channel, subject, who.person)])
    node.tell("incident", {"channel": channel})
