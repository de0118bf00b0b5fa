"""What the desk asks of the rest of the program about incidents; part of port.Port."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from parley.actions.incident_evidence import Put, TakenIn
from parley.actions.incident_rows import CheckedReport
from parley.actions.incident_year import Year
from parley.desk.shown import AskedShown, FileShown, Person
from parley.desk.shown.incidents import IncidentRow, IncidentWhole, UnitRow


class IncidentPort(Protocol):
    """The desk's view of incidents."""

    def incidents(self, who: Person, which: str) -> tuple[IncidentRow, ...]: ...
    def incident(self, who: Person, channel: str, subject: str) -> IncidentWhole: ...
    def last_unit(self, who: Person) -> UnitRow | None: ...
    def signs(self, who: Person) -> bool: ...  # signing facts asks for a passkey
    def incident_year(self, who: Person, year: int) -> Year: ...
    def check_incident(self, who: Person, fields: Mapping[str, str]) -> CheckedReport: ...
    async def report_incident(self, who: Person, fields: Mapping[str, str]) -> tuple[str, str]: ...
    async def settle_incident(
        self, who: Person, channel: str, subject: str, act: str, fields: Mapping[str, str], several: Sequence[str]
    ) -> None: ...
    async def put_evidence(
        self, who: Person, channel: str, subject: str, evidence: Sequence[Put], note: str
    ) -> None: ...  # fmt: skip
    async def take_evidence(self, who: Person, name: str, media: str, content: AsyncIterable[bytes]) -> TakenIn: ...
    async def incident_file(
        self, who: Person, channel: str, subject: str, root: str
    ) -> tuple[FileShown, AsyncIterator[bytes]]: ...
    async def incident_evidence(self, who: Person, channel: str, subject: str, path: Path) -> None: ...
    def ask_signing(self, who: Person, origin: str, channel: str, subject: str, entry: str) -> AskedShown: ...
