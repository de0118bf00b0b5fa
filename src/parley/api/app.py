"""The API as an aiohttp application: who asks, what is asked, and the answer as JSON.

Owns: proof of the token on each request, reading of bodies, the form of answers.
Does not own: rights (actions/), the routes themselves (routes.py), TLS and addresses (node/, cli/).
Always true:
  1. Every route but /sign-in and the description needs a bearer token; a cookie is never looked at.
  2. A failure is `{code, sentence, fields}`; nothing else about our inside leaves.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec
from aiohttp import web

from parley.actions import people
from parley.actions.ports import NodePort
from parley.actions.who import Who
from parley.api import commitment_downloads, files, meeting_downloads, notice_downloads, stream, text_downloads
from parley.api.bodies import Strict
from parley.api.errors import error_answer, form_sentence
from parley.api.openapi import describe
from parley.api.route import Call, Route
from parley.api.routes import ROUTES
from parley.errors import OurMistake, ParleyError, Refused

PREFIX: Final = "/api/v1"
NODE: Final[web.AppKey[NodePort]] = web.AppKey("node")
# One message is at most one entry of 64 KiB; JSON escapes may double it.
BODY_BYTES_MAX: Final = 256 * 1024
_JSON: Final = "application/json"
_NOBODY: Final = Who(person="", roles=(), via="token", scopes=())
_log = logging.getLogger("parley.api")


def make_api(node: NodePort) -> web.Application:
    """Make the application to mount at `PREFIX`."""
    app = web.Application(middlewares=[_answer_errors], client_max_size=BODY_BYTES_MAX)
    app[NODE] = node
    for route in ROUTES:
        app.router.add_route(route.method, route.path, _handler(node, route))
    app.router.add_get("/openapi.json", _description)
    stream.add_routes(app, node, bearer)
    files.add_routes(app, node, bearer)
    notice_downloads.add_routes(app, node, bearer)
    commitment_downloads.add_routes(app, node, bearer)
    meeting_downloads.add_routes(app, node, bearer)
    text_downloads.add_routes(app, node, bearer)
    return app


def bearer(node: NodePort, request: web.Request) -> Who:
    """Give the person whose token stands in the Authorization header; raises Refused `people.token`."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > 200:
        raise Refused("people.token", "this needs `Authorization: Bearer …` with a token of this node")
    if token.startswith(people.SESSION_PREFIX):
        return people.who_by_session(node, token)
    return people.who_by_token(node, token)


def _handler(node: NodePort, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    decoder = msgspec.json.Decoder(route.body) if route.body is not None else None
    encode = msgspec.json.encode

    async def handle(request: web.Request) -> web.StreamResponse:
        who = _NOBODY if route.open else bearer(node, request)
        body = await _read(request, decoder) if decoder is not None else None
        answer = await route.handle(Call(node, who, request, body))
        if route.answer is None:
            return web.Response(status=204)
        return web.Response(status=route.status, body=encode(answer), content_type="application/json")

    return handle


async def _read(request: web.Request, decoder: msgspec.json.Decoder[Any]) -> Strict:
    raw = await request.read() or b"{}"
    if request.body_exists and request.content_type != _JSON:
        raise Refused("api.media", f"a body is {_JSON}, and its Content-Type says so; got {request.content_type[:60]}")
    try:
        read: Strict = decoder.decode(raw)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Refused("api.form", form_sentence(str(wrong))) from None
    return read


async def _description(_: web.Request) -> web.Response:
    return web.json_response(describe())


@web.middleware
async def _answer_errors(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except ParleyError as error:
        if isinstance(error, OurMistake):
            _log.exception("a request failed by our own mistake")
        return error_answer(error)
    except web.HTTPRequestEntityTooLarge:
        return error_answer(Refused("api.too-large", f"a body holds at most {BODY_BYTES_MAX} bytes"))
    except web.HTTPNotFound:
        return error_answer(Refused("api.not-found", "there is no such route; see openapi.json"))
    except web.HTTPMethodNotAllowed:
        return error_answer(Refused("api.method", "this route does not take that method; see openapi.json"))
    except web.HTTPException:
        raise
    except Exception:  # the door: a program gets an answer with a code, never a stack or a cut connection
        _log.exception("a request failed for a reason nobody foresaw")
        return error_answer(OurMistake("bug.request", "the node made a mistake; its log has the details"))
