"""Emergency stops: raise one from any page, take and answer one, the list, and how drills went.

Everything here works without script. Stops that want somebody stand across the top of every page (_stops.html).
"""

from __future__ import annotations

from collections.abc import Awaitable

from aiohttp import web

from parley.codec import Reader
from parley.desk.pages.direct import Direct, on

_SUBJECT_CHARS_MAX = 128


def routes() -> list[web.RouteDef]:
    """Give the routes of these pages."""
    return []


@on("stop-rings")
def _rings(direct: Direct, fields: Reader) -> Awaitable[None]:
    """This page really shows a stop and rings."""
    channel, subject = fields.channel("channel"), fields.text("subject", max_chars=_SUBJECT_CHARS_MAX)
    fields.done()
    return direct.port.settle_stop(direct.who, channel, subject, "rings", {})
