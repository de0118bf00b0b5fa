"""Coming in by a passkey or with a one-time link, going out, and how this browser wants to see the desk.

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
    """Show the way in: by a passkey, or with a link's token the enrolling of one. Spends nothing."""
    token = request.match_info.get("token") or request.query.get("token", "")
    if not token:
        return _show(request)
    try:
        return _show(request, token=token, by_link=frame.desk(request).port.link_signs_in(token))
    except (Refused, Unavailable) as error:
        return _show(request, frame.refused_status(error), typed=frame.refusal(frame.Form([]), error))


def _show(request: web.Request, status: int = 200, **more: object) -> web.Response:
    values = frame.base_values(request) | {"token": "", "by_link": False, "enrolled": "enrolled" in request.query}
    values["ended"] = "ended" in request.query
    return frame.page(request, "signin.html", values | more, status)


async def redeem(request: web.Request) -> web.StreamResponse:
    """Take a pasted link to its page; at a side for exercise, spend it and start a session."""
    form, desk = await frame.read_form(request), frame.desk(request)
    token = form.get("token").rpartition("token=")[2].rstrip("/").rpartition("/")[2]  # a pasted link is as good
    try:
        if not desk.port.link_signs_in(token) or form.get("open"):
            return _show(request, token=token, by_link=desk.port.link_signs_in(token))
        session = await desk.port.redeem(token)
    except (Refused, Unavailable) as error:
        return _show(request, frame.refused_status(error), typed=frame.refusal(frame.Form([]), error))
    answer = _to("/")
    security.set_session(answer, desk.origin, session.secret, session.lasts_s)
    return answer


async def leave(request: web.Request) -> web.StreamResponse:
    """End the session here and in the node."""
    desk = frame.desk(request)
    await desk.port.sign_out(request.cookies.get(desk.origin.cookie, ""))
    answer = _to("/sign-in")
    security.end_session(answer, desk.origin)
    keep_view(answer, read_view(request).changed({"watch": "off"}), desk.origin)
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
