"""The figures of a call between two real Chromium desks, each at its own node: never more than two."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from benchmarks.call_clients import Served, served
from benchmarks.clients import CHANNEL
from benchmarks.rows import Row, failed, limit_row, quantile
from parley.cli import at_desk, demo_call, sounding
from parley.cli.chromium import Chromium, Page
from parley.cli.demo_call import Lifted

# Notes when the page says that it rings, and when it is told that a far desk does; on the machine's calendar clock.
_NOTE_RINGING = """
(async () => {
  const base = document.querySelector('script[type=module]').src.replace(/[^/]*$/, '');
  const {direct} = await import(base + 'direct.js');
  const line = direct(), say = line.say.bind(line);
  window.rang = []; window.told = [];
  line.say = (word, fields) => { if (word === 'rings') window.rang.push(Date.now()); return say(word, fields); };
  line.addEventListener('ringing', () => window.told.push(Date.now()));
})()
"""


@asynccontextmanager
async def desk(
    place: Served, name: str, person: str, seed: int, make: type[Chromium] = Chromium, command: Sequence[str] = ()
) -> AsyncIterator[Page]:
    """Give a page on watch in a browser of its own, its sound tapped."""
    side, port = (place.pair.north, place.north_port) if name == "north" else (place.pair.south, place.south_port)
    (secret,) = await side.do("sessions", names=[person])
    with tempfile.TemporaryDirectory(prefix="parley-microphone-") as folder:
        microphone = Path(folder) / "noise"
        await asyncio.to_thread(sounding.write_microphone, microphone, seed)
        async with make(microphone, command) as browser:
            cookies = {"parley": secret, "parley-view": "watch=on&language=en&sound=off"}
            page = await browser.page(f"http://{name}.localhost:{port}", cookies)
            await at_desk.prepare(page)
            await page.go(f"/channels/{CHANNEL}")
            await at_desk.until_state(page, "ready")
            await sounding.install(page)
            await page.run(_NOTE_RINGING)
            yield page


@asynccontextmanager
async def two_desks(place: Served, **how: Any) -> AsyncIterator[tuple[Page, Page]]:
    """Give Edda's page at North and Samira's at South."""
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(desk(place, "north", "edda", 1, **how)),
            await stack.enter_async_context(desk(place, "south", "samira", 2, **how)),
        )


async def over(*pages: Page) -> None:
    """End the call by the first page's own button, and wait until no page shows one."""
    await at_desk.submit(pages[0], "document.querySelector('#handset-hang-up:not([hidden])')", "true")
    for page in pages:
        await page.until("document.getElementById('handset-call').textContent === ''")


async def lift(root: Path, calls: int = 30, presses: int = 30) -> list[Row]:
    """Lift for the first time in thirty calls, then many times in one; then speak on for 20 s."""
    async with served(root / "lift") as place, two_desks(place) as (caller, callee):
        firsts: list[Lifted] = []
        for _ in range(calls):
            firsts += await demo_call.lifts(caller, callee, 1)
            await over(caller, callee)
        more = await demo_call.lifts(caller, callee, presses)
        found = await speak_on(caller, callee, 20)
    return [
        lift_row(f"{_LIFT}; first press of a call", firsts),
        lift_row(f"{_LIFT}; 2nd to {presses}th press (the 20th: {_ms(more[19])})", more[1:]),
        _first_row([*firsts, *more]),
        mouth_row("mouth to ear during a call, loopback, p95", found, 120),
    ]


async def speak_on(caller: Page, callee: Page, seconds: float) -> list[sounding.Found]:
    """Hold the key for so long and follow every 20 ms of it."""
    return await asyncio.to_thread(*await spoken(caller, callee, seconds))


async def spoken(caller: Page, callee: Page, seconds: float) -> tuple[Any, ...]:
    """Hold the key for so long; gives what to call to follow it, which takes a while and delays clients."""
    press = await at_desk.press(caller, seconds)
    await asyncio.sleep(1)
    microphone, loudspeaker = (await sounding.take(caller))["microphone"], (await sounding.take(callee))["loudspeaker"]
    return sounding.follow, microphone, loudspeaker, press.down_ms, press.up_ms - 40


def _ms(one: Lifted) -> str:
    return "never heard" if one.heard_ms is None else f"{one.heard_ms:.0f} ms"


_LIFT = "lift to the first sample of that speech at the far loudspeaker, loopback, p95"


def lift_row(name: str, lifted: list[Lifted], limit: float = demo_call.LIMIT_MS) -> Row:
    """Give how soon lifts were heard."""
    heard = [one.heard_ms for one in lifted if one.heard_ms is not None]
    if len(heard) < len(lifted):
        return failed(name, limit, f"{len(heard)} of {len(lifted)} lifts were heard")
    whole = sum(one.whole for one in lifted)
    spread = f"median {quantile(heard, 0.5):.0f}, slowest {max(heard):.0f} ms"
    why = f"{len(lifted)} lifts, the first 20 ms of {whole} there; {spread}"
    return limit_row(name, quantile(heard, 0.95), limit, "ms", why=why)


def _first_row(lifted: list[Lifted]) -> Row:
    whole = sum(one.whole for one in lifted)
    name = f"first 20 ms of speech after a lift: there in the received signal, of {len(lifted)} lifts"
    return limit_row(name, whole, len(lifted), "lifts", least=True)


def mouth_row(name: str, found: list[sounding.Found], limit: float, why: str = "") -> Row:
    """Give how late the loudspeaker is, over every 20 ms that it played."""
    waits = [one.later_ms for one in found if one.later_ms is not None]
    if len(waits) < 0.5 * len(found):
        return failed(name, limit, f"{len(waits)} of {len(found)} blocks of 20 ms were found at the far loudspeaker")
    lost = len(found) - len(waits)
    told = f"median {quantile(waits, 0.5):.0f} ms; {lost} of {len(found)} blocks of 20 ms filled or bent{why}"
    return limit_row(name, quantile(waits, 0.95), limit, "ms", why=told)


async def ring(root: Path, tries: int = 20, others: int = 50) -> list[Row]:
    """Lift in a new call until the far page rings, and until the caller's page is told so; alone, then among many."""
    rows = []
    async with served(root / "ring") as place, two_desks(place) as pages:
        for among in (0, others):
            seats = await place.south(*["rafael"] * among) if among else []
            await asyncio.sleep(1)
            there, told = await _ring(pages, tries)
            words = f", {among} other desks signed in and on watch" if among else ""
            rows.append(limit_row(f"lift to the far desk rings{words}, p95", quantile(there, 0.95), 300, "ms"))
            why = f"{tries} calls; median {quantile(told, 0.5):.0f}, slowest {max(told):.0f} ms"
            rows.append(
                limit_row(
                    f"lift to the caller is told that it rings{words}, p95", quantile(told, 0.95), 300, "ms", why=why
                )
            )
            for one in seats:
                await one.get_up()
    return rows


async def _ring(pages: tuple[Page, Page], tries: int) -> tuple[list[float], list[float]]:
    caller, callee = pages
    there, told = [], []
    for _ in range(tries):
        for page in pages:
            await page.run("window.rang.length = window.told.length = 0")
        press = await at_desk.press(caller, 0.2)
        await caller.until("window.told.length > 0")
        await callee.until("window.rang.length > 0")
        there.append(float(await callee.run("window.rang[0]")) - press.down_ms)
        told.append(float(await caller.run("window.told[0]")) - press.down_ms)
        await over(*pages)
        await asyncio.sleep(0.3)
    return there, told


# Notes when the page has painted a stop's ringing screen.
_NOTE_STOPS = """
(() => {
  window.stopped = 0;
  const look = () => document.querySelector('.stop-ring:not([hidden])') && !window.stopped &&
    requestAnimationFrame(() => (window.stopped ||= Date.now()));
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true, attributes: true});
})()
"""
_RAISE = """
(() => {
  document.getElementById('stop-what').value = 'Measured, number NUMBER';
  document.getElementById('stop-where').value = 'Here';
  const now = Date.now();
  document.querySelector('.stop-do[data-status=test]').click();
  return now;
})()
"""


async def stop(root: Path, tries: int = 20, others: int = 10) -> list[Row]:
    """Raise a stop by the form's button until a far page has painted it, and every other desk there was told of it."""
    took: list[float] = []
    clock = time.time() - time.monotonic()
    async with served(root / "stop") as place, two_desks(place) as (caller, callee):
        seats = await place.south(*["rafael"] * others)
        await callee.run(_NOTE_STOPS)
        for number in range(tries):
            await caller.go("/stop")
            await caller.until("document.documentElement.dataset.ready === 'yes'")
            raised = float(await caller.run(_RAISE.replace("NUMBER", str(number))))
            await callee.until("window.stopped > 0")
            found = [await one.until_stop(raised / 1e3 - clock) for one in seats]
            there = [1e3 * (at + clock) - raised for at, _ in found]
            took.append(max(float(await callee.run("window.stopped")) - raised, *there))
            word = found[0][1]
            await place.pair.north.do("withdraw", channel=word["channel"], subject=word["subject"])
            await callee.until("!document.querySelector('.stop-ring:not([hidden])')")
            await callee.run("window.stopped = 0")
    why = f"{tries} stops, one page and {others} clients on watch there; median {quantile(took, 0.5):.0f} ms"
    name = "stop: the control to the ringing screen at every far desk on watch, p95"
    return [limit_row(name, quantile(took, 0.95), 300, "ms", why=why)]


_PASSKEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


async def watch(root: Path, tries: int = 5) -> list[Row]:
    """Sign in with a passkey, take the watch, and be ready to lift: without the person's own time."""
    took: list[float] = []
    async with served(root / "watch") as place:
        path = str(await place.pair.north.do("enrol", name="edda"))
        with tempfile.TemporaryDirectory(prefix="parley-microphone-") as folder:
            microphone = Path(folder) / "noise"
            await asyncio.to_thread(sounding.write_microphone, microphone, 1)
            async with Chromium(microphone) as browser:
                page = await browser.page(f"http://north.localhost:{place.north_port}", {})
                await page.go(path)
                await page.do("WebAuthn.enable")
                await page.do("WebAuthn.addVirtualAuthenticator", options=_PASSKEY)
                ready = "document.documentElement.dataset.ready === 'yes'"
                await page.until(ready)
                await at_desk.submit(page, _form("enrol"), "location.search.includes('enrolled')")
                for _ in range(tries + 1):
                    await page.until(ready)
                    begun = time.monotonic()
                    await at_desk.submit(page, _form("sign-in"), "location.pathname === '/'")
                    await page.until(ready)
                    await at_desk.submit(page, at_desk.TAKE, "document.getElementById('handset')")
                    await at_desk.until_state(page, "ready")
                    took.append(time.monotonic() - begun)
                    leave = "document.querySelector('form[action=\"/sign-out\"] button')"
                    await at_desk.submit(page, leave, "location.pathname === '/sign-in'")
    took.pop(0)  # the browser's own first time
    why = f"{tries} times; median {quantile(took, 0.5):.2f} s; passkey, home page, watch taken, microphone and sound"
    return [limit_row("signing in to ready on watch, slowest", max(took), 2, "s", why=why)]


def _form(act: str) -> str:
    return f"document.querySelector('form[data-passkey=\"{act}\"] button[type=submit]')"
