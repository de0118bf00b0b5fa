"""People of both sides; for the administrator: adding somebody, one-time links, closing an account."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from parley.desk.pages import frame
from parley.errors import PeerError, Refused, Unavailable

ROLES: Final = ("principal", "duty-officer", "delegate", "interpreter", "recorder", "auditor", "administrator")


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.get("/people", show),
        web.post("/people", add),
        web.post("/people/{person}/link", link),
        web.post("/people/{person}/disable", disable),
        web.get("/people/{person}/legal-name", disclose),
        web.post("/people/{person}/legal-name", commit),
        web.post("/people/{person}/forget-name", forget),
    ]


def page(request: web.Request, status: int = 200, **more: object) -> web.Response:
    """Draw the page, after a refusal with its reason."""
    port, asker = frame.desk(request).port, frame.who(request)
    values = frame.frame_values(request, "people") | {"roles": ROLES, "link": "", "link_for": ""}
    values["members"] = port.members(asker)
    values["policy"] = port.release_policy(asker)[0] if "release" in asker.rights else None
    return frame.page(request, "people.html", values | more, status)


async def show(request: web.Request) -> web.Response:
    """Show both sides' people."""
    return page(request)


async def add(request: web.Request) -> web.StreamResponse:
    """Add somebody of our side."""
    form = await frame.read_form(request)
    try:
        await frame.desk(request).port.add_person(frame.who(request), form.values, form.all("role"))
    except (Refused, Unavailable, PeerError) as error:
        return page(request, frame.refused_status(error), typed=frame.refusal(form, error))
    raise web.HTTPSeeOther("/people")


async def link(request: web.Request) -> web.StreamResponse:
    """Make a one-time link. It is in this answer and nowhere else: only its hash is kept."""
    person, desk = request.match_info["person"], frame.desk(request)
    try:
        path = await desk.port.sign_in_link(frame.who(request), person)
    except (Refused, Unavailable, PeerError) as error:
        return page(request, frame.refused_status(error), typed=frame.refusal(frame.Form([]), error))
    return page(request, link=desk.origin.text + path, link_for=person)


async def disable(request: web.Request) -> web.StreamResponse:
    """Close an account with all its sessions."""
    try:
        await frame.desk(request).port.disable(frame.who(request), request.match_info["person"])
    except (Refused, Unavailable, PeerError) as error:
        return page(request, frame.refused_status(error), typed=frame.refusal(frame.Form([]), error))
    raise web.HTTPSeeOther("/people")


async def commit(request: web.Request) -> web.StreamResponse:
    """Commit in the roster to somebody's name by law."""
    form, person = await frame.read_form(request), request.match_info["person"]
    try:
        await frame.desk(request).port.commit_legal_name(frame.who(request), person, form.get("legal"))
    except (Refused, Unavailable, PeerError) as error:
        return page(request, frame.refused_status(error), typed=frame.refusal(form, error))
    raise web.HTTPSeeOther("/people")


async def disclose(request: web.Request) -> web.Response:
    """Give the file that proves a name by law to whom it is handed."""
    person = request.match_info["person"]
    text = frame.desk(request).port.legal_name(frame.who(request), person)
    headers = {"Content-Disposition": f'attachment; filename="legal-name-{person}.json"'}
    return web.Response(text=text, content_type="application/json", headers=headers)


async def forget(request: web.Request) -> web.StreamResponse:
    """Destroy a name by law and its salt."""
    try:
        await frame.desk(request).port.forget_legal_name(frame.who(request), request.match_info["person"])
    except (Refused, Unavailable, PeerError) as error:
        return page(request, frame.refused_status(error), typed=frame.refusal(frame.Form([]), error))
    raise web.HTTPSeeOther("/people")
