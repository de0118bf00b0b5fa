"""A first report over a link of 2,400 bit/s: with the link up, from cold, and what each thing costs in bytes.

Two nodes in two processes. They are set up over a second, wide link, which is then cut; the thin one goes through a
relay that lets 300 bytes a second pass each way. A report as long as may be said at once, 1,350 bytes, is written and
counts once North's client is told that South has it on its disk. "From cold": North's node has just been started and
nothing is up; the clock runs from the moment the report is on North's own disk. Bytes are those of TLS, without TCP/IP.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.pair import Pair
from benchmarks.rows import Row, limit_row
from parley import limits
from parley.actions import incidents
from parley.actions.incident_forms import ReportForm
from parley.actions.who import Who
from parley.errors import Refused
from parley.node.node import Node

BITS_S: Final = 2_400
THIN: Final = "route-1"
_NAMES: Final = (
    ("first report over 2,400 bit/s", 15.0, "s"), ("first report from cold over 2,400 bit/s", 60.0, "s"),
    ("first report's bytes", 2_048.0, "B"), ("thin link called stale", 0.0, "times"),
)  # fmt: skip
_QUIET_S: Final = 30.0  # for what is said once the wide link is cut, and then for a heartbeat or three alone


async def report(node: Node, who: Who) -> dict[str, Any]:
    """Report an incident with as many words as go at once; gives its log and number."""
    words = "A frigate crossed ahead of us at less than 200 m, turned, and followed for twenty minutes. " * 20
    for size in range(limits.INCIDENT_FIRST_CHARS_MAX, 0, -10):
        form = ReportForm(what=words[:size], place="54.6251 12.5172", asks="Tell your ship to keep clear.")
        with contextlib.suppress(Refused):  # too long by some bytes
            sent = await incidents.report_incident(node, who, form)
            return {"log": str(sent.ref.log), "number": sent.ref.number}
    raise RuntimeError("no report is short enough")


def rows(only: list[str]) -> Iterator[Row]:
    """Give the rows."""
    if only and not any(word in name for word in only for name, _, _ in _NAMES):
        return
    with tempfile.TemporaryDirectory() as folder:
        told, why = asyncio.run(_run(Path(folder)))
    for (name, limit, unit), figure in zip(_NAMES, told, strict=True):
        yield limit_row(name, figure, limit, unit, why=why.pop(name, ""))


async def _run(folder: Path) -> tuple[tuple[float, ...], dict[str, str]]:
    async with Pair(folder / "thin", links=2, proxied=True, thin_bits_s=BITS_S) as pair:
        north, south = pair.north, pair.south
        wide, thin = pair.proxies
        thin.rate_bytes_s = BITS_S / 8
        await wide.cut()
        await asyncio.sleep(_QUIET_S)
        idle = await north.do("link-bytes", link=THIN)
        await asyncio.sleep(_QUIET_S)

        before = await north.do("link-bytes", link=THIN)
        sent = await north.do("report", who="edda")
        up_s = await north.do("until-held", log=sent["log"], number=sent["number"]) - sent["at"]
        after = await north.do("link-bytes", link=THIN)
        stale = len([link for side in (north, south) for link, _ in await side.do("falls") if link == THIN])

        await north.stop()
        await north.start()
        await north.do("be", names=["edda"])
        relayed = thin.relayed_bytes
        sent = await north.do("report", who="edda")
        cold_s = await north.do("until-held", log=sent["log"], number=sent["number"]) - sent["at"]
        stale += len([link for link, _ in await north.do("falls") if link == THIN])
        cold = thin.relayed_bytes - relayed
    minute = (before["out"] - idle["out"] + before["in"] - idle["in"]) * 60 / _QUIET_S
    return (up_s, cold_s, after["out"] - before["out"], stale), {
        "first report over 2,400 bit/s": f"{after['in'] - before['in']} B come back: the cosignature and the heartbeat",
        "first report from cold over 2,400 bit/s": f"{cold} B both ways by then, about 3,655 of them for TLS",
        "first report's bytes": f"sent by North until it was told; an idle link carries {minute:.0f} B a minute",
    }
