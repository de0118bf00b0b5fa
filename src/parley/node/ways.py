"""Which links carry what is about now: sound and picture by no thin one, signals only where nothing waits for them.

Does not own: the record's entries, which go by thin links as line/sending.py says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from parley.link import Lane, Thin


class Links(Protocol):
    """What is asked of the links."""

    def thin(self, link: str) -> Thin | None: ...
    def backlog(self, link: str, lane: Lane) -> int: ...
    def send(self, link: str, lane: Lane, frame: bytes) -> bool: ...


def wide(links: Links, up: Sequence[str]) -> list[str]:
    """Give those of the links that are up which carry sound: no thin ones."""
    return [link for link in up if links.thin(link) is None]


def only_thin(links: Links, up: Sequence[str]) -> bool:
    """Say whether links are up and all of them are thin."""
    return bool(up) and not wide(links, up)


def signal(links: Links, up: Sequence[str], frame: bytes) -> bool:
    """Send a signal by every link; by a thin one only if there is no other and nothing urgent waits there."""
    best = wide(links, up) or up
    free = [link for link in best if links.thin(link) is None or not links.backlog(link, Lane.URGENT)]
    return sum(links.send(link, Lane.URGENT, frame) for link in free) > 0
