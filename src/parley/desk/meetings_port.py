"""What the pages of meetings ask of the program."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from typing import Protocol

from parley.actions.rows import AttachmentRow
from parley.desk import shown
from parley.desk.shown.meetings import MeetingRow
from parley.desk.shown.talks import MeetingLineRow, TimeRow


class MeetingsPort(Protocol):
    """Meetings, before, on the day and after."""

    def meetings(self, who: shown.Person) -> Sequence[MeetingLineRow]: ...
    def meeting(self, who: shown.Person, channel: str, subject: str) -> MeetingRow: ...
    def look_at_times(self, who: shown.Person, times: Sequence[str]) -> Sequence[TimeRow]: ...

    async def request_meeting(
        self, who: shown.Person, fields: Mapping[str, str], times: Sequence[str]
    ) -> tuple[str, str]:
        """Ask for a meeting; gives its channel and subject."""
        ...

    async def settle_meeting(
        self, who: shown.Person, channel: str, subject: str, act: str, fields: Mapping[str, str],
        several: Mapping[str, Sequence[str]],
    ) -> str:  # fmt: skip
        """Do one act; gives the text where one was opened for the minutes, else ""."""
        ...

    async def keep_paper(
        self, who: shown.Person, channel: str, subject: str, name: str, media: str, content: AsyncIterable[bytes]
    ) -> None: ...
    def meeting_paper(
        self, who: shown.Person, channel: str, subject: str, root: str
    ) -> tuple[AttachmentRow, AsyncIterator[bytes]]: ...
    async def meeting_calendar(self, who: shown.Person, channel: str, subject: str) -> bytes:
        """Give one meeting as iCalendar, or, with no subject, all."""
        ...
