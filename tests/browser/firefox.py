"""Another browser: a headless Firefox without a driver of its own, for what the pages do there.

Source: W3C WebDriver BiDi (session, browsingContext, script, storage, log), which Firefox speaks by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
from tests.browser.desks import free_port

FIREFOX: Final = shutil.which("firefox") or shutil.which("firefox-esr")
_START_S: Final = 30.0
_ANSWER_S: Final = 60.0
# Nothing from the network but the desk: no updates, no first page, no looking for a way out.
_PREFS: Final = {
    "app.update.enabled": False, "browser.shell.checkDefaultBrowser": False, "network.proxy.type": 0,
    "network.captive-portal-service.enabled": False, "datareporting.policy.dataSubmissionEnabled": False,
    "remote.active-protocols": 1,
}  # fmt: skip


class Firefox:
    """One tab of one browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._tab = ""
        self.troubles: list[str] = []

    async def begin(self) -> None:
        """Open the tab, and keep what pages complain of."""
        await self.do("session.new", capabilities={})
        await self.do("session.subscribe", events=["log.entryAdded"])
        self._tab = (await self.do("browsingContext.create", type="tab"))["context"]

    async def read(self) -> None:
        """Take in what the browser says, as long as it lives."""
        async for message in self._socket:
            told = json.loads(message.data)
            if told["type"] == "event":
                if told["params"]["level"] in ("error", "warn"):
                    self.troubles.append(told["params"]["text"])
            elif not (waiting := self._answers.pop(told["id"])).done():
                waiting.set_result(told)

    async def do(self, method: str, **given: Any) -> dict[str, Any]:
        """Carry out one command."""
        number = next(self._ids)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_str(json.dumps({"id": number, "method": method, "params": given}))
        told = await asyncio.wait_for(answer, _ANSWER_S)
        assert told["type"] == "success", (method, told)
        return dict(told["result"])

    async def cookie(self, domain: str, name: str, value: str) -> None:
        """Set a cookie."""
        cookie = {"name": name, "value": {"type": "string", "value": value}, "domain": domain}
        await self.do("storage.setCookie", cookie=cookie)

    async def go(self, url: str) -> None:
        """Open a page and wait until it is there."""
        await self.do("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    async def wide(self, width: int) -> None:
        """Give the page this width."""
        await self.do("browsingContext.setViewport", context=self._tab, viewport={"width": width, "height": 900})

    async def run(self, script: str) -> Any:
        """Give the value of an expression, awaited if it is a promise."""
        told = await self.do("script.evaluate", expression=script, target={"context": self._tab}, awaitPromise=True)
        assert told["type"] == "success", told
        return told["result"].get("value")


@asynccontextmanager
async def firefox(folder: Path) -> AsyncIterator[Firefox]:
    """Start one with its profile in a folder."""
    assert FIREFOX is not None
    port = free_port()
    prefs = (f'user_pref("{name}", {json.dumps(value)});\n' for name, value in _PREFS.items())
    (folder / "user.js").write_text("".join(prefs))
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        FIREFOX, "--headless", "--remote-debugging-port", str(port), "--profile", str(folder), "about:blank",
        stdout=quiet, stderr=quiet,
    )  # fmt: skip
    try:
        async with aiohttp.ClientSession() as http:
            socket = await asyncio.wait_for(_connected(http, port), _START_S)
            browser = Firefox(socket)
            reading = asyncio.create_task(browser.read())
            await browser.begin()
            yield browser
            reading.cancel()
    finally:
        process.kill()
        await process.wait()


async def _connected(http: aiohttp.ClientSession, port: int) -> aiohttp.ClientWebSocketResponse:
    """It opens its port some seconds after its start."""
    while True:
        with contextlib.suppress(aiohttp.ClientError):
            return await http.ws_connect(f"ws://127.0.0.1:{port}/session", max_msg_size=1 << 26)
        await asyncio.sleep(0.1)
