"""In which line of a JSON file a value stands that a path names: people look for lines, programs for paths.

Owns: the walk through text that is known to be JSON. Does not own: reading it (geojson.py), what is wrong with a value.
Always true: one pass, no recursion, and what the path does not enter is passed over: a file made to be refused may be
    large. A path that leads nowhere gives the line of the last value on its way.
"""

from __future__ import annotations

import json
import re
from typing import Final

_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
# Within a value that the path does not enter only its end matters: strings, lists without anything nested, brackets.
_SKIPPED: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|\[[^\[\]{}"]*\]|[{}\[\]]')
_STEP: Final = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+)\]")


def line_of(data: bytes, path: str) -> int:
    """Give the line, from 1, where the value at a path such as `$.features[3].geometry` begins."""
    wanted = [name if name else int(number) for name, number in _STEP.findall(path)]
    if not wanted:  # the whole value: a million vertices are not walked for it
        return data.count(b"\n", 0, len(data) - len(data.lstrip())) + 1
    here: list[str | int] = []  # where the walk is
    lists: list[bool] = []
    best = at = place = 0
    key: str | None = None
    while (token := _TOKEN.search(data, place)) is not None:
        text, place = token[0], token.end()
        if text in b"}]":
            lists.pop()
            here.pop()
        elif text == b",":
            if lists[-1]:
                here[-1] = int(here[-1]) + 1
            else:
                key = None
        elif text == b":":
            here[-1] = key or ""
        elif not lists or lists[-1] or key is not None:  # a value begins; of a name given twice the last one counts
            deep = len(here)
            on_the_way = deep <= len(wanted) and here == wanted[:deep]
            if on_the_way and deep >= best:
                best, at = deep, token.start()
            if text in b"{[" and on_the_way and deep < len(wanted):
                lists.append(text == b"[")
                here.append(0 if text == b"[" else "")
            elif text in b"{[":
                place = _end(data, token.start())
            key = None
        else:
            key = json.loads(text)
    return data.count(b"\n", 0, at) + 1


def _end(data: bytes, start: int) -> int:
    """Give where the object or list that begins at `start` ends."""
    open_now = 0
    for token in _SKIPPED.finditer(data, start):
        first = token[0][:1]
        if first in b"}]":
            open_now -= 1
        elif first == b"{" or token[0] == b"[":
            open_now += 1
        if not open_now and first != b'"':
            return token.end()
    return len(data)
