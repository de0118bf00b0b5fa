"""The messages of a channel as they are read: the thread, which answer which, which wait for an acknowledgement.

Owns: what is listed, and its bounds; the index of answers. Beside the views, never part of them.
Does not own: what a message is (messages/view.py), countdowns (openings.py gives the due time alone).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

from parley import limits
from parley.record.names import Ref
from parley.storage.port import FoldRow, Place, ValueRow, latest
from parley.subjects.acts import Act
from parley.subjects.logs import Logs
from parley.subjects.messages.view import MessageView
from parley.subjects.openings import OpenItems

_ANSWERS: Final = "fold.answers"  # index: which messages answer a message; key "channel|subject|turn|answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRow:
    """One message in a thread; `view` is None where the entry is not valid, and `reason` says why."""

    place: Place
    ref: Ref
    subject: str
    verdict: str
    reason: str
    view: MessageView | None


class Threads:
    """The messages of every channel but the line's."""

    def __init__(self, logs: Logs, message: Callable[[str, str], MessageView | None]) -> None:
        self._logs = logs
        self._message = message
        self._open: dict[str, OpenItems] = {}
        self._fresh_answers: dict[tuple[str, str], list[str]] = {}

    def add(self, act: Act, view: Callable[[], object]) -> list[ValueRow]:
        """Take in a valid act about a message, or about anything else; give the index rows to store with it.

        Args:
            view: Gives the view of its subject, for the few acts after which a list must be looked at again.
        """
        entry, rows = act.entry, list[ValueRow]()
        items = self._open.get(entry.channel)
        if entry.kind == "message.sent":
            answered = cast(str, entry.body["answers"])
            if answered:
                key = f"{entry.channel}|{answered}|{act.place[0]:016d}|{entry.subject}"
                rows.append(ValueRow(_ANSWERS, key, b""))
                self._fresh_answers.setdefault((entry.channel, answered), []).append(key)
                if len(self._fresh_answers) > limits.TOPICS_KEPT:
                    del self._fresh_answers[next(iter(self._fresh_answers))]
            if items is not None:
                due = cast(str, entry.body["due"])
                items.add(entry.subject, entry.channel, entry.side, entry.precedence, entry.status, entry.at, due)
        elif items is not None and entry.kind in ("message.acknowledged", "message.corrected", "message.cancelled"):
            seen = view()
            if isinstance(seen, MessageView):
                items.note(seen)
        return rows

    def thread(self, channel: str, *, before: Place | None = None, count: int = 50) -> list[ThreadRow]:
        """Give up to `count` messages of a channel that are on disk, newest first, all before the place `before`."""
        rows = self._logs.reader.recent(channel, ("message.sent",), before=before, count=count)
        return [
            ThreadRow(
                place=row.place,
                ref=Ref(row.log, row.number, self._logs.taken(row.log, row.number).id),
                subject=row.subject,
                verdict=row.verdict,
                reason=row.reason,
                view=self._message(channel, row.subject) if row.verdict == "valid" else None,
            )
            for row in rows
        ]

    def answers(self, channel: str, subject: str) -> list[str]:
        """Give the subjects of the messages that answer this one, in the order of the views."""
        prefix = f"{channel}|{subject}|"
        stored = [key for key, _ in self._logs.reader.values(_ANSWERS, prefix=prefix)]
        found = {*stored, *self._fresh_answers.get((channel, subject), ())}
        return [key.rpartition("|")[2] for key in sorted(found)]

    def opened(self, channel: str) -> OpenItems:
        """Give the messages of both sides that wait for an acknowledgement; bounded."""
        items = self._open.get(channel)
        if items is None:
            items = self._open[channel] = OpenItems()
            fresh = self._fresh_rows(channel)  # before the disk is asked: a commit may land in between
            rows = list(latest(self._logs.reader, channel, ("message.sent",), of_a_side=limits.OPEN_ITEMS_MAX))
            for row in (*reversed(rows), *fresh):
                view = self._message(channel, row.subject) if row.verdict == "valid" else None
                if view is not None:
                    items.note(view)
        return items

    def _fresh_rows(self, channel: str) -> list[FoldRow]:
        """Give the messages of a channel that are folded and perhaps not on disk yet, in the order of the views."""
        rows = [
            row
            for track in self._logs.tracks.values()
            if track.log.channel == channel
            for row in self._logs.rows(track.log, self._logs.reader.folded(track.log), track.folded)
            if row.kind == "message.sent"
        ]
        return sorted(rows, key=lambda row: row.place)
