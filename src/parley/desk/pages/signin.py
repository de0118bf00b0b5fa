"""Coming in by a one-time link, going out, and how this browser wants to see the desk.

Opening the link shows a button; only pressing it spends the link. Mail programs and chat previews open links, and
would otherwise use it up before the person does.
"""

from __future__ import annotations

from aiohttp import web

from parley.desk import security
from parley.desk.pages import frame
from parley.desk.view import keep_view, read_view
from parley.errors import Refused, Unavailable


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.get("/sign-in", ask),
        web.get("/sign-in/{token}", ask),
        web.post("/sign-in", redeem),
        web.post("/sign-out", leave),
        web.post("/view", set_view),
    ]


async def ask(request: web.Request) -> web.Response:
    """Show the button (with a link's token) or the field for one. Spends nothing."""
    values = frame.base_values(request) | {"token": request.match_info.get("token") or request.query.get("token", "")}
    return frame.page(request, "signin.html", values)


async def redeem(request: web.Request) -> web.StreamResponse:
    """Spend the link and start a session."""
    form, desk = await frame.read_form(request), frame.desk(request)
    token = form.get("token").rpartition("token=")[2].rstrip("/").rpartition("/")[2]  # a pasted link is as good
    try:
        session = await desk.port.redeem(token)
    except (Refused, Unavailable) as error:
        values = frame.base_values(request) | {"token": "", "typed": frame.refusal(frame.Form([]), error)}
        return frame.page(request, "signin.html", values, frame.refused_status(error))
    answer = _to("/")
    security.set_session(answer, desk.origin, session.secret, session.lasts_s)
    return answer


async def leave(request: web.Request) -> web.StreamResponse:
    """End the session here and in the node."""
    desk = frame.desk(request)
    await desk.port.sign_out(request.cookies.get(desk.origin.cookie, ""))
    answer = _to("/sign-in")
    security.end_session(answer, desk.origin)
    return answer


async def set_view(request: web.Request) -> web.StreamResponse:
    """Keep this browser's choices, and whether the person is on watch."""
    form, desk = await frame.read_form(request), frame.desk(request)
    watch = form.get("watch")
    if watch in ("on", "off"):
        await desk.port.set_watch(frame.who(request), watch == "on")
    answer = _to(security.local_path(form.get("back")))
    keep_view(answer, read_view(request).changed(form.values), desk.origin)
    return answer


def _to(path: str) -> web.Response:
    """Send the browser on, with cookies still to be put on the answer."""
    return web.Response(status=303, headers={"Location": path})
