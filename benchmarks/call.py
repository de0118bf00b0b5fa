"""The figures of a call: two real Chromium desks for what is heard and rung, clients of our own for all further desks.

Each row says how loaded the machine was: sound meets its neighbours on a shared one, and a late frame is a late frame.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from benchmarks import call_browsers, call_clients, call_slow, call_text, wan
from benchmarks.rows import Row, failed
from parley.cli.chromium import find_chromium

GROUP_S = 240.0  # a group that takes longer hangs
_BROWSER = "there is no Chromium on this machine; install it, or set PARLEY_CHROMIUM"
_SLOW = ("two", "three")


GROUPS: tuple[tuple[str, bool, Callable[[Path], Awaitable[list[Row]]]], ...] = (
    ("lift", True, call_browsers.lift),
    ("two", True, call_slow.two),
    ("three", True, call_slow.three),
    ("ring", True, call_browsers.ring),
    ("cut", False, call_clients.cut),
    ("crowd", False, call_clients.crowd),
    ("watch", True, call_browsers.watch),
    ("text", False, call_text.text),
    ("stop", True, call_browsers.stop),
    ("many", False, call_clients.many),
)


def rows(only: list[str]) -> Iterator[Row]:
    """Measure every row, one after the other; `only` names some of them (by group)."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        for name, browser, group in GROUPS:
            if only and name not in only:
                continue
            if browser and not find_chromium():
                yield failed(name, None, _BROWSER, ok=None)
                continue
            if name in _SLOW and (why := wan.why_not()):
                yield failed(f"75 ms and 1 % loss on each of {name} links", None, why, ok=None)
                continue
            try:
                found = asyncio.run(asyncio.wait_for(group(Path(folder)), GROUP_S))
            except Exception as error:  # a row that could not be measured is said so, and the others go on
                found = [failed(name, None, f"{type(error).__name__}: {error}", ok=None)]
            load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
            for row in found:
                yield dataclasses.replace(row, why=f"{row.why}; {load}" if row.why else load)
