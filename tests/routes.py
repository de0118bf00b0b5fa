"""Every route of an application, with an address that reaches it: what is not in these tables no test could forget."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from aiohttp import web

# What stands for a part of an address, in this order: whatever its pattern lets through first.
VALUES = {
    "channel": "leaders", "side": "north", "person": "edda", "epoch": "0", "number": "0", "nonce": "ab" * 16,
    "act": "seen", "language": "en", "year": "2026",
}  # fmt: skip
_OTHERS = ("0", "x", "ab" * 6, "ab" * 32, "ab" * 16, "ab" * 8, "en", "2026", "2026-11-23", "x.parley")


class At(NamedTuple):
    """One route."""

    method: str
    path: str  # as it is written in the program
    address: str  # one that reaches it


def every_route(app: web.Application) -> list[At]:
    """Give them all, each once for a method; HEAD is GET."""
    return [
        At(route.method, route.resource.canonical, _address(route.resource))
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    ]


def _address(resource: web.AbstractResource) -> str:
    info = resource.get_info()
    if "pattern" not in info:
        return info["path"]
    groups = dict(re.findall(r"\(\?P<(\w+)>((?:[^()]|\([^()]*\))*)\)", info["pattern"].pattern))
    formatter = info["formatter"]
    for values in itertools.product(*(tuple(_values(name, groups.get(name, ""))) for name in _names(formatter))):
        found = formatter
        for name, value in zip(_names(formatter), values, strict=True):
            found = found.replace("{" + name + "}", value, 1)
        if info["pattern"].fullmatch(found):
            return found
    raise AssertionError(f"no address reaches {resource.canonical}: give a value for it in tests/routes.py")


def _names(formatter: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", formatter)


def _values(name: str, pattern: str) -> Iterator[str]:
    if name in VALUES:
        yield VALUES[name]
    if re.fullmatch(r"[\w\\|-]+", pattern):
        yield from (each.replace("\\", "") for each in pattern.split("|"))
    yield from _OTHERS
