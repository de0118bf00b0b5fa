"""What every page shares: who asks, in which language, and the frame with line state, alerts and channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from parley.desk import shown
from parley.desk.again import fill_again
from parley.desk.port import Port
from parley.desk.render import LANGUAGE_NAMES, Renderer
from parley.desk.security import Origin, local_path
from parley.desk.view import read_view
from parley.desk.words import Words, choose
from parley.errors import ParleyError, PeerError, Refused

# A form of ours holds one message at most; the text is bounded again by the action.
FIELD_BYTES_MAX: Final = 262_144
FIELDS_MAX: Final = 256
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pages have to work with."""

    port: Port
    origin: Origin
    renderer: Renderer


DESK: Final = web.AppKey("desk", Desk)
WHO: Final = web.RequestKey("who", shown.Person)


def desk(request: web.Request) -> Desk:
    """Give the desk this request came to."""
    return request.app[DESK]


def who(request: web.Request) -> shown.Person:
    """Give the person who asks; the middleware put them there."""
    return request[WHO]


def words(request: web.Request) -> Words:
    """Give the sentences in the language of this browser."""
    return Words(choose(read_view(request).language, request.headers.get("Accept-Language", "")))


def status(mode: str, chosen: str) -> str:
    """Give what every screen is marked as: the whole node's mode first, then what this desk was set to."""
    return mode if mode != "actual" else chosen


def base_values(request: web.Request) -> dict[str, Any]:
    """Give what even a page without a person needs."""
    port, view = desk(request).port, read_view(request)
    return {
        "sides": port.sides,
        "view": view,
        "mode": port.mode,
        "status": status(port.mode, view.status),
        "now": port.now(),
        "typed": None,
    }


def frame_values(request: web.Request, place: str, channel: shown.ChannelShown | None = None) -> dict[str, Any]:
    """Give what the frame around every page shows, read afresh."""
    port, asker = desk(request).port, who(request)
    channels = port.channels(asker)
    return base_values(request) | {
        "who": asker,
        "line": port.line(asker, place == "line"),
        "channels": channels,
        "alerts": port.alerts(asker),
        "stops": port.stops_now(asker),
        "stop_here": "",
        "channel": channel,
        "place": place,
        "here": _here(request),
        "waiting_total": sum(one.waiting for one in channels),
        "all_languages": tuple(LANGUAGE_NAMES),
        "other_languages": tuple(tag for tag in LANGUAGE_NAMES if tag not in port.sides.our_languages),
    }


def _here(request: web.Request) -> str:
    """Give the page to come back to; a part of a page is none, and names the page it stands in."""
    if request.method != "GET":
        return "/"
    return local_path(request.query.get("page", "/") if request.path.startswith("/fragments/") else request.path_qs)


def page(request: web.Request, template: str, values: dict[str, Any], status: int = 200) -> web.Response:
    """Draw a page; after a refusal with everything that was typed into the form that was sent."""
    text = desk(request).renderer.page(template, words(request), values)
    typed = values.get("typed")
    if status >= 400 and isinstance(typed, shown.Typed):
        text = fill_again(text, request.path, typed.values)
    return web.Response(text=text, content_type="text/html", status=status)


def error_page(request: web.Request, kind: str, code: str, sentence: str, status: int) -> web.Response:
    """Draw the page that says what went wrong, and the way back."""
    back = "/" if request.method != "GET" else "/sign-in" if request.path.startswith("/sign-in") else "/"
    values = base_values(request) | {"kind": kind, "code": code, "sentence": sentence, "back": back}
    return page(request, "error.html", values, status)


def find_channel(request: web.Request, channel: str) -> shown.ChannelShown:
    """Give one of the channels this person may see; raises Refused `channels.unknown`."""
    for one in desk(request).port.channels(who(request)):
        if one.id == channel:
            return one
    raise Refused("channels.unknown", "There is no such channel, or you do not belong to it.")


class Form:
    """The fields of a form, each bounded; a name may stand several times."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        if len(pairs) > FIELDS_MAX:
            raise PeerError("desk.form", f"a form holds at most {FIELDS_MAX} fields")
        self.pairs = pairs

    def get(self, name: str, otherwise: str = "") -> str:
        """Give one field, without spaces around it."""
        return next((value.strip() for key, value in self.pairs if key == name), otherwise)

    def all(self, name: str) -> tuple[str, ...]:
        """Give every field of that name."""
        return tuple(value for key, value in self.pairs if key == name)

    @property
    def values(self) -> dict[str, str]:
        """Give the fields as they were typed."""
        return dict(self.pairs)


async def read_form(request: web.Request) -> Form:
    """Read a small form; browsers send line ends as CR LF (HTML standard), a text has LF.

    Raises: PeerError `desk.form` for what is none; the answer is 413 or 415 for one too large or of another kind.
    """
    if request.body_exists and (request.content_type != _FORM or (request.charset or "utf-8").lower() != "utf-8"):
        raise web.HTTPUnsupportedMediaType
    try:
        posted = await request.post()
    except ValueError:  # bytes that are no text
        raise PeerError("desk.form", "the form could not be read") from None
    return Form([(name, value.replace("\r\n", "\n")) for name, value in posted.items() if isinstance(value, str)])


def refusal(form: Form, error: ParleyError) -> shown.Typed:
    """Give what was typed together with why it was not done, so that nothing typed is lost."""
    return shown.Typed(values=form.values, code=error.code, sentence=error.sentence, attachments=form.all("attachment"))


def refused_status(error: ParleyError) -> int:
    """Give the HTTP status: 422 for what the person can put right, 503 for what only time can."""
    return 422 if isinstance(error, Refused | PeerError) else 503
