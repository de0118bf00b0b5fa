"""Drafts: what our side has written and not yet said, and the release by a second person."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from parley.desk import shown
from parley.desk.pages import frame
from parley.errors import PeerError, Refused, Unavailable

ACTS: Final = ("submit", "approve", "return", "release", "discard")


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.get("/drafts", show),
        web.post("/drafts/policy", propose),
        web.get("/drafts/{draft}", one),
        *(web.post(f"/drafts/{{draft}}/{act}", settle) for act in ACTS),
    ]


def find(request: web.Request) -> shown.DraftShown:
    """Give the draft of the address; raises Refused `drafts.unknown`."""
    for draft in frame.desk(request).port.drafts(frame.who(request)):
        if draft.id == request.match_info["draft"]:
            return draft
    raise Refused("drafts.unknown", "There is no such draft: it was released or discarded, or is not yours to see.")


async def show(request: web.Request) -> web.Response:
    """Show every draft this person may see, and who may release a FLASH alone."""
    return frame.page(request, "drafts.html", _values(request))


def _values(request: web.Request) -> dict[str, Any]:
    asker, port = frame.who(request), frame.desk(request).port
    values = frame.frame_values(request, "drafts") | {"drafts": port.drafts(asker), "policy": None, "proposed": None}
    if "release" in asker.rights:
        values["policy"], values["proposed"] = port.release_policy(asker)
        values["people"] = [one for one in port.members(asker) if one.ours and one.listed]
    return values


async def propose(request: web.Request) -> web.StreamResponse:
    """Propose who may release a FLASH alone when nobody answers."""
    form = await frame.read_form(request)
    minutes = form.get("minutes")
    after_s = int(minutes) * 60 if minutes.isascii() and minutes.isdigit() and len(minutes) < 6 else 0
    port, asker = frame.desk(request).port, frame.who(request)
    try:
        await port.propose_policy(asker, form.all("person"), after_s)
    except (Refused, Unavailable, PeerError) as error:
        return page(request, frame.refused_status(error), typed=frame.refusal(form, error))
    raise web.HTTPSeeOther("/drafts")


def page(request: web.Request, status: int, **more: object) -> web.Response:
    """Show the drafts again with why something was refused."""
    return frame.page(request, "drafts.html", _values(request) | more, status)


async def one(request: web.Request) -> web.Response:
    """Show exactly what the other side would get, and the button that sends it."""
    values = frame.frame_values(request, "drafts") | {"d": find(request)}
    return frame.page(request, "draft.html", values)


async def settle(request: web.Request) -> web.StreamResponse:
    """Give to review, send back, release or discard."""
    form, act, asker = await frame.read_form(request), request.path.rpartition("/")[2], frame.who(request)
    draft = find(request)
    try:
        if act == "release" and form.get("sure") != "yes":
            raise Refused("drafts.unread", "Say that you have read the exact words first. Nothing was sent.")
        await frame.desk(request).port.settle_draft(asker, draft.id, act, form.get("note"), form.get("seen"))
    except (Refused, Unavailable, PeerError) as error:
        values = frame.frame_values(request, "drafts") | {"d": draft, "typed": frame.refusal(form, error)}
        return frame.page(request, "draft.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(f"/channels/{draft.channel}" if act == "release" else "/drafts")
