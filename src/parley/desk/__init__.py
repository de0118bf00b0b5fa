"""The web desk: server-rendered pages and small ES modules over the same actions as the API and the terminal."""

from __future__ import annotations

from parley.desk.app import make_desk

__all__ = ["make_desk"]
