"""A year of the military channel, 200 incidents and 2,500 notices by both sides, and how long its pages take.

Two nodes in two processes with their stores on disk. North is started anew, so that nothing is remembered of notices
and incidents when its pages are asked for; its templates are compiled by then, as a few seconds after any start. Each
page is asked for four times: the first and the median of the others count, the worst page is the row's figure. On a
busy machine look at the time of the node's processor beside it.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import aiohttp

from benchmarks.pair import Pair
from benchmarks.rows import Row, limit_row
from parley.actions import incident_facts, incidents
from parley.actions.incident_forms import ReportForm
from parley.actions.notice_words import NoticeWords, read_words
from parley.actions.sending import write
from parley.actions.who import Who
from parley.node.node import Node
from parley.subjects.notices import facts as said
from parley.times import Moment, moment_text

NOTICES, INCIDENTS, LIMIT_MS = 2_500, 200, 300.0
_AT_ONCE: Final = 50
_DAY_MS: Final = 86_400_000
_CHANNEL: Final = "leaders"
_READY_S: Final = 5.0  # until every template is compiled


async def make(node: Node, who: Who, *, notices: int, incidents_: int, seed: int) -> dict[str, str]:
    """Give notices over the coming year and report incidents of the past one; gives the last subject of each."""
    dice, last = random.Random(seed), {"notice": "", "incident": ""}

    async def notice(number: int) -> None:
        start = node.moment() + dice.randrange(365 * _DAY_MS)
        area = f"WITHIN {dice.randint(2, 20)} NM OF {_place(dice)}"
        words = NoticeWords(
            what=dice.choice(("live-firing", "exercise", "missile-launch")), title=f"Exercise {number}", area=area,
            since=moment_text(Moment(start)), until=moment_text(Moment(start + dice.randint(2, 72) * 3_600_000)),
            language="en", low="SFC", high="FL200", forces="Two frigates, one aircraft", text="Keep clear. " * 20,
        )  # fmt: skip
        fact = said.give(_CHANNEL, read_words(words, f"{number}/2026"))
        last["notice"] = (await write(node, who, fact)).subject

    async def incident(number: int) -> None:
        when = moment_text(Moment(node.moment() - dice.randrange(365 * _DAY_MS)))[:19].replace("T", " ")
        form = ReportForm(what=f"A close pass, number {number}. " * 8, place=_place(dice), time=when)
        sent = await incidents.report_incident(node, who, form, channel=_CHANNEL)
        last["incident"] = sent.subject
        for sentence in ("The pass was that day.", "It was nearer than 100 m.", "Nobody was hurt."):
            await incident_facts.state(node, who, _CHANNEL, sent.subject, text=sentence)

    for count, act in ((notices, notice), (incidents_, incident)):
        for first in range(0, count, _AT_ONCE):
            await asyncio.gather(*(act(number) for number in range(first, min(first + _AT_ONCE, count))))
    return last


def _place(dice: random.Random) -> str:
    return f"{dice.randint(54, 58)}-{dice.randint(0, 59):02d}.0N 0{dice.randint(10, 20)}-{dice.randint(0, 59):02d}.0E"


def rows(only: list[str]) -> Iterator[Row]:
    """Give the row."""
    if only and not any(word in "a year's pages" for word in only):
        return
    with tempfile.TemporaryDirectory() as folder:
        told = asyncio.run(_run(Path(folder)))
    worst = max(max(first, again) for first, again, _ in told.values())
    words = ", ".join(f"{page} {first:.0f}/{again:.0f} ({cpu:.0f})" for page, (first, again, cpu) in told.items())
    yield limit_row("a year's pages", worst, LIMIT_MS, "ms", why=f"first/median (processor, first) in ms: {words}")


async def _run(folder: Path) -> dict[str, tuple[float, float, float]]:
    async with Pair(folder / "year") as pair:
        half = {"notices": NOTICES // 2, "incidents": INCIDENTS // 2}
        last, theirs = await asyncio.gather(
            pair.north.do("year", who="edda", seed=1, **half), pair.south.do("year", who="samira", seed=2, **half)
        )
        await pair.north.do("year-there", subjects=list(theirs.values()))
        await pair.north.stop()
        await pair.north.start()
        port = await pair.north.do("desk", name="north")
        await asyncio.sleep(_READY_S)
        secret = (await pair.north.do("sessions", names=["edda"]))[0]
        paths = {
            "calendar": "/notices", "calendar of a year": "/notices?days=366", "chart": "/chart",
            "notice": f"/notices/{_CHANNEL}/{last['notice'].partition('/')[2]}", "home": "/",
            "incidents": "/incidents?which=all", "review": f"/incidents/year/{time.gmtime().tm_year}",
            "incident": f"/incidents/{_CHANNEL}/{theirs['incident'].partition('/')[2]}",
        }  # fmt: skip
        headers = {"Host": f"north.localhost:{port}", "Cookie": f"parley={secret}"}
        found = {}
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client:
            for name, path in paths.items():
                url, before = f"http://127.0.0.1:{port}{path}", (await pair.north.do("usage"))["cpu"]
                first = await _ask(client, url, headers)
                used = ((await pair.north.do("usage"))["cpu"] - before) * 1000
                again = statistics.median([await _ask(client, url, headers) for _ in range(3)])
                found[name] = first, again, used
        return found


async def _ask(client: aiohttp.ClientSession, url: str, headers: dict[str, str]) -> float:
    began = time.perf_counter()
    async with client.get(url, headers=headers) as answer:
        await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{url}: {answer.status}")
    return (time.perf_counter() - began) * 1000
