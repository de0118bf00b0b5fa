"""Whether somebody is there: at our desks, and at theirs as their node says. People, not machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from parley.codec import Reader
from parley.codec.canonical import JsonInput
from parley.errors import PeerError
from parley.times import Instant, Moment, moment_text, read_moment

WATCH_EVERY_S: Final = 5.0
WATCH_LASTS_MS: Final = 15_000  # three reports missed: we no longer say that somebody is there
# Where all links are thin: a report is 250 bytes, a second of a ship's radio. It counts as long as a signal may last,
# and is said twice in that time.
WATCH_THIN_EVERY_S: Final = 50.0
WATCH_THIN_LASTS_MS: Final = 120_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Whether somebody is there, and since when that is so (moment text, or "" if never told)."""

    present: bool
    since: str


class TheirWatch:
    """What their node last said of its watch."""

    def __init__(self) -> None:
        self._watch = Watch(present=False, since="")
        self._until: Instant | None = None

    def heard(self, fields: Reader, now: Instant, lasts_ms: int) -> bool:
        """Take in a `watch` signal; True if what we show has changed. Raises PeerError for a wrong form."""
        present, since = fields.boolean("present"), fields.text("since", max_chars=24, min_chars=0)
        fields.done()
        if since:
            read_moment(since)
        elif present:
            raise PeerError("line.signal", "somebody is there, but since when is missing")
        self._until = Instant(now + lasts_ms / 1000)
        before, self._watch = self._watch, Watch(present=present, since=since)
        return before != self._watch

    def now(self, now: Instant) -> Watch | None:
        """Give what their node said, for as long as it said that this lasts; None after that."""
        return self._watch if self._until is not None and now <= self._until else None


def watch_fields(present: bool, since: Moment | None) -> dict[str, JsonInput]:
    """Give the fields of our `watch` signal."""
    return {"present": present, "since": since_text(since)}


def since_text(moment: Moment | None) -> str:
    """Give a moment's text, or nothing."""
    return "" if moment is None else moment_text(moment)
