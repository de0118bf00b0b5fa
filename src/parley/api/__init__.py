"""The door for programs: the same actions over HTTP and WebSocket, described at /api/v1/openapi.json.

Public names: `make_api(node)` gives the aiohttp application to mount at /api/v1. Page: docs/api.md.
"""

from __future__ import annotations

from parley.api.app import PREFIX, make_api

__all__ = ["PREFIX", "make_api"]
