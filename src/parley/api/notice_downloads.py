"""Notices as files: the calendar feed and one notice as CAP 1.2."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

from aiohttp import web

from parley.actions import notice_files, people
from parley.actions.ports import NodePort
from parley.actions.who import Who
from parley.errors import Refused

Bearer = Callable[[NodePort, web.Request], Who]
_NOTICE = r"/channels/{channel}/notices/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}/cap"


def add_routes(app: web.Application, node: NodePort, bearer: Bearer) -> None:
    """Add the routes that give notices to other programs."""

    async def calendar(request: web.Request) -> web.StreamResponse:
        who = by_password(node, request) or bearer(node, request)
        body = await notice_files.calendar(node, who)
        return web.Response(body=body, content_type=notice_files.CALENDAR_MEDIA, charset="utf-8")

    async def one(request: web.Request) -> web.StreamResponse:
        from parley.actions import cap  # brings a reader of XML

        part = request.match_info
        subject = f"notice/{part['side']}/{part['epoch']}/{part['number']}"
        text = notice_files.cap_of(node, bearer(node, request), part["channel"], subject)
        return web.Response(body=text.encode(), content_type=cap.MEDIA, charset="utf-8")

    app.router.add_get("/notices.ics", calendar)
    app.router.add_get(_NOTICE, one)


def by_password(node: NodePort, request: web.Request) -> Who | None:
    """Calendar programs know passwords, and no bearer tokens: the token is the password, whatever the name."""
    scheme, _, told = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        _, _, token = base64.b64decode(told[:600], validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        token = ""
    if not token or len(token) > 200:
        raise Refused("people.token", "this needs a token of this node as the password")
    return people.who_by_token(node, token)
