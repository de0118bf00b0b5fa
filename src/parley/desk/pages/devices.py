"""The page of the desk's sound: which microphone and loudspeaker, how loud, and hearing oneself.

What is chosen stays in the browser: devices belong to the machine, not to a person (static/voice-settings.js).
"""

from __future__ import annotations

from aiohttp import web

from parley.desk.pages import frame


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [web.get("/sound", show), web.get("/sound/microphone", microphone)]


async def show(request: web.Request) -> web.Response:
    """Show the page; everything in it is the browser's own."""
    return frame.page(request, "sound.html", frame.frame_values(request, "sound"))


async def microphone(request: web.Request) -> web.Response:
    """Say what to do where the browser forbids the microphone."""
    return frame.page(request, "microphone.html", frame.frame_values(request, "sound"))
