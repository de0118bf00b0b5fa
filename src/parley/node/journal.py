"""What the log says of the line: links that come and go, faults of the peer, whether this node signs.

Owns: the words of it, and how much a minute. Does not own: where the log goes (the command `run`).
Always true:
  1. A line holds codes, names of links and our own sentences; never what somebody wrote.
  2. A peer that breaks and mends a link without end fills no disk: beyond LINES_A_MINUTE one line says that more was
     left out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from parley.node.events import Event

LINES_A_MINUTE: Final = 60
_log = logging.getLogger("parley.line")


class Journal:
    """Writes the log's lines from what the node tells its own."""

    def __init__(self, group: Callable[[str], str], now: Callable[[], float]) -> None:
        self._group = group  # key exchange of a link that is up
        self._now = now
        self._minute, self._lines = -1, 0

    def heard(self, event: Event) -> None:
        """Log an event that an operator looks for the morning after; the others are not for the log."""
        fields = event.fields
        if event.kind == "link" and fields["up"]:
            self._write(logging.INFO, f"link {fields['link']} is up, key exchange {self._group(str(fields['link']))}")
        elif event.kind == "link":
            self._write(logging.WARNING, f"link {fields['link']} is down: {fields['reason']} ({fields['code']})")
        elif event.kind == "fault":
            by = f" by link {fields['link']}" if fields["link"] else ""
            self._write(logging.WARNING, f"fault{by}: {fields['sentence']} ({fields['code']})")
        elif event.kind == "store":
            level = logging.INFO if fields["state"] == "ok" else logging.WARNING
            self._write(level, f"signing: {fields['state']}: {fields['reason']}")

    def _write(self, level: int, words: str) -> None:
        minute = int(self._now() // 60)
        self._lines = self._lines + 1 if minute == self._minute else 1
        self._minute = minute
        if self._lines <= LINES_A_MINUTE:
            # The peer's own words are in some reasons: they are no lines of this log.
            _log.log(level, "%s", "".join(each if each.isprintable() else "?" for each in words))
        elif self._lines == LINES_A_MINUTE + 1:
            _log.warning("what else this minute brings is left out; the desk's line page shows it")
