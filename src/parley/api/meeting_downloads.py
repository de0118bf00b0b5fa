"""Meetings as iCalendar: the feed of all, and the invitation to one."""

from __future__ import annotations

from aiohttp import web

from parley.actions import meeting_calendar
from parley.actions.ports import NodePort
from parley.api.notice_downloads import Bearer, by_password

_MEETING = r"/channels/{channel}/meetings/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}/calendar"


def add_routes(app: web.Application, node: NodePort, bearer: Bearer) -> None:
    """Add the routes that give meetings to calendar programs."""

    async def feed(request: web.Request) -> web.StreamResponse:
        who = by_password(node, request) or bearer(node, request)
        return _answer(await meeting_calendar.feed(node, who))

    async def one(request: web.Request) -> web.StreamResponse:
        part = request.match_info
        subject = f"meeting/{part['side']}/{part['epoch']}/{part['number']}"
        return _answer(await meeting_calendar.invitation(node, bearer(node, request), part["channel"], subject))

    app.router.add_get("/meetings.ics", feed)
    app.router.add_get(_MEETING, one)


def _answer(body: bytes) -> web.Response:
    return web.Response(body=body, content_type=meeting_calendar.MEDIA, charset="utf-8")
