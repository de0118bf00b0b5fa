"""Somebody before a desk of a real node, without a browser: reads pages, and sends the forms that stand on them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from lxml import html
from tests.desk.browsing import plain
from tests.desk.sitting import HEADERS, Room

_WAIT_S = 10


class Seat:
    """One person at one desk, in one language; only forms that a page shows can be sent."""

    def __init__(self, room: Room, secret: str, language: str) -> None:
        self._room, self._secret, self._language = room, secret, language

    async def ask(self, method: str, path: str, data: object = None) -> tuple[int, bytes, str]:
        """Give status, body and where it leads."""
        sent = HEADERS | {"Cookie": f"parley={self._secret}; parley-view=language={self._language}"}
        if method == "POST":
            sent |= {"Sec-Fetch-Site": "same-origin"}
        async with self._room.client.request(
            method, self._room.base + path, data=data, headers=sent, allow_redirects=False
        ) as answer:
            return answer.status, await answer.read(), answer.headers.get("Location", "")

    async def page(self, path: str) -> html.HtmlElement:
        """Give a page that is there."""
        status, body, _ = await self.ask("GET", path)
        assert status == 200, (path, status, plain(body.decode())[:300])
        return html.document_fromstring(body.decode())

    async def see(self, path: str, so: Callable[[html.HtmlElement], object]) -> html.HtmlElement:
        """Wait until a page shows it."""
        async with asyncio.timeout(_WAIT_S):
            while not so(page := await self.page(path)):
                await asyncio.sleep(0.02)
            return page

    async def press(self, path: str, action: str, *, nth: int = 0, **fields: str) -> str:
        """Fill the nth form of a page that goes to `action`, once it is there, and send it; gives where it leads."""

        def forms(page: html.HtmlElement) -> list[html.FormElement]:
            wanted = (action, path.partition("?")[0] + action)
            return [form for form in page.forms if str(form.action).partition("?")[0] in wanted]

        form = forms(await self.see(path, lambda page: len(forms(page)) > nth))[nth]
        unknown = set(fields) - set(form.fields.keys()) - set(form.xpath(".//button/@name"))
        assert not unknown, (path, action, unknown)
        told = [(name, value) for name, value in form.form_values() if name not in fields]
        told += [(name, value) for name, value in fields.items() if value]
        status, body, leads = await self.ask("POST", str(form.action), told)
        assert status == 303, (path, action, status, plain(body.decode())[:600])
        return leads.partition("#")[0]
