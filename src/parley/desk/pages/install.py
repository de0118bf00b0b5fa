"""What a browser needs to install the desk as a program of its own: a name, the pictures, where it begins.

There is no service worker: browsers no longer ask for one, and a page of the desk is never to come from anywhere but
its node. What is here is told to anybody who can open the sign-in page, which says as much.
"""

from __future__ import annotations

import json

from aiohttp import web

from parley.desk.pages import frame


def routes() -> list[web.RouteDef]:
    """Give the one address, where no session is asked for: a browser may fetch it without."""
    return [web.get("/static/desk.webmanifest", manifest)]


async def manifest(request: web.Request) -> web.Response:
    """Give the web app manifest, in the language of this browser (W3C Application Manifest)."""
    words, sides, base = frame.words(request), frame.desk(request).port.sides, frame.desk(request).renderer.static.base
    icons = [
        {"src": f"{base}/mark.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
        {"src": f"{base}/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any"},
        {"src": f"{base}/icon-512.png", "sizes": "512x512", "type": "image/png", "purpose": "any"},
        {"src": f"{base}/icon-maskable.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    told = {
        "id": "/",
        "name": f"{sides.our_name} ⟷ {sides.their_name}",
        "short_name": sides.their_name,
        "description": words.plain("frame.line-to", them=sides.their_name),
        "lang": words.tag,
        "dir": words.dir,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#000000",
        "theme_color": "#0a4a66",
        "icons": icons,
    }
    text = json.dumps(told, ensure_ascii=False)
    return web.Response(text=text, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})
