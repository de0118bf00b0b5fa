"""The desk as one aiohttp application: routes, and what happens around every request."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from aiohttp import ClientConnectionResetError, web

from parley.desk import security
from parley.desk.pages import (
    binding,
    call,
    channel,
    chart,
    commitments,
    devices,
    direct,
    drafts,
    escalation,
    frame,
    home,
    incident,
    incident_copies,
    incident_files,
    incident_year,
    install,
    interpreting,
    line,
    live,
    live_watch,
    meeting,
    message,
    notices,
    passkeys,
    people,
    picture,
    positions,
    readout_compare,
    readouts,
    record,
    recordings,
    rulebook,
    signin,
    sound,
    stop,
    talks,
    text,
    texts,
    uploads,
    wall,
    watch,
)
from parley.desk.port import Port
from parley.desk.render import Renderer
from parley.errors import ParleyError, PeerError, Refused, Unavailable

_log = logging.getLogger("parley.desk")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_desk(node: Any, *, origin: str) -> web.Application:
    """Give the desk of a node, to be served at `origin` ("http://north.localhost:8001") and nowhere else."""
    from parley.desk.doors import Doors  # only here: a preview over samples needs no node

    return make_app(Doors(node), origin=origin)


def make_app(port: Port, *, origin: str) -> web.Application:
    """Give the desk over anything that answers the port."""
    app = web.Application(middlewares=[guard, told, known], client_max_size=1_048_576)
    app[frame.DESK] = frame.Desk(port=port, origin=security.Origin(origin), renderer=Renderer())
    app[live.SOCKETS] = set()
    app[live.SEATS] = set()
    pages = (signin, passkeys, home, channel, call, message, drafts, line, record, people, escalation, live)
    for part in (*pages, direct, sound, devices, recordings, text, interpreting, stop, install, wall, watch):
        app.add_routes(part.routes())
    app.add_routes([*readouts.routes(), *readout_compare.routes(), *positions.routes()])
    app.add_routes(binding.routes())
    for part in (incident, incident_copies, incident_files, incident_year):
        app.add_routes(part.routes())
    app.add_routes(picture.routes())
    app.add_routes(chart.routes())
    app.add_routes([*notices.routes(), *rulebook.routes()])
    app.add_routes(live_watch.routes())
    app.add_routes(texts.routes())
    app.add_routes([*talks.routes(), *meeting.routes()])
    app.add_routes(commitments.routes())
    app.router.add_get("/static/{digest}/{name}", static)
    app.on_response_prepare.append(_headers)
    app.cleanup_ctx.append(_getting_ready)
    app.on_shutdown.append(live.close_all)
    return app


async def _getting_ready(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(app[frame.DESK].renderer.get_ready(), name="templates")
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _headers(request: web.Request, response: web.StreamResponse) -> None:
    if _ours(request):
        security.add_headers(response, request.app[frame.DESK].origin)


def _ours(request: web.Request) -> bool:
    """Tell whether a page of the desk answers. A site serves the API beside it, with tokens and rules of its own."""
    return frame.DESK in request.match_info.apps[-1]


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what comes from elsewhere before anything else looks at it."""
    if not _ours(request):
        return await handler(request)
    try:
        security.check_request(request, request.app[frame.DESK].origin)
    except Refused as refused:
        return web.Response(status=421 if refused.code == "desk.host" else 403, text=refused.sentence)
    return await handler(request)


@web.middleware
async def told(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say in words what went wrong; the log gets the code, never what somebody wrote."""
    if not _ours(request):
        return await handler(request)
    try:
        return await handler(request)
    except web.HTTPException as answer:
        if answer.status < 400:
            raise
        gone = answer.status in (404, 405)
        kind, code, sentence = (
            ("missing", "desk.missing", "There is no such page.")
            if gone
            else ("refused", "desk.request", "The request could not be read. Nothing was changed.")
        )
        return frame.error_page(request, kind, code, sentence, answer.status)
    except Refused as error:
        status = 404 if error.code.endswith((".unknown", ".missing")) else 403
        return frame.error_page(request, "refused", error.code, error.sentence, status)
    except Unavailable as error:
        return frame.error_page(request, "unavailable", error.code, error.sentence, 503)
    except PeerError as error:
        return frame.error_page(request, "refused", error.code, error.sentence, 400)
    except ParleyError as error:
        _log.exception("desk: %s %s", request.match_info.route.name or request.method, error.code)
        return frame.error_page(
            request, "fault", error.code, "Something in this program went wrong; it was noted.", 500
        )
    except ClientConnectionResetError:  # the page was left while it was answered: there is nobody to tell
        raise web.HTTPBadRequest from None
    except Exception:  # the door: people get a page that says so, and the log what it was
        _log.exception("desk: a page failed")
        return frame.error_page(
            request, "fault", "desk.fault", "Something in this program went wrong; it was noted.", 500
        )


@web.middleware
async def known(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let in only who is signed in; everybody else is shown the sign-in page, and a script hears 401."""
    if not _ours(request):
        return await handler(request)
    path = request.path
    if path.startswith(("/static/", "/sign-in")):
        await _formed(request)
        return await handler(request)
    secret = request.cookies.get(frame.desk(request).origin.cookie, "")
    who = frame.desk(request).port.person(secret)
    if who is None:
        # A page asked for by a form (an act to be signed) comes back as such when it is loaded again.
        if request.headers.get("Sec-Fetch-Mode", "navigate" if request.method == "GET" else "") == "navigate":
            raise web.HTTPSeeOther("/sign-in?ended" if secret or request.method != "GET" else "/sign-in")
        return web.Response(status=401, text="Sign in again.")
    request[frame.WHO] = who
    await _formed(request)
    return await handler(request)


async def _formed(request: web.Request) -> None:
    """Read the form of every request that may change something, so that no page can forget what is refused there."""
    found = request.match_info.http_exception is None
    if found and request.method not in ("GET", "HEAD") and not uploads.may_take_files(request):
        await frame.read_form(request)


async def static(request: web.Request) -> web.Response:
    """Give one of our own files; its address changes with its content, so it may be kept."""
    renderer = frame.desk(request).renderer
    found = renderer.static.files.get(request.match_info["name"])
    if found is None or not renderer.static.base.endswith(request.match_info["digest"]):
        raise web.HTTPNotFound
    kind, content = found
    return web.Response(
        body=content,
        content_type=kind,
        charset=None if kind in ("image/png", "application/octet-stream") else "utf-8",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
