"""What a page says of interpreting over its direct connection: which microphone, a pause, a private word, the turn.

Owns: the strict reading of these messages. Does not own: rights (actions/interpreting.py), the socket (direct.py).
Read first: docs/protocol/direct.md.
"""

from __future__ import annotations

from aiohttp import web

from parley import limits
from parley.actions.interpreting import ASIDES
from parley.codec import Reader
from parley.desk.pages.direct import Direct, on
from parley.node.interpreting import ASKS
from parley.node.turns import TO


def routes() -> list[web.RouteDef]:
    """Give no route: what is here comes over the direct connection."""
    return []


@on("interpret")
def _take(direct: Direct, fields: Reader) -> None:
    """This person is at the microphone of a language from now on."""
    channel, session = fields.channel("channel"), fields.hex("session", 16)
    source, target, via = (
        fields.text(name, max_chars=limits.VOICE_LANGUAGE_CHARS_MAX, min_chars=0) for name in ("from", "to", "via")
    )
    fields.done()
    direct.port.interpret(direct.who, direct.desk, channel, session, source, target, via)


@on("interpret-end")
def _leave(direct: Direct, fields: Reader) -> None:
    """This person leaves the microphone."""
    channel, session = fields.channel("channel"), fields.hex("session", 16)
    fields.done()
    direct.port.stop_interpreting(direct.who, direct.desk, channel, session)


@on("interpret-ask")
def _ask(direct: Direct, fields: Reader) -> None:
    """The interpreter asks those who talk to pause, or to say it again."""
    channel, session, what = fields.channel("channel"), fields.hex("session", 16), fields.choice("what", ASKS)
    fields.done()
    direct.port.ask_talkers(direct.who, direct.desk, channel, session, what)


@on("turn")
def _turn(direct: Direct, fields: Reader) -> None:
    """The turn is passed on."""
    channel, session, to = fields.channel("channel"), fields.hex("session", 16), fields.choice("to", TO)
    fields.done()
    direct.port.hand_turn(direct.who, channel, session, to)


@on("aside")
def _aside(direct: Direct, fields: Reader) -> None:
    """A private word to the colleagues of our own side."""
    channel, session, what = fields.channel("channel"), fields.hex("session", 16), fields.choice("what", ASIDES)
    text = fields.text("text", max_chars=2 * limits.TEXT_CHARS_MAX, min_chars=0)
    fields.done()
    direct.port.say_aside(direct.who, channel, session, what, text)
