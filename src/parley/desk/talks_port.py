"""What the pages of standing bodies ask of the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from parley.desk import shown
from parley.desk.meetings_port import MeetingsPort
from parley.desk.shown.talks import BodyLineRow, BodyRow, CalendarsRow


class TalksPort(MeetingsPort, Protocol):
    """Standing bodies, both sides' days, and meetings."""

    def bodies(self, who: shown.Person) -> Sequence[BodyLineRow]: ...
    def body(self, who: shown.Person, subject: str) -> BodyRow: ...
    def calendars(self, who: shown.Person) -> CalendarsRow: ...
    async def propose_body(self, who: shown.Person, fields: Mapping[str, str]) -> str: ...
    async def state_calendar(self, who: shown.Person, fields: Mapping[str, str]) -> None: ...
    async def settle_body(
        self, who: shown.Person, subject: str, act: str, fields: Mapping[str, str], persons: Sequence[str]
    ) -> None: ...
