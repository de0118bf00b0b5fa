"""How a recording of ours and one of theirs lie on one clock: proposed by one side, agreed by the other.

Owns: the offset as somebody types it, in seconds. Does not own: what is allowed (subjects/incidents/), playing
(desk/static/incident.js).
"""

from __future__ import annotations

import re
from typing import Final

from parley import limits
from parley.actions.incidents import named, say, view_at
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.who import Who
from parley.errors import Refused
from parley.subjects.incidents import saying

_SECONDS: Final = re.compile(r"([-+\u2212]?)(\d{1,5})(?:[.,](\d{1,3}))?", re.ASCII)


async def propose_offset(
    node: NodePort, who: Who, channel: str, subject: str, *, ours: str, theirs: str, seconds: str
) -> Sent:  # fmt: skip
    """Propose that theirs is so many seconds ahead of ours: moment t of our file is moment t + seconds of theirs."""
    view = view_at(node, who, "release", channel, subject)
    return await say(node, who, view, saying.propose_offset(channel, subject, ours, theirs, milliseconds(seconds)))


async def agree_offset(node: NodePort, who: Who, channel: str, subject: str, *, entry: str) -> Sent:
    """Agree to an offset that they propose."""
    view = view_at(node, who, "release", channel, subject)
    chosen = named(entry, [one.proposed.ref for one in view.offsets if one.agreed is None])
    return await say(node, who, view, saying.agree_offset(channel, subject, chosen))


def milliseconds(seconds: str) -> int:
    """Read seconds with up to three decimals; raises Refused `incidents.form`."""
    hit = _SECONDS.fullmatch(seconds.strip())
    found = 0 if hit is None else int(hit[2]) * 1000 + int((hit[3] or "").ljust(3, "0"))
    if hit is None or found > limits.INCIDENT_OFFSET_MS_MAX:
        raise Refused("incidents.form", f"the offset: expected seconds such as -1.25, got {seconds[:40]!r}")
    return found if hit[1] in ("", "+") else -found
