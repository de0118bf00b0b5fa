"""The call of the demo: two browsers, one at each side's desk, real sound in and out; how soon the other side hears.

Owns: the people who call, how often they lift, the figure. Does not own: the browser (chromium.py), taps (sounding.py).
Always true: 1. A press counts as heard only if something that the microphone heard from the lift on was found, by
correlation, at the far loudspeaker.
"""

from __future__ import annotations

import asyncio
import math
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from parley.cli import at_desk, sounding
from parley.cli.chromium import Chromium, Page
from parley.cli.demo_nodes import DemoNode

CHANNEL: Final = "leaders"
PRESSES: Final = 20
LIMIT_MS: Final = 100.0
ROW: Final = "lift to the first sample of that speech at the far loudspeaker, loopback, p95"
_HOLD_S: Final = 0.35
_PAUSE_S: Final = 0.35  # longer than a voice may be silent before it begins anew
_TAPS_S: Final = 0.8  # taps hand over twice a second
_MOST_MS: Final = 800.0
_FOLLOWED: Final = 15  # blocks of 20 ms: the words of one press


@dataclass(frozen=True, slots=True)
class Lifted:
    """One press: how long until the far loudspeaker played the first of what was said from it on; None if nothing."""

    down_ms: float
    heard_ms: float | None
    whole: bool = False  # the very first 20 ms from the press on were there


@asynccontextmanager
async def desk_in_browser(node: DemoNode, person: str, seed: int) -> AsyncIterator[Page]:
    """Give a page on watch of the channel, come in by a one-time link, in a browser of its own."""
    made = await node.post(f"/people/{person}/enrol", minutes=10)
    with tempfile.TemporaryDirectory(prefix="parley-microphone-") as folder:
        microphone = Path(folder) / "noise"
        await asyncio.to_thread(sounding.write_microphone, microphone, seed)
        async with Chromium(microphone) as browser:
            page = await browser.page(node.desk, {})
            await at_desk.prepare(page)
            await at_desk.come_in(page, str(made["path"]))
            await at_desk.take_watch(page, f"/channels/{CHANNEL}")
            yield page


async def lifts(said: Page, heard: Page, count: int, hold_s: float = _HOLD_S) -> list[Lifted]:
    """Lift `count` times at one desk whose taps are in, and follow each lift to the other's loudspeaker."""
    presses = []
    for _ in range(count):
        await asyncio.sleep(_PAUSE_S)
        presses.append(await at_desk.press(said, hold_s))
    await asyncio.sleep(_TAPS_S)
    microphone, loudspeaker = (await sounding.take(said))["microphone"], (await sounding.take(heard))["loudspeaker"]
    return await asyncio.to_thread(lambda: [first_heard(microphone, loudspeaker, one.down_ms) for one in presses])


def first_heard(microphone: sounding.Tap, loudspeaker: sounding.Tap, down_ms: float) -> Lifted:
    """Follow what the microphone heard from `down_ms` on to the loudspeaker, 20 ms after 20 ms until some is found."""
    for number in range(_FOLLOWED):
        start = microphone.at(down_ms + 20 * number)
        block = microphone.samples[start : start + sounding.BLOCK]
        if len(block) < sounding.BLOCK:
            break
        at, like = sounding.find(block, loudspeaker, loudspeaker.at(down_ms), loudspeaker.at(down_ms + _MOST_MS))
        if like >= sounding.LIKE:
            return Lifted(down_ms, loudspeaker.moment(at) - down_ms, whole=number == 0)
    return Lifted(down_ms, None)


def row(lifted: Sequence[Lifted]) -> dict[str, Any]:
    """Give the first row of the table of figures, as `./run bench call` prints it."""
    heard = sorted(one.heard_ms for one in lifted if one.heard_ms is not None)
    p95 = heard[math.ceil(0.95 * len(heard)) - 1] if heard else None  # nearest rank
    shown = ["never" if one.heard_ms is None else f"{one.heard_ms:.0f}" for one in (lifted[0], lifted[-1])]
    whole = sum(one.whole for one in lifted)
    why = (
        f"{len(heard)} of {len(lifted)} presses heard, the first 20 ms of {whole};"
        f" the first press after {shown[0]} ms, the last after {shown[1]} ms"
    )
    return {
        "row": ROW, "measured": None if p95 is None else round(p95, 1), "floor": None, "limit": LIMIT_MS, "unit": "ms",
        "ok": p95 is not None and len(heard) == len(lifted) and p95 <= LIMIT_MS,
        "why": why,
    }  # fmt: skip


async def call(north: DemoNode, south: DemoNode) -> list[Lifted]:
    """Place a call from North's desk to South's and give what was heard of each lift."""
    async with AsyncExitStack() as stack:
        caller = await stack.enter_async_context(desk_in_browser(north, "e.marlow", 1))
        callee = await stack.enter_async_context(desk_in_browser(south, "s.haddad", 2))
        for page in (caller, callee):
            await sounding.install(page)
        return await lifts(caller, callee, PRESSES)
