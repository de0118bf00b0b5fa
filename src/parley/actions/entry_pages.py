"""Which page of the desk shows a subject, by its channel and name; whether it is there the page itself says."""

from __future__ import annotations

from typing import Final

_PLURAL: Final = ("text", "incident", "notice", "commitment", "readout", "meeting")  # each at the plural of its name


def page_of(channel: str, subject: str) -> str:
    """Give the page of a subject; "" for one that has none of its own."""
    room, _, rest = subject.partition("/")
    if room == "message":
        return f"/channels/{channel}/message/{rest}"
    if room == "body":
        return f"/bodies/{rest}"
    return f"/{room}s/{channel}/{rest}" if room in _PLURAL else ""
