"""Acts that bind: one page that shows exactly what is signed, and the answer of the passkey.

A page is asked for by a form (POST), so that no link can open it, and a second look asks afresh.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web
from msgspec.structs import replace

from parley.desk import shown
from parley.desk.pages import drafts, frame, message, people
from parley.errors import PeerError, Refused, Unavailable


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.post("/drafts/{draft}/sign", release),
        web.post(message.AT + "/sign", acknowledge),
        web.post("/people/{person}/roster/{act:list|take-off}", listing),
        web.post("/drafts/policy/agree", policy),
        web.post("/binding/{nonce:[0-9a-f]{32}}", sign),
    ]


async def release(request: web.Request) -> web.StreamResponse:
    """Show what releasing this draft signs."""
    form, port, asker = await frame.read_form(request), frame.desk(request).port, frame.who(request)
    draft = drafts.find(request)
    try:
        asked = port.ask_release(asker, _origin(request), draft.id)
    except (Refused, Unavailable, PeerError) as error:
        values = frame.frame_values(request, "drafts") | {"d": draft, "typed": frame.refusal(form, error)}
        return frame.page(request, "draft.html", values, frame.refused_status(error))
    return _page(request, "drafts", asked, after=f"/channels/{draft.channel}", back=f"/drafts/{draft.id}")


async def acknowledge(request: web.Request) -> web.StreamResponse:
    """Show what acknowledging this message signs: its words, by the ids of their entries, and the note."""
    form, port, asker = await frame.read_form(request), frame.desk(request).port, frame.who(request)
    channel, subject = request.match_info["channel"], message.subject_of(request)
    values = message.values(request)
    try:
        asked = port.ask_acknowledge(asker, _origin(request), channel, subject, form.get("note"))
    except (Refused, Unavailable, PeerError) as error:
        again = values | {"typed": frame.refusal(form, error)}
        return frame.page(request, "message.html", again, frame.refused_status(error))
    seen = replace(values["m"], may=frozenset())
    after = f"/channels/{channel}#{seen.anchor}"
    return _page(request, "message", asked, after=after, back=seen.path, m=seen, channel=values["channel"])


async def listing(request: web.Request) -> web.StreamResponse:
    """List somebody's passkeys in the roster, or take them off: at once while nobody else binds, else signed."""
    form, port, asker = await frame.read_form(request), frame.desk(request).port, frame.who(request)
    person, take_off = request.match_info["person"], request.match_info["act"] == "take-off"
    try:
        if port.listing(asker, person).signs:
            asked = port.ask_listing(asker, _origin(request), person, take_off)
            return _page(request, "people", asked, after="/people", back="/people")
        await port.list_passkeys(asker, _origin(request), person, take_off)
    except (Refused, Unavailable, PeerError) as error:
        return people.page(request, frame.refused_status(error), typed=frame.refusal(form, error))
    raise web.HTTPSeeOther("/people")


async def policy(request: web.Request) -> web.StreamResponse:
    """Lay down who may release a FLASH alone, as the second person: signed where our side binds by passkey."""
    form, port, asker = await frame.read_form(request), frame.desk(request).port, frame.who(request)
    try:
        if port.must_sign():
            return _page(request, "drafts", port.ask_policy(asker, _origin(request)), after="/drafts", back="/drafts")
        await port.agree_policy(asker, form.get("seen"))
    except (Refused, Unavailable, PeerError) as error:
        return drafts.page(request, frame.refused_status(error), typed=frame.refusal(form, error))
    raise web.HTTPSeeOther("/drafts")


async def sign(request: web.Request) -> web.Response:
    """Take the passkey's answer; what was shown is written."""
    form, port = await frame.read_form(request), frame.desk(request).port
    try:
        await port.sign(frame.who(request), _origin(request), request.match_info["nonce"], form.get("given"))
    except (Refused, Unavailable, PeerError) as error:
        words, key = frame.words(request), f"error.{error.code}"
        sentence = words.plain(key) if words.knows(key) else error.sentence
        return web.json_response({"code": error.code, "sentence": sentence}, status=frame.refused_status(error))
    return web.json_response({"ok": True})


def _page(
    request: web.Request, place: str, asked: shown.AskedShown, *, after: str, back: str, **more: Any
) -> web.Response:
    values = frame.frame_values(request, place) | {"asked": asked, "after": after, "back": back, "m": None}
    return frame.page(request, "binding.html", values | more)


def _origin(request: web.Request) -> str:
    return frame.desk(request).origin.text
