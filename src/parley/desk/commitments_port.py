"""What the pages of commitments ask of the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from parley.desk import shown
from parley.desk.shown.commitments import CommitmentRow, CommitmentWhole, RegisterRow, SourceForm


class CommitmentsPort(Protocol):
    """Commitments."""

    def commitments(self, who: shown.Person, which: str, channel: str, first: int) -> RegisterRow: ...
    def commitment_reminders(self, who: shown.Person) -> tuple[CommitmentRow, ...]: ...
    def citable_commitments(self, who: shown.Person) -> tuple[CommitmentRow, ...]: ...
    def commitment(self, who: shown.Person, channel: str, subject: str) -> CommitmentWhole: ...
    def commitments_csv(self, who: shown.Person, which: str, channel: str) -> bytes: ...
    def commitment_source(self, who: shown.Person, channel: str, source: str, part: str) -> SourceForm: ...
    async def make_commitment(self, who: shown.Person, fields: Mapping[str, str]) -> str:
        """Propose or promise one; gives its subject."""
        ...

    async def settle_commitment(
        self,
        who: shown.Person,
        channel: str,
        subject: str,
        act: str,
        fields: Mapping[str, str],
        files: Sequence[str],
    ) -> None: ...
