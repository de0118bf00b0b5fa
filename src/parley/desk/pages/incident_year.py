"""The summary of a year's incidents, as a page and as paper (PDF), in any language of the desk."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from parley.desk import incident_paper
from parley.desk.pages import frame
from parley.desk.words import LANGUAGES, Words
from parley.errors import Refused


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.get(r"/incidents/year/{year:\d{4}}", show),
        web.get(r"/incidents/year/{year:\d{4}}/{language:[a-z]{2}}.pdf", paper),
    ]


async def show(request: web.Request) -> web.Response:
    """Show the summary."""
    year = int(request.match_info["year"])
    port = frame.desk(request).port
    values: dict[str, Any] = {"y": port.incident_year(frame.who(request), year)}
    return frame.page(request, "incident_year.html", frame.frame_values(request, "incidents") | values)


async def paper(request: web.Request) -> web.Response:
    """Give it as PDF; it is set outside the loop, which has calls to carry."""
    language, year = request.match_info["language"], int(request.match_info["year"])
    if language not in LANGUAGES:
        raise Refused("desk.missing", "There is no such language.")
    port = frame.desk(request).port
    told = port.incident_year(frame.who(request), year)
    data = await asyncio.to_thread(incident_paper.year, told, port.sides, Words(language), port.now())
    name = f"incidents-{year}-{language}.pdf"
    return web.Response(
        body=data, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
