"""Passkeys at the desk: signing in, handing the desk over, enrolling by a link, and each person's keys and sessions.

Signing in answers a script: the browser's own question (finger, PIN) stands between the challenge and the answer.
"""

from __future__ import annotations

from aiohttp import web

from parley.desk import security, shown
from parley.desk.pages import frame, live
from parley.errors import PeerError, Refused, Unavailable


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.post("/sign-in/challenge", challenge),
        web.post("/sign-in/passkey", sign_in),
        web.post("/sign-in/enrol/challenge", enrol_challenge),
        web.post("/sign-in/enrol", enrol),
        web.get("/access", show),
        web.post("/access/challenge", enrol_challenge),
        web.post("/access/passkeys", enrol),
        web.get("/people/{person}/access", show),
        web.post("/access/again", again),
        *(
            web.post(f"{root}/{what}", wish)
            for root in ("/access", "/people/{person}/access")
            for what, wish in (
                ("passkeys/{passkey:[0-9a-f]{12}}/remove", remove),
                ("sessions/{session:[0-9a-f]{12}|others}/end", end),
            )
        ),
    ]


async def challenge(request: web.Request) -> web.Response:
    """Give a challenge to sign in with."""
    try:
        return web.json_response(frame.desk(request).port.sign_in_challenge(_origin(request)))
    except (Refused, Unavailable) as error:
        return _refused(request, error)


async def sign_in(request: web.Request) -> web.Response:
    """Sign in; where somebody was signed in at this browser, their session ends and open pages go on with this one."""
    form, desk = await frame.read_form(request), frame.desk(request)
    before = request.cookies.get(desk.origin.cookie, "")
    with live.handing_over(request.app, before) as seats:
        try:
            session = await desk.port.sign_in(_origin(request), form.get("given"), before)
        except (Refused, Unavailable, PeerError) as error:
            return _refused(request, error)
        for seat in seats:
            seat.secret = session.secret
    answer = web.json_response({"ok": True})
    security.set_session(answer, desk.origin, session.secret, session.lasts_s)
    return answer


async def enrol_challenge(request: web.Request) -> web.Response:
    """Give what is needed to make a passkey: by the token of a link, or for whoever is signed in."""
    form = await frame.read_form(request)
    try:
        told = frame.desk(request).port.enrol_challenge(_origin(request), form.get("token"), _signed_in(request))
    except (Refused, Unavailable) as error:
        return _refused(request, error)
    return web.json_response(told)


async def enrol(request: web.Request) -> web.Response:
    """Store the new passkey. A link is spent by it and signs nobody in."""
    form = await frame.read_form(request)
    try:
        await frame.desk(request).port.enrol(_origin(request), form.values, _signed_in(request))
    except (Refused, Unavailable, PeerError) as error:
        return _refused(request, error)
    return web.json_response({"ok": True})


async def show(request: web.Request) -> web.Response:
    """Show somebody's passkeys, sessions and notes: one's own, or for the administrator another's."""
    return _page(request)


async def again(request: web.Request) -> web.Response:
    """Give what whoever is signed in signs before a passkey is removed or a session ended."""
    await frame.read_form(request)
    try:
        return web.json_response(frame.desk(request).port.again_challenge(frame.who(request), _origin(request)))
    except (Refused, Unavailable) as error:
        return _refused(request, error)


async def remove(request: web.Request) -> web.Response:
    """Remove a passkey, by a passkey of whoever asks."""
    form, passkey = await frame.read_form(request), request.match_info["passkey"]
    port, asker = frame.desk(request).port, frame.who(request)
    try:
        await port.remove_passkey(asker, _origin(request), _person(request), passkey, form.get("proof"))
    except (Refused, Unavailable, PeerError) as error:
        return _refused(request, error)
    return web.json_response({"ok": True})


async def end(request: web.Request) -> web.Response:
    """End a session, or all but this one, by a passkey of whoever asks."""
    form, named = await frame.read_form(request), request.match_info["session"]
    port, asker, session = frame.desk(request).port, frame.who(request), "" if named == "others" else named
    try:
        await port.end_sessions(asker, _origin(request), _person(request), session, form.get("proof"))
    except (Refused, Unavailable, PeerError) as error:
        return _refused(request, error)
    return web.json_response({"ok": True})


def _page(request: web.Request) -> web.Response:
    found = frame.desk(request).port.access(frame.who(request), _person(request))
    own = found.person == frame.who(request).id
    values = frame.frame_values(request, "people") | {"access": found, "own": own}
    values["root"] = "/access" if own else f"/people/{found.person}/access"
    return frame.page(request, "access.html", values)


def _person(request: web.Request) -> str:
    return request.match_info.get("person", frame.who(request).id)


def _origin(request: web.Request) -> str:
    return frame.desk(request).origin.text


def _signed_in(request: web.Request) -> shown.Person | None:
    return frame.who(request) if request.path.startswith("/access") else None


def _refused(request: web.Request, error: Refused | Unavailable | PeerError) -> web.Response:
    """Say to the page's script why not, in the words of its language."""
    words, key = frame.words(request), f"error.{error.code}"
    sentence = words.plain(key) if words.knows(key) else error.sentence
    return web.json_response({"code": error.code, "sentence": sentence}, status=frame.refused_status(error))
