"""A headless Chromium whose microphone plays a file, driven by its own protocol: for the demo's call and figures.

Owns: the browser's life, a page's scripts, cookies and rights. Does not own: what is measured (sounding.py).
Source: Chrome DevTools Protocol 1.3 (Target, Runtime, Page, Network, Input, Browser).
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import aiohttp

from parley.errors import Unavailable

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Since 2025 each window of Chromium starts two processes more, with what its address bar would show: nobody sees it
# here, and it took 0.7 CPU seconds a window.
WITHOUT: Final = "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup"
# No GPU, no first-run pages, nothing from the network; a microphone without a person to allow it.
_ARGS: Final = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required", "--remote-debugging-port=0", WITHOUT,
)  # fmt: skip
_START_S: Final = 30.0
_ANSWER_S: Final = 60.0


def find_chromium() -> str | None:
    """Give the path of a browser, or None where there is none."""
    return os.environ.get("PARLEY_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def need_chromium() -> None:
    """Raise Unavailable `demo.chromium` where there is no browser."""
    if not find_chromium():
        words = "there is no Chromium on this machine; install it, or set PARLEY_CHROMIUM"
        raise Unavailable("demo.chromium", words)


class Chromium:
    """One browser with a profile of its own."""

    def __init__(self, microphone: Path, command: Sequence[str] = ()) -> None:
        self._command = [*command, find_chromium() or ""]
        self._microphone = microphone
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Chromium:
        need_chromium()
        self._profile = tempfile.TemporaryDirectory(prefix="parley-chromium-", ignore_cleanup_errors=True)
        self._process = await asyncio.create_subprocess_exec(
            *self._command, *_ARGS, f"--user-data-dir={self._profile.name}",
            f"--use-file-for-fake-audio-capture={self._microphone}", "about:blank",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            address = await asyncio.wait_for(self._address(), _START_S)
        except TimeoutError:
            await self.__aexit__()
            raise Unavailable("demo.chromium", "Chromium did not start within 30 s") from None
        self._http = aiohttp.ClientSession()
        self._socket = await self._connect(address)
        self._reading = asyncio.create_task(self._read())
        return self

    async def _connect(self, address: str) -> aiohttp.ClientWebSocketResponse:
        return await self._http.ws_connect(address, max_msg_size=1 << 28)

    async def _address(self) -> str:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            if b"DevTools listening on " in line:
                self._draining = asyncio.create_task(self._drain())
                return line.decode().split("listening on ")[1].strip()
        raise Unavailable("demo.chromium", "Chromium ended before it could be spoken to")

    async def _drain(self) -> None:
        assert self._process.stderr is not None
        async for _ in self._process.stderr:
            pass

    async def __aexit__(self, *_: object) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await self._http.close()
            self._draining.cancel()
        if self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), 10)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        self._profile.cleanup()

    async def _read(self) -> None:
        async for message in self._socket:
            told = json.loads(message.data)
            waiting = self._answers.pop(told.get("id", 0), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(told)

    async def do(self, method: str, session: str = "", **given: Any) -> dict[str, Any]:
        """Carry out one command of the protocol and give its result."""
        number = next(self._ids)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        wish = {"id": number, "method": method, "params": given} | ({"sessionId": session} if session else {})
        await self._socket.send_str(json.dumps(wish))
        told = await asyncio.wait_for(answer, _ANSWER_S)
        if "error" in told:
            raise Unavailable("demo.chromium", f"{method}: {told['error'].get('message', '')}")
        return dict(told["result"])

    async def page(self, origin: str, cookies: dict[str, str], *, microphone: str = "granted") -> Page:
        """Give a page with these cookies; `microphone` is "granted" or "denied" at this origin."""
        what = {"name": "microphone"}
        await self.do("Browser.setPermission", permission=what, setting=microphone, origin=origin)
        target = (await self.do("Target.createTarget", url="about:blank"))["targetId"]
        session = (await self.do("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        page = Page(self, str(session), origin)
        for method in ("Page.enable", "Runtime.enable", "Network.enable"):
            await page.do(method)
        await page.do("Page.setBypassCSP", enabled=True)  # for the measuring worklet alone; the desk itself needs none
        for name, value in cookies.items():
            await page.do("Network.setCookie", name=name, value=value, url=origin)
        return page


class Page:
    """One tab."""

    def __init__(self, browser: Chromium, session: str, origin: str) -> None:
        self._browser, self._session, self.origin = browser, session, origin

    async def do(self, method: str, **given: Any) -> dict[str, Any]:
        """Carry out one command in this tab."""
        return await self._browser.do(method, self._session, **given)

    async def go(self, path: str) -> None:
        """Open a page of the origin and wait until it is there."""
        await self.do("Page.navigate", url=self.origin + path)
        await self.until(
            "document.readyState === 'complete' && location.href.startsWith(" + json.dumps(self.origin) + ")"
        )

    async def run(self, script: str) -> Any:
        """Give the value of an expression, awaited if it is a promise."""
        told = await self.do("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told:
            details = told["exceptionDetails"]
            raise Unavailable(
                "demo.chromium", str(details.get("exception", {}).get("description", details["text"]))[:500]
            )
        return told["result"].get("value")

    async def until(self, expression: str, within_s: float = 20.0) -> None:
        """Wait until an expression is true."""
        loop = asyncio.get_running_loop()
        end = loop.time() + within_s
        while not await self._maybe(expression):
            if loop.time() > end:
                raise Unavailable("demo.chromium", f"it never came about in the page: {expression[:200]}")
            await asyncio.sleep(0.02)

    async def _maybe(self, expression: str) -> bool:
        try:
            return bool(await self.run(expression))
        except Unavailable:
            return False  # the page is on its way to another
