"""The chart of everything: what is in force and what happened, over the coastline, with a table that says the same."""

from __future__ import annotations

from aiohttp import web

from parley.desk import charting
from parley.desk.pages import frame


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [web.get("/chart", show), web.get("/chart/now", now), web.get("/chart/names", names)]


async def show(request: web.Request) -> web.Response:
    """Show the chart and its table."""
    port, who = frame.desk(request).port, frame.who(request)
    told = {"rows": charting.table(port.chart(who)), "names": charting.table(port.place_names(who))}
    return frame.page(request, "chart.html", frame.frame_values(request, "chart") | told)


async def now(request: web.Request) -> web.Response:
    """Give what the chart shows."""
    return charting.answer(frame.desk(request).port.chart(frame.who(request)))


async def names(request: web.Request) -> web.Response:
    """Give the names of places that our side loaded: every chart shows them, below what it is about."""
    return charting.answer(frame.desk(request).port.place_names(frame.who(request)))
