"""Two real nodes with a real desk each, and a real Chromium in front of them."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from aiohttp import web
from playwright.async_api import Browser, CDPSession, Page, Playwright, async_playwright
from tests.actions.pair import Side, talking
from tests.desk.sample import Samples

from parley.actions import people
from parley.cli.chromium import WITHOUT
from parley.desk import make_desk
from parley.desk.app import make_app
from parley.people import accounts, keys
from parley.transports.proxy import CutProxy

# RECIPES of the desk's tests: no GPU, no first-run pages, nothing from the network but loopback.
ARGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ARGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync", WITHOUT]
CHROMIUM = os.environ.get("PARLEY_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
Look = TypeVar("Look")


@dataclass
class Desk:
    """One side's desk, served at <side>.localhost on a port of its own."""

    side: str
    side_at: Side | None = None
    samples: Samples | None = None
    port: int = 0
    troubles: list[str] = field(default_factory=list)
    _runner: web.AppRunner | None = None

    @property
    def origin(self) -> str:
        return f"http://{self.side}.localhost:{self.port}"

    async def open(self) -> None:
        """Serve; a second time at the same port."""
        if not self.port:
            self.port = free_port()
        if self.side_at is not None:
            app = make_desk(self.side_at.node, origin=self.origin)
        else:
            assert self.samples is not None
            app = make_app(self.samples, origin=self.origin)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def close(self) -> None:
        """Stop answering."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def page(self, browser: Browser, **settings: Any) -> Page:
        """Give a page of its own browser profile; what it complains of is kept."""
        context = await browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | settings))
        page = await context.new_page()
        page.on("console", lambda said: self.troubles.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        return page

    async def sign_in(self, browser: Browser, person: str, *, at: str = "/", **settings: Any) -> Page:
        """Be signed in as a person of this side, with a page open; the way in by passkeys has tests of its own.

        A page takes a core most of a second, so no other one is opened on the way; `at=""` opens none.
        """
        assert self.side_at is not None
        node = self.side_at.node
        made = keys.open_session(accounts.get(node.store, person), os.urandom(64), node.moment(), desk="desk")
        await node.keep(made.rows)
        page = await self.page(browser, **settings)
        await page.context.add_cookies([{"name": "parley", "value": made.secret, "url": self.origin}])
        if at:
            await page.goto(self.origin + at)
        return page

    async def link(self, person: str) -> str:
        """Give the address of a one-time link, as the administrator makes it."""
        assert self.side_at is not None
        return self.origin + (await people.enrol(self.side_at.node, self.side_at["admin"], person)).path


async def seated(browser: Browser, *people: tuple[Desk, str, str]) -> list[Page]:
    """Let several people sign in at once: which desk, who, and which page they open ("" for none yet)."""
    return await asyncio.gather(*(desk.sign_in(browser, person, at=path) for desk, person, path in people))


_authenticators: WeakKeyDictionary[Page, tuple[CDPSession, str]] = WeakKeyDictionary()


async def authenticator(page: Page) -> tuple[CDPSession, str]:
    """Put a fresh virtual authenticator that verifies its user before this page, in place of the one before."""
    if page in _authenticators:
        session, before = _authenticators[page]
        await session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": before})
    else:
        session = await page.context.new_cdp_session(page)
        await session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    made = await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    _authenticators[page] = session, made["authenticatorId"]
    return _authenticators[page]


def free_port() -> int:
    """Give a port nobody has now."""
    import socket

    with contextlib.closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@cache
def _running() -> str:
    """Start the one Chromium of this run and give its address; each test has contexts of its own in it."""
    home = tempfile.mkdtemp(prefix="parley-chromium-")
    args = [CHROMIUM, *ARGS, "--remote-debugging-port=0", f"--user-data-dir={home}", "about:blank"]
    process = subprocess.Popen(args, stderr=subprocess.PIPE, text=True)

    def stop() -> None:
        process.kill()
        process.wait()
        shutil.rmtree(home, ignore_errors=True)

    atexit.register(stop)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("DevTools listening on "):
            threading.Thread(target=process.stderr.read, daemon=True).start()  # a full pipe would stop it
            return line.removeprefix("DevTools listening on ").strip()
    raise AssertionError("Chromium ended before it listened")


@cache
def _runner() -> asyncio.Runner:
    """Give the one event loop of this run's stories."""
    runner = asyncio.Runner()
    atexit.register(runner.close)
    return runner


@cache
def _driver() -> Playwright:
    """Start the one driver of this run: a process of its own, which took each test half a second."""
    return _runner().run(async_playwright().start())


def play(story: Coroutine[Any, Any, None]) -> None:
    """Play a test's story on the loop that all of them share; no task that it began outlives it."""
    _driver()

    async def whole() -> None:
        before = asyncio.all_tasks()
        try:
            await story
        finally:
            left = asyncio.all_tasks() - before
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    _runner().run(whole())


@asynccontextmanager
async def driver() -> AsyncIterator[Playwright]:
    """Give the shared driver within `play`, and elsewhere one of its own."""
    if asyncio.get_running_loop() is _runner().get_loop():
        yield _driver()
        return
    async with async_playwright() as own:
        yield own


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Give a browser without anything of an earlier test in it."""
    async with driver() as playwright:
        browser = await playwright.chromium.connect_over_cdp(_running())
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def two_desks(*, cable: CutProxy | None = None) -> AsyncIterator[tuple[Desk, Desk, Browser]]:
    """Give North's and South's desk on two joined nodes with the channel `leaders` open, and a browser."""
    async with talking(cable=cable) as (north, south), chromium() as browser:
        desks = Desk("north", side_at=north), Desk("south", side_at=south)
        for desk in desks:
            await desk.open()
        try:
            yield *desks, browser
        finally:
            for desk in desks:
                await desk.close()


@asynccontextmanager
async def sample_desk() -> AsyncIterator[tuple[Desk, Browser]]:
    """Give a desk over samples, which have one of everything, and a browser."""
    async with chromium() as browser:
        desk = Desk("north", samples=Samples())
        await desk.open()
        try:
            yield desk, browser
        finally:
            await desk.close()


async def looked_at(
    looks: Iterable[Look], look: Callable[[Desk, Page, Look], Awaitable[None]], **settings: Any
) -> list[str]:
    """Look at one thing after the other, on two pages at once, each at a desk over samples of its own.

    A page takes one core. Gives what the pages complained of.
    """
    rest = iter(looks)

    async def one_page(browser: Browser) -> list[str]:
        desk = Desk("north", samples=Samples())
        await desk.open()
        try:
            page = await desk.page(browser, **settings)
            for each in rest:
                await look(desk, page, each)
            return list(desk.troubles)  # not what comes when the desk is gone
        finally:
            await desk.close()

    async with chromium() as browser:
        return [trouble for each in await asyncio.gather(one_page(browser), one_page(browser)) for trouble in each]


def cookies(desk: Desk, view: str = "") -> list[Any]:
    """Give what a signed-in browser sends to a desk over samples."""
    return [
        {"name": "parley", "value": "sample-session", "url": desk.origin},
        {"name": "parley-view", "value": view or "language=en", "url": desk.origin},
    ]
