"""How an error looks to a program: `{code, sentence, fields}` and an HTTP status by class and code.

Always true: no stack, no content of a message and no secret stands in an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec
from aiohttp import web

from parley.errors import ParleyError, PeerError, Refused, Unavailable

# Exact codes first; then a class gives the rest.
STATUS_BY_CODE: Final[Mapping[str, int]] = {
    "api.form": 422,
    "api.not-found": 404,
    "api.method": 405,
    "api.media": 415,
    "api.streams": 429,
    "api.too-large": 413,
    "people.session": 401,
    "people.token": 401,
    "people.link": 401,
    "people.right": 403,
    "people.scope": 403,
    "people.member": 403,
}


def http_status(error: ParleyError) -> int:
    """Give the HTTP status for an error of ours."""
    if error.code in STATUS_BY_CODE:
        return STATUS_BY_CODE[error.code]
    if error.code.endswith(".unknown"):
        return 404
    if isinstance(error, Refused):
        return 409
    if isinstance(error, PeerError):
        return 422  # words a program handed in that the codec would not take from a peer either
    if isinstance(error, Unavailable):
        return 503
    return 500


# msgspec's names, in the words of people: a form at the desk, an option at a terminal and a program's field meet here.
_TYPES: Final = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "nothing",
}
_LENGTH: Final = re.compile(r"`(str|array)` of length (>=|<=) (\d+)")
_BOUNDS: Final = {">=": "at least", "<=": "at most"}
_UNITS: Final = {"str": "characters", "array": "entries"}


def form_sentence(told: str) -> str:
    """Give in our words what msgspec found wrong with a body: where, expected, got, and that nothing was done."""
    words, _, place = told.partition(" - at `$")
    words = words.replace("`str` of length >= 1", "`str`, got none")
    words = _LENGTH.sub(lambda of: f"{_TYPES[of[1]]} of {_BOUNDS[of[2]]} {of[3]} {_UNITS[of[1]]}", words)
    words = re.sub(r"`(\w+)`", lambda name: _TYPES.get(name[1], f'"{name[1]}"'), words)
    return f"{place.strip('.`') or 'the body'}: {words[:1].lower()}{words[1:]}; nothing was done"


def error_answer(error: ParleyError) -> web.Response:
    """Give the answer to a request that failed."""
    status = http_status(error)
    headers = {"Retry-After": "1"} if status == 503 else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = {"code": error.code, "sentence": error.sentence, "fields": error.fields}
    return web.Response(status=status, body=msgspec.json.encode(body), content_type="application/json", headers=headers)
