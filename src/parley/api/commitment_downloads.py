"""The register of commitments as CSV."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from parley.actions.commitment_export import register_csv
from parley.actions.ports import NodePort
from parley.actions.who import Who

Bearer = Callable[[NodePort, web.Request], Who]


def add_routes(app: web.Application, node: NodePort, bearer: Bearer) -> None:
    """Add the route that gives the register to a spreadsheet."""

    async def register(request: web.Request) -> web.StreamResponse:
        asked = request.query
        text = register_csv(
            node, bearer(node, request), which=asked.get("which", "all"), channel=asked.get("channel", "")
        )
        return web.Response(body=text.encode("utf-8-sig"), content_type="text/csv", charset="utf-8")

    app.router.add_get("/commitments.csv", register)
