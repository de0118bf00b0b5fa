"""A browser's worth of HTTP against the desk: cookies kept by hand, headers as Chromium sends them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
from tests.desk.sample import Samples

from parley.desk.app import make_app

SIGNED_IN = {"Cookie": "parley=sample-session"}


class Browser:
    """Asks as a page of the desk would."""

    def __init__(self, samples: Samples, client: aiohttp.ClientSession, base: str) -> None:
        self.samples, self.client, self.base = samples, client, base

    async def ask(
        self, method: str, path: str, *, data: object = None, **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        """Give status, text and headers; a header given as "" is left out."""
        sent = SIGNED_IN | {"Host": "north.localhost"}
        if method != "GET":
            sent |= {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in sent.items() if value}
        async with self.client.request(
            method, self.base + path, data=data, headers=kept, allow_redirects=False
        ) as answer:
            return answer.status, (await answer.read()).decode("utf-8", "replace"), dict(answer.headers)

    async def get(self, path: str, **headers: str) -> str:
        """Give a page that must be there."""
        status, text, _ = await self.ask("GET", path, **headers)
        assert status == 200, f"{path}: {status} {plain(text)}"
        return text

    async def post(self, path: str, data: object = None, **headers: str) -> tuple[int, str, dict[str, str]]:
        """Send a form."""
        return await self.ask("POST", path, data=data or {}, **headers)


@asynccontextmanager
async def browsing(samples: Samples | None = None, *, origin: str = "http://north.localhost") -> AsyncIterator[Browser]:
    """Serve the desk over samples on loopback, and give a browser to it."""
    samples = samples or Samples()
    runner = web.AppRunner(make_app(samples, origin=origin), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client:
            yield Browser(samples, client, f"http://{host}:{port}")
    finally:
        await runner.cleanup()


def plain(text: str) -> str:
    """Give what a person reads of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)).strip()
