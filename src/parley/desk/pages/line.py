"""The line page: links, tests, gaps, faults and the agreed fallback."""

from __future__ import annotations

from collections.abc import Awaitable

from aiohttp import web

from parley.desk.pages import frame
from parley.errors import PeerError, Refused, Unavailable


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.get("/line", show),
        web.post("/line/test", test),
        web.post("/line/fallback", fallback),
        web.post("/line/fallback/confirm", confirm),
        web.post("/line/frozen/end", end),
        web.post("/line/frozen/renew", renew),
    ]


async def show(request: web.Request) -> web.Response:
    """Show the line as this node sees it."""
    return frame.page(request, "line.html", _values(request))


def _values(request: web.Request) -> dict[str, object]:
    frozen = frame.desk(request).port.frozen(frame.who(request))
    return frame.frame_values(request, "line") | {"frozen": frozen}


async def _do(request: web.Request, form: frame.Form, wish: Awaitable[None]) -> web.StreamResponse:
    try:
        await wish
    except (Refused, Unavailable, PeerError) as error:
        values = _values(request) | {"typed": frame.refusal(form, error)}
        return frame.page(request, "line.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther("/line")


async def test(request: web.Request) -> web.StreamResponse:
    """Run a line test now."""
    form = await frame.read_form(request)
    return await _do(request, form, frame.desk(request).port.run_test(frame.who(request)))


async def fallback(request: web.Request) -> web.StreamResponse:
    """State how to reach us when the line is down."""
    form = await frame.read_form(request)
    return await _do(request, form, frame.desk(request).port.set_fallback(frame.who(request), form.get("text")))


async def confirm(request: web.Request) -> web.StreamResponse:
    """Confirm that the fallback was tried and is right."""
    form = await frame.read_form(request)
    return await _do(request, form, frame.desk(request).port.confirm_fallback(frame.who(request), form.get("seen")))


async def end(request: web.Request) -> web.StreamResponse:
    """Say how far we hold a frozen log of theirs."""
    form = await frame.read_form(request)
    return await _do(request, form, frame.desk(request).port.end_log(frame.who(request), form.get("log")))


async def renew(request: web.Request) -> web.StreamResponse:
    """Go on in the next epoch of a log of ours."""
    form = await frame.read_form(request)
    return await _do(request, form, frame.desk(request).port.renew_log(frame.who(request), form.get("log")))
