"""The wall: a page for a screen that a whole room reads from four metres. It shows and asks nothing.

Letters grow with the screen: on one of 1.2 m across they are 18.5 mm high, which is 16 minutes of arc at 4 m, the least
that ISO 9241-303 asks for. Detail is left to the desks; the line, both watches, what cannot wait and what waits stay.
"""

from __future__ import annotations

from aiohttp import web

from parley.desk.pages import frame


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [web.get("/wall", wall), web.get("/wall/now", now)]


async def wall(request: web.Request) -> web.Response:
    """Show the page."""
    return frame.page(request, "wall.html", frame.frame_values(request, "wall"))


async def now(request: web.Request) -> web.Response:
    """Give what stands on it as it is now."""
    return frame.page(request, "_wall.html", frame.frame_values(request, "wall"))
