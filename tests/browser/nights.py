"""A night at a desk on watch that nobody looks at: out of sight, frozen, its network gone twice, and then a call.

The test plays it in seconds, `./run soak desk --hours 8` in hours; both ask the same of the desk: whenever its page may
run, it is on watch, and when it is called at the end it rings and the caller is told so.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.actions.pair import Side, talking, until
from tests.browser.desks import Desk

from parley.actions import calls
from parley.cli.chromium import Chromium, Page
from parley.cli.sounding import write_microphone
from parley.people import accounts, keys

CUT_S: Final = 2.0  # how long nothing answers the page
LOOK_EVERY_S: Final = 1.0
HELD_UP_S: Final = 2.0  # a look that comes so much late was held up with the whole machine: no page could run either
TELL_EVERY: Final = 600  # looks between two words of how it stands
BACK_S: Final = 10.0  # after the network is back, or the page is thawed, the desk is on watch again within this
# What sounded, kept where the test can read it.
NOTES: Final = (
    "window.sounded = []; document.addEventListener('parley:sounded', (event) => sounded.push(event.detail));"
)
# What a browser does to the timers of a tab out of sight for five minutes (Chromium: intensive throttling).
SLOW: Final = """const [slow, once] = [window.setInterval, window.setTimeout];
window.setInterval = (run, ms, ...rest) => slow(run, Math.max(60000, ms ?? 0), ...rest);
window.setTimeout = (run, ms, ...rest) => once(run, Math.max(60000, ms ?? 0), ...rest);"""


@dataclass(kw_only=True)
class Night:
    """How long each part lasts, and what was found."""

    away_s: float  # out of sight, at the beginning and at the end, and while the page is frozen
    slow: bool  # slow the page's timers as a browser does after minutes; in a soak the browser does it itself
    tell: Callable[[str], object] = field(default=lambda _: None)  # told how it stands: a night is long
    back_s: list[float] = field(default_factory=list)
    off_watch: int = 0  # looks at which a page that could run was not on watch
    held_up: int = 0  # such looks that came late themselves
    looks: int = 0
    rang_s: float = 0.0
    sounded: list[str] = field(default_factory=list)
    heap_mib: list[float] = field(default_factory=list)
    seen: str = ""  # what the browser says of the page: hidden or visible


async def keep_watch(night: Night, folder: Path) -> None:
    """Play it; raises what a desk that did not ring raises (TimeoutError)."""
    microphone = folder / "silence.wav"
    write_microphone(microphone, 4)
    async with talking() as (north, south), Chromium(microphone) as browser:
        desk = Desk("south", side_at=south)
        await desk.open()
        try:
            made = keys.open_session(
                accounts.get(south.node.store, "samira"), os.urandom(64), south.node.moment(), desk="desk"
            )
            await south.node.keep(made.rows)
            given = {"parley": made.secret, "parley-view": "watch=on&language=en&sound=on"}
            page = await browser.page(desk.origin, given)
            await page.do("Page.addScriptToEvaluateOnNewDocument", source=NOTES + (SLOW if night.slow else ""))
            await page.go("/channels/leaders")
            await until(lambda: south.node.desks.on_watch("leaders"))
            await browser.do("Target.createTarget", url="about:blank")  # another tab comes to the front
            await _night(night, page, desk, south)
            await _ring(night, page, north, south)
        finally:
            await desk.close()


async def _night(night: Night, page: Page, desk: Desk, south: Side) -> None:
    """Out of sight; the network goes and comes; frozen, and the network goes and comes again; out of sight."""
    await _stay(night, page, south, night.away_s)
    await _cut(desk)
    await _back(night, south)
    night.tell(f"frozen for {night.away_s:.0f} s")
    await page.do("Page.setWebLifecycleState", state="frozen")
    await asyncio.sleep(night.away_s)
    await _cut(desk)
    await page.do("Page.setWebLifecycleState", state="active")
    await _back(night, south)
    await _stay(night, page, south, night.away_s)


async def _cut(desk: Desk) -> None:
    """Cut both connections of the page, and answer nothing for a while."""
    await desk.close()
    await asyncio.sleep(CUT_S)
    await desk.open()


async def _back(night: Night, south: Side) -> None:
    began = time.monotonic()
    async with asyncio.timeout(BACK_S):
        await until(lambda: south.node.desks.on_watch("leaders"))
    night.back_s.append(time.monotonic() - began)
    night.tell(f"back on watch after {night.back_s[-1]:.1f} s")


async def _stay(night: Night, page: Page, south: Side, for_s: float) -> None:
    """Look each second whether the desk is on watch, and now and then how much it holds."""
    await page.do("HeapProfiler.collectGarbage")
    looked = time.monotonic()
    end, late_s = looked + for_s, 0.0
    while looked < end:
        night.looks += 1
        if not south.node.desks.on_watch("leaders"):
            night.held_up += late_s > HELD_UP_S
            night.off_watch += late_s <= HELD_UP_S
            night.tell(f"not on watch, at a look that came {late_s:.2f} s late")
        if not night.looks % TELL_EVERY:
            night.tell(f"not on watch at {night.off_watch} of {night.looks} looks")
        await asyncio.sleep(LOOK_EVERY_S)
        late_s = time.monotonic() - looked - LOOK_EVERY_S
        looked = time.monotonic()
    await page.do("HeapProfiler.collectGarbage")
    used: dict[str, Any] = await page.do("Runtime.getHeapUsage")
    night.seen = await page.run("document.visibilityState")
    night.heap_mib.append(used["usedSize"] / 1_048_576)


async def _ring(night: Night, page: Page, north: Side, south: Side) -> None:
    """North calls; its node must hold that a desk rings, and the page must have sounded."""
    began = time.monotonic()
    sent = await calls.lift(north.node, north["edda"], "leaders", precedence="FLASH")

    def rings() -> bool:
        return bool(getattr(north.node.book.view("leaders", sent.subject), "rings_at", ""))

    async with asyncio.timeout(BACK_S):
        await until(rings)
    night.rang_s = time.monotonic() - began
    night.sounded = await page.run("sounded")
