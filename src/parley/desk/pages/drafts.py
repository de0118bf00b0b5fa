"""Drafts: what our side has written and not yet said, and the release by a second person."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from parley.desk import shown
from parley.desk.pages import frame
from parley.errors import PeerError, Refused, Unavailable

ACTS: Final = ("submit", "approve", "return", "release", "discard")


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.get("/drafts", show),
        web.get("/drafts/{draft}", one),
        *(web.post(f"/drafts/{{draft}}/{act}", settle) for act in ACTS),
    ]


def _find(request: web.Request) -> shown.DraftShown:
    for draft in frame.desk(request).port.drafts(frame.who(request)):
        if draft.id == request.match_info["draft"]:
            return draft
    raise Refused("drafts.unknown", "There is no such draft: it was released or discarded, or is not yours to see.")


async def show(request: web.Request) -> web.Response:
    """Show every draft this person may see."""
    drafts = frame.desk(request).port.drafts(frame.who(request))
    return frame.page(request, "drafts.html", frame.frame_values(request, "drafts") | {"drafts": drafts})


async def one(request: web.Request) -> web.Response:
    """Show exactly what the other side would get, and the button that sends it."""
    values = frame.frame_values(request, "drafts") | {"d": _find(request)}
    return frame.page(request, "draft.html", values)


async def settle(request: web.Request) -> web.StreamResponse:
    """Give to review, send back, release or discard."""
    form, act, asker = await frame.read_form(request), request.path.rpartition("/")[2], frame.who(request)
    draft = _find(request)
    try:
        if act == "release" and form.get("sure") != "yes":
            raise Refused("drafts.unread", "Say that you have read the exact words first. Nothing was sent.")
        await frame.desk(request).port.settle_draft(asker, draft.id, act, form.get("note"))
    except (Refused, Unavailable, PeerError) as error:
        values = frame.frame_values(request, "drafts") | {"d": draft, "typed": frame.refusal(form, error)}
        return frame.page(request, "draft.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(f"/channels/{draft.channel}" if act == "release" else "/drafts")
