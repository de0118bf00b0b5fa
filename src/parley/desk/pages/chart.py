"""The chart of everything: what is in force and what happened, over the coastline, with a table that says the same."""

from __future__ import annotations

from aiohttp import web

from parley.desk import charting
from parley.desk.pages import frame


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [web.get("/chart", show), web.get("/chart/now", now)]


async def show(request: web.Request) -> web.Response:
    """Show the chart and its table."""
    features = frame.desk(request).port.chart(frame.who(request))
    return frame.page(request, "chart.html", frame.frame_values(request, "chart") | {"rows": charting.table(features)})


async def now(request: web.Request) -> web.Response:
    """Give what the chart shows."""
    return charting.answer(frame.desk(request).port.chart(frame.who(request)))
