"""In which line of a JSON file a value stands that a path names: people look for lines, programs for paths.

Owns: the walk through text that is known to be JSON. Does not own: reading it (geojson.py), what is wrong with a value.
Always true: one pass, no recursion; a path that leads nowhere gives the line of the last value on its way.
"""

from __future__ import annotations

import json
import re
from typing import Final

_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_STEP: Final = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+)\]")


def line_of(data: bytes, path: str) -> int:
    """Give the line, from 1, where the value at a path such as `$.features[3].geometry` begins."""
    wanted = [name if name else int(number) for name, number in _STEP.findall(path)]
    if not wanted:  # the whole value: a million vertices are not walked for it
        return data.count(b"\n", 0, len(data) - len(data.lstrip())) + 1
    here: list[str | int] = []  # where the walk is
    lists: list[bool] = []
    best = at = 0
    key: str | None = None
    for token in _TOKEN.finditer(data):
        text = token[0]
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
            if deep <= len(wanted) and deep >= best and here == wanted[:deep]:
                best, at = deep, token.start()
            if text in b"{[":
                lists.append(text == b"[")
                here.append(0 if text == b"[" else "")
            key = None
        else:
            key = json.loads(text)
    return data.count(b"\n", 0, at) + 1
