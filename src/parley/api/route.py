"""One request and one row of the table of routes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from parley.actions.ports import NodePort
from parley.actions.who import Who
from parley.api.bodies import Strict
from parley.errors import Refused


@dataclass(frozen=True, slots=True)
class Call:
    """One request, with its person proven and its body read."""

    node: NodePort
    who: Who
    request: web.Request
    body: Any

    def part(self, name: str) -> str:
        """Give a named part of the path."""
        return self.request.match_info[name]

    @property
    def call(self) -> str:
        """The call named in the path, as the record names it."""
        return f"call/{self.part('side')}/{self.part('epoch')}/{self.part('number')}"

    @property
    def stop(self) -> str:
        """The emergency stop named in the path, as the record names it."""
        return f"stop/{self.part('side')}/{self.part('epoch')}/{self.part('number')}"

    @property
    def subject(self) -> str:
        """The message named in the path, as the record names it."""
        return f"message/{self.part('side')}/{self.part('epoch')}/{self.part('number')}"

    def query(self, name: str, default: str = "") -> str:
        """Give a query field."""
        return self.request.query.get(name, default)

    def count(self, name: str, default: int, most: int) -> int:
        """Give a whole number from the query; raises Refused `api.form` outside 0 to `most`."""
        text = self.request.query.get(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit()) or len(text) > 16 or int(text) > most:
            raise Refused("api.form", f"query {name}: expected a whole number from 0 to {most}, got {text[:40]!r}")
        return int(text)


@dataclass(frozen=True, slots=True)
class Route:
    """One thing a program may ask for."""

    method: str
    path: str
    summary: str
    body: type[Strict] | None
    answer: Any  # a type msgspec can describe; None where nothing is said
    handle: Callable[[Call], Awaitable[Any]]
    status: int = 200
    open: bool = False  # needs no token
