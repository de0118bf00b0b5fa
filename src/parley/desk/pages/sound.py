"""What a page says and hears of calls over its direct connection: lift, ring, speak, heard, hang up.

Owns: the strict reading of these messages. Does not own: rights (actions/direct.py), the socket (direct.py).
Read first: docs/protocol/direct.md.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final

from aiohttp import web

from parley import limits
from parley.codec import Reader
from parley.desk.pages.direct import Direct, on, on_sound
from parley.desk.port import LiftWish
from parley.line.voice import check_language

_SUBJECT_CHARS_MAX: Final = 128
_KEY_CHARS_MAX: Final = 200
_STREAM_MAX: Final = 2**32 - 1


def routes() -> list[web.RouteDef]:
    """Give no route: what is here comes over the direct connection."""
    return []


@on_sound
def _speak(direct: Direct, data: bytes) -> None:
    direct.port.speak(direct.desk, data)


@on("lift")
def _lift(direct: Direct, fields: Reader) -> Awaitable[None]:
    """The person lifts: sound of this page may go from the next frame on."""
    wish = LiftWish(
        channel=fields.channel("channel"),
        session=fields.hex("session", 16),
        precedence=fields.text("precedence", max_chars=16),
        language=check_language(fields.text("language", max_chars=35, min_chars=0)),
    )
    fields.done()
    lifted = direct.port.lift(direct.who, direct.desk, wish, direct.status)
    direct.tell("lifted", channel=wish.channel, session=lifted.session, stream=lifted.stream)
    return lifted.recorded


@on("rings")
def _rings(direct: Direct, fields: Reader) -> Awaitable[None]:
    """This page really rings."""
    channel, session = fields.channel("channel"), fields.hex("session", 16)
    subject = fields.text("subject", max_chars=_SUBJECT_CHARS_MAX, min_chars=0)
    fields.done()
    return direct.port.rings(direct.who, direct.desk, channel, session, subject)


@on("ringing")
def _ringing(direct: Direct, fields: Reader) -> Awaitable[None]:
    """This page really rings for these, by the keys it was told."""
    keys = fields.texts("keys", max_items=limits.RINGS_TOLD_MAX, max_chars=_KEY_CHARS_MAX)
    fields.done()
    return direct.port.ringing(direct.who, direct.desk, keys)


@on("heard")
def _heard(direct: Direct, fields: Reader) -> None:
    """This page's loudspeaker really played a voice of theirs."""
    channel, session = fields.channel("channel"), fields.hex("session", 16)
    stream = fields.integer("stream", 0, _STREAM_MAX)
    fields.done()
    direct.port.plays(direct.who, channel, session, stream)


@on("plain")
def _plain(direct: Direct, fields: Reader) -> None:
    """This page has no decoder for what it hears in this call."""
    channel, session = fields.channel("channel"), fields.hex("session", 16)
    fields.done()
    direct.port.plain(direct.who, channel, session)


@on("hang-up")
def _hang_up(direct: Direct, fields: Reader) -> Awaitable[None]:
    """The person ends the call."""
    channel, subject = fields.channel("channel"), fields.text("subject", max_chars=_SUBJECT_CHARS_MAX)
    fields.done()
    return direct.port.hang_up(direct.who, channel, subject)
