"""The page of an incident with two tracks of 10,000 points and 20 attachments, in Chromium over two real nodes.

Usable: the figures of the tracks are shown, the page answers to keys, and the chart has drawn both tracks. Measured
from the asking for the page, also the first time, when the files have not been read yet.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import AsyncIterator, Iterator
from typing import Final

from benchmarks.rows import Row, failed, limit_row, quantile

NAME: Final = "incident page with 2 x 10,000 points"
POINTS: Final = 10_000
FILES: Final = 20
ROUNDS: Final = 7
LIMIT_S: Final = 1.0
_USABLE: Final = """() => document.documentElement.dataset.ready === "yes" && !document.querySelector("[data-unread]")
    && !!document.querySelector("#tracks table") && Number(document.querySelector("[data-chart]").dataset.drawn) >= 4"""


def rows(only: list[str]) -> Iterator[Row]:
    """Give the row, if it is wanted."""
    if only and not any(word in NAME for word in only):
        return
    try:
        first, later = asyncio.run(_run())
    except Exception as error:  # no browser here: the row says so
        yield failed(NAME, LIMIT_S, f"{type(error).__name__}: {error}"[:200], ok=None)
        return
    why = f"median of {ROUNDS} visits, worst {max(later):.2f} s; the first, which reads the files, {first:.2f} s"
    yield limit_row(NAME, quantile(later, 0.5), LIMIT_S, "s", why=f"{why}; {FILES} attachments")


async def _run() -> tuple[float, list[float]]:
    from tests.actions.pair import until
    from tests.actions.test_incidents import FORM, first
    from tests.browser.desks import two_desks

    from parley.actions import files, incident_tracks, incidents
    from parley.actions.incident_evidence import Put

    async with two_desks() as (north, south, browser):
        assert north.side_at is not None and south.side_at is not None
        ours, theirs = north.side_at, south.side_at
        sent = await incidents.report_incident(ours.node, ours["edda"], FORM, channel="leaders")
        at = (sent.channel, sent.subject)
        await first(theirs, "samira")

        async def put(side: object, who: str, names: list[tuple[str, str, bytes]]) -> None:
            evidence = []
            for name, media, content in names:

                async def pieces(data: bytes = content) -> AsyncIterator[bytes]:
                    yield data

                row = await files.attach(side.node, side[who], name=name, media=media, content=pieces())  # type: ignore[attr-defined, index]
                evidence.append(Put(root=row.root, source="Radar"))
            await incidents.add_evidence(side.node, side[who], *at, evidence=evidence)  # type: ignore[attr-defined, index]

        papers = [(f"note-{n}.pdf", "application/pdf", b"%d" % n * 20_000) for n in range(FILES - 2)]
        await put(ours, "edda", [("ship.csv", "text/csv", _track(1)), *papers[::2]])
        await put(theirs, "samira", [("ship.csv", "text/csv", _track(2)), *papers[1::2]])
        await until(lambda: incident_tracks.tracks_now(ours.node, ours["edda"], *at).files == 2)
        page = await north.sign_in(browser, "edda")
        times = []
        for _ in range(ROUNDS + 1):
            await page.goto(north.origin + "/incidents")
            began = time.monotonic()
            await page.goto(f"{north.origin}/incidents/{at[0]}/{at[1].partition('/')[2]}", wait_until="commit")
            await page.wait_for_function(_USABLE, polling=20, timeout=60_000)
            times.append(time.monotonic() - began)
        return times[0], times[1:]


def _track(number: int) -> bytes:
    """Give a ship that winds its way through the place of the report, a fix a second."""
    dice = random.Random(number)
    lat, lon, heading, rows = 54.5, 19.1 + 0.01 * number, dice.uniform(0, 6), []
    for at in range(POINTS):
        heading += dice.gauss(0, 0.01)
        lat, lon = lat + 7e-5 * math.cos(heading), lon + 1.2e-4 * math.sin(heading)
        rows.append(f"{1_795_402_800 + at},{211_000_000 + number},{lat:.6f},{lon:.6f}")
    return ("time,mmsi,lat,lon\n" + "\n".join(rows) + "\n").encode()
