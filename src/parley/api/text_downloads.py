"""Copies of a negotiated text, and the comparison of two readouts for a spreadsheet."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from parley.actions import comparison_export, text_copies
from parley.actions.ports import NodePort
from parley.api.notice_downloads import Bearer

_ONE: Final = r"/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"


def add_routes(app: web.Application, node: NodePort, bearer: Bearer) -> None:
    """Add the routes that give texts and comparisons as files."""

    def named(request: web.Request, what: str) -> tuple[str, str]:
        part = request.match_info
        return part["channel"], f"{what}/{part['side']}/{part['epoch']}/{part['number']}"

    async def copy(request: web.Request) -> web.StreamResponse:
        form = request.match_info["form"]
        body = await text_copies.copy_of(node, bearer(node, request), *named(request, "text"), form)
        return web.Response(body=body, headers={"Content-Type": text_copies.MEDIA[form]})

    async def comparison(request: web.Request) -> web.StreamResponse:
        text = comparison_export.comparison_csv(node, bearer(node, request), *named(request, "readout"))
        return web.Response(body=text.encode("utf-8-sig"), content_type="text/csv", charset="utf-8")

    app.router.add_get("/channels/{channel}/texts" + _ONE + "/copy.{form}", copy)
    app.router.add_get("/channels/{channel}/readouts" + _ONE + "/comparison.csv", comparison)
