"""A line about each subject of some rooms, so that a list of thousands is read without folding any of them.

Owns: the index `fold.summaries`: key "room|channel|subject", value the room's own few words, written with the entry
that changed them; reading it back.
Does not own: what a room puts into its line (each view's `summary`). An index of the record, never the truth.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

from parley.codec import JsonInput, encode

SUMMARIES: Final = "fold.summaries"


class Values(Protocol):
    """What is read of a store."""

    def values(
        self, space: str, *, prefix: str = "", after: str = "", count: int = 1000
    ) -> list[tuple[str, bytes]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One subject of a room, with what its room says of it in a list."""

    channel: str
    subject: str
    words: dict[str, Any]


def row(room: str, channel: str, subject: str, words: dict[str, JsonInput]) -> tuple[str, bytes]:
    """Give the key and the value that stand for a subject."""
    return f"{room}|{channel}|{subject}", encode(words)


def summaries(values: Values, room: str, channel: str = "") -> Iterator[Summary]:
    """Give every subject of a room, in all channels or in one, by channel and name."""
    prefix, after = f"{room}|{channel}|" if channel else f"{room}|", ""
    while page := values.values(SUMMARIES, prefix=prefix, after=after):
        for key, value in page:
            _, where, subject = key.split("|")
            yield Summary(channel=where, subject=subject, words=json.loads(value))
        after = page[-1][0]
