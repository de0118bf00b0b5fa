"""A page that is left while it is answered: nobody is told, and nothing is logged as a fault of ours."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct

import pytest
from tests.desk.browsing import Browser, browsing

OPENING = (
    "GET {path} HTTP/1.1\r\nHost: north.localhost\r\nCookie: parley=sample-session\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-Fetch-Site: same-origin\r\nOrigin: http://north.localhost\r\n\r\n"
)


async def leave(browser: Browser, path: str) -> None:
    """Ask for a socket and be gone before the answer."""
    host, port = browser.base.removeprefix("http://").split(":")
    asked = socket.create_connection((host, int(port)))
    asked.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    asked.sendall(OPENING.format(path=path).encode())
    await asyncio.sleep(0)
    asked.close()


@pytest.mark.parametrize("path", ["/direct", "/live"])
def test_a_browser_that_leaves_in_the_middle_of_opening_is_no_fault(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A log that cries at each closed tab is not read in the night when something is really wrong."""

    async def story() -> None:
        async with browsing() as browser:
            for _ in range(20):
                await leave(browser, path)
            assert await browser.get("/help")  # what was asked before has been answered

    with caplog.at_level(logging.INFO):
        asyncio.run(story())
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
