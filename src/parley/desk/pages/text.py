"""What a page says of real-time text over its direct connection: which channel it shows, the line being written.

Owns: the strict reading of these messages. Does not own: rights (actions/realtime.py), the socket (direct.py).
Read first: docs/protocol/direct.md.
"""

from __future__ import annotations

from collections.abc import Awaitable

from aiohttp import web

from parley import limits
from parley.codec import Reader
from parley.desk.pages.direct import Direct, on


def routes() -> list[web.RouteDef]:
    """Give no route: what is here comes over the direct connection."""
    return []


@on("follow")
def _follow(direct: Direct, fields: Reader) -> None:
    """This page shows what is written in the calls of a channel."""
    channel = fields.channel("channel")
    fields.done()
    direct.port.follow(direct.who, direct.desk, channel)


@on("text")
def _text(direct: Direct, fields: Reader) -> Awaitable[None] | None:
    """The line being written is this now."""
    return _write(direct, fields, finish=False)


@on("text-line")
def _line(direct: Direct, fields: Reader) -> Awaitable[None] | None:
    """The line is finished with these words."""
    return _write(direct, fields, finish=True)


def _write(direct: Direct, fields: Reader, *, finish: bool) -> Awaitable[None] | None:
    channel, session = fields.channel("channel"), fields.hex("session", 16)
    text = fields.text("text", max_chars=2 * limits.TEXT_CHARS_MAX, min_chars=0)  # before it is in NFC
    fields.done()
    return direct.port.write_text(direct.who, direct.desk, channel, session, text, finish)
