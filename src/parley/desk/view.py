"""How one browser wants to see the desk: language, theme, keys, sound, and what it writes as (actual or exercise).

Kept in a cookie that no script reads, so that a page is right before any script runs. Nothing in it is a right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from parley.desk.security import Origin
from parley.desk.words import LANGUAGES

COOKIE: Final = "parley-view"
_CHOICES: Final = {
    "language": ("", *LANGUAGES),
    "theme": ("auto", "light", "dark", "night"),
    "keys": ("on", "off"),
    "sound": ("on", "off"),
    "status": ("actual", "exercise", "test"),
    "watch": ("off", "on"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """The choices, each one of a few known words."""

    language: str = ""
    theme: str = "auto"
    keys: str = "on"
    sound: str = "on"
    status: str = "actual"
    watch: str = "off"  # this browser is a desk on watch: its sound is ready

    def changed(self, wishes: dict[str, str]) -> View:
        """Give the view with those wishes that are known words; all else is ignored."""
        return replace(self, **{name: value for name, value in wishes.items() if value in _CHOICES.get(name, ())})

    @property
    def text(self) -> str:
        """Give the cookie's value."""
        return urlencode({name: getattr(self, name) for name in _CHOICES})


def read_view(request: web.Request) -> View:
    """Read the cookie; what is not understood falls back."""
    return View().changed(dict(parse_qsl(request.cookies.get(COOKIE, "")[:400])))


def keep_view(response: web.StreamResponse, view: View, origin: Origin) -> None:
    """Remember the choices for a year."""
    response.set_cookie(
        COOKIE, view.text, max_age=31_536_000, path="/", httponly=True, samesite="Strict", secure=origin.secure
    )
