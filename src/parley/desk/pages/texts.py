"""Negotiated texts: the list, one text with its brackets, two moments compared, signing, and files to take away.

Everything here works without script. What was typed stands in its form again when it is refused.
"""

from __future__ import annotations

from typing import Any, Final

from aiohttp import BodyPartReader, web

from parley import limits
from parley.actions.text_copies import MEDIA
from parley.desk import shown
from parley.desk.pages import frame
from parley.desk.pages.uploads import parts_of, pieces_of, takes_files
from parley.errors import PeerError, Refused, Unavailable

AT: Final = r"/texts/{channel}/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"
_MOMENT_CHARS_MAX: Final = 200
_TAG_BYTES_MAX: Final = 35
_WHOLE: Final = ("fallback", "fallback-agree", "take-signature")


def routes() -> list[web.RouteDef]:
    """Give the routes of these pages."""
    return [
        web.get("/texts", texts),
        web.post("/texts", open_),
        web.get(AT, show),
        web.get(AT + "/head", head),
        web.get(AT + "/units", units),
        web.get(AT + "/compare", compare),
        web.get(AT + "/copy.{form:txt|html|docx|pdf}", copy),
        web.get(AT + "/sign", signing),
        web.post(AT + "/sign", sign),
        web.post(AT + "/import", import_),
        web.post(AT + "/{act}", settle),
    ]


# --- the list ---------------------------------------------------------------------------------------------------------


def _list_values(request: web.Request, typed: shown.Typed | None = None) -> dict[str, Any]:
    rows = frame.desk(request).port.negotiated_texts(frame.who(request))
    return frame.frame_values(request, "texts") | {"rows": rows, "typed": typed}


async def texts(request: web.Request) -> web.Response:
    """Show the texts of every channel."""
    return frame.page(request, "texts.html", _list_values(request))


async def open_(request: web.Request) -> web.StreamResponse:
    """Open a text, and show it."""
    filled = await frame.read_form(request)
    try:
        subject = await frame.desk(request).port.open_negotiated(
            frame.who(request), filled.values | {"status": frame.base_values(request)["status"]}
        )
    except (Refused, Unavailable, PeerError) as error:
        values = _list_values(request, frame.refusal(filled, error))
        return frame.page(request, "texts.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(f"/texts/{filled.get('channel')}/{subject.partition('/')[2]}")


# --- one text ---------------------------------------------------------------------------------------------------------


def _named(request: web.Request) -> tuple[str, str]:
    parts = request.match_info
    return parts["channel"], f"text/{parts['side']}/{parts['epoch']}/{parts['number']}"


def _first(request: web.Request) -> int:
    text = request.query.get("from", "0")
    return min(int(text), limits.TEXT_UNITS_MAX) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _values(request: web.Request, typed: shown.Typed | None = None) -> dict[str, Any]:
    then = request.query.get("then", "")[:_MOMENT_CHARS_MAX]
    channel, subject = _named(request)
    whole = frame.desk(request).port.negotiated(frame.who(request), channel, subject, _first(request), then)
    path = f"/texts/{channel}/{subject.partition('/')[2]}"
    work = typed.get("unit") if typed else request.query.get("work", "")[:_MOMENT_CHARS_MAX]
    known = any(one.name == work for one in whole.units)
    terms = frame.desk(request).port.text_terms(frame.who(request), channel, subject, work) if known else ()
    return frame.frame_values(request, "texts") | {
        "w": whole, "r": whole.row, "path": path, "typed": typed, "shown_count": limits.TEXT_UNITS_SHOWN,
        "work": work, "terms": terms,
    }  # fmt: skip


async def show(request: web.Request) -> web.Response:
    """Show a text, dense and numbered, its languages side by side."""
    return frame.page(request, "texts_one.html", _values(request))


async def head(request: web.Request) -> web.Response:
    """Give what stands above its parts: the counts, the signatures, the fallbacks, what was said of the whole."""
    return frame.page(request, "_texts_head.html", _values(request))


async def units(request: web.Request) -> web.Response:
    """Give its parts alone, as they are now."""
    return frame.page(request, "_texts_units.html", _values(request))


async def settle(request: web.Request) -> web.StreamResponse:
    """Do one act about it, and come back to the part it was about."""
    filled, act = await frame.read_form(request), request.match_info["act"]
    channel, subject = _named(request)
    try:
        await frame.desk(request).port.settle_negotiated(frame.who(request), channel, subject, act, filled.values)
    except (Refused, Unavailable, PeerError) as error:
        typed = frame.refusal(filled, error)
        values = _values(request, shown.Typed(
            values=typed.values | {"act": act}, code=typed.code, sentence=typed.sentence, attachments=(),
        ))  # fmt: skip
        return frame.page(request, "texts_one.html", values, frame.refused_status(error))
    at = "" if act in _WHOLE or not filled.get("unit") else "#u-" + filled.get("unit").replace("/", "-")
    start = f"?from={_first(request)}" if _first(request) else ""
    raise web.HTTPSeeOther(f"/texts/{channel}/{subject.partition('/')[2]}{start}{at}")


@takes_files
async def import_(request: web.Request) -> web.StreamResponse:
    """Put the paragraphs of a file in, and come back to the last of them."""
    channel, subject = _named(request)
    port, who = frame.desk(request).port, frame.who(request)
    port.negotiated(who, channel, subject, 0, "")
    name, data, tag = "", b"", ""
    try:
        async for part in parts_of(request):
            if part.name == "language":
                tag = (await _bounded(part, _TAG_BYTES_MAX)).decode("ascii", "replace")
            elif part.filename:
                name, data = part.filename, await _bounded(part, limits.TEXT_FILE_BYTES_MAX)
        if not name:
            raise Refused("texts.file", "no file was chosen")
        await port.import_negotiated(who, channel, subject, name, data, tag)
    except (Refused, Unavailable, PeerError) as error:
        typed = frame.refusal(frame.Form([("act", "import"), ("language", tag)]), error)
        return frame.page(request, "texts_one.html", _values(request, typed), frame.refused_status(error))
    raise web.HTTPSeeOther(f"/texts/{channel}/{subject.partition('/')[2]}")


async def _bounded(part: BodyPartReader, bytes_max: int) -> bytes:
    """Read a field or a file; raises Refused `texts.file` once it is larger than it may be."""
    data = bytearray()
    async for piece in pieces_of(part):
        data += piece
        if len(data) > bytes_max:
            raise Refused("texts.file", f"a file holds at most {limits.TEXT_FILE_BYTES_MAX} bytes")
    return bytes(data)


async def copy(request: web.Request) -> web.StreamResponse:
    """Give the text as a file to take away."""
    channel, subject = _named(request)
    form = request.match_info["form"]
    content = await frame.desk(request).port.text_copy(frame.who(request), channel, subject, form)
    name = f"text-{request.match_info['side']}-{request.match_info['number']}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": MEDIA[form]}
    return web.Response(body=content, headers=headers)


# --- two moments, and signing -----------------------------------------------------------------------------------------


async def compare(request: web.Request) -> web.Response:
    """Show what changed between two moments, word by word."""
    channel, subject = _named(request)
    port, who = frame.desk(request).port, frame.who(request)
    moments = port.text_moments(who, channel, subject)
    before = request.query.get("before", "")[:_MOMENT_CHARS_MAX]
    after = request.query.get("after", "")[:_MOMENT_CHARS_MAX]
    values = _values(request)
    values |= {"moments": moments, "before": before, "after": after, "changes": None, "typed": None}
    if before:
        values["changes"] = port.text_changes(who, channel, subject, before, after)
    return frame.page(request, "texts_compare.html", values)


def _signed_values(request: web.Request, typed: shown.Typed | None = None) -> dict[str, Any]:
    """Give the values of a page that shows what is signed: the whole text, however long it is."""
    clean = frame.desk(request).port.negotiated_clean(frame.who(request), *_named(request))
    return _values(request, typed) | {"clean": clean}


async def signing(request: web.Request) -> web.Response:
    """Show the whole text as it is signed, and ask for office and full powers."""
    return frame.page(request, "texts_sign.html", _signed_values(request))


async def sign(request: web.Request) -> web.StreamResponse:
    """Show what the passkey signs; where our side lists none, sign."""
    filled = await frame.read_form(request)
    channel, subject = _named(request)
    origin = frame.desk(request).origin.text
    try:
        asked = await frame.desk(request).port.sign_negotiated(
            frame.who(request), origin, channel, subject, filled.values
        )
    except (Refused, Unavailable, PeerError) as error:
        values = _signed_values(request, frame.refusal(filled, error))
        return frame.page(request, "texts_sign.html", values, frame.refused_status(error))
    path = f"/texts/{channel}/{subject.partition('/')[2]}"
    if asked is None:
        raise web.HTTPSeeOther(path)
    values = _signed_values(request) | {"asked": asked, "after": path, "back": path + "/sign", "m": None}
    return frame.page(request, "texts_bind.html", values)
