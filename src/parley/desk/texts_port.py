"""What the pages of negotiated texts ask of the program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from parley.desk import shown
from parley.desk.shown.texts import CleanRow, DifferenceRow, MomentRow, TextRow, WholeRow


class TextsPort(Protocol):
    """Negotiated texts."""

    def negotiated_texts(self, who: shown.Person) -> tuple[TextRow, ...]: ...
    def negotiated(self, who: shown.Person, channel: str, subject: str, first: int, then: str) -> WholeRow: ...
    def negotiated_clean(self, who: shown.Person, channel: str, subject: str) -> tuple[CleanRow, ...]: ...
    def text_moments(self, who: shown.Person, channel: str, subject: str) -> tuple[MomentRow, ...]: ...
    def text_changes(
        self, who: shown.Person, channel: str, subject: str, before: str, after: str
    ) -> tuple[DifferenceRow, ...]: ...
    async def open_negotiated(self, who: shown.Person, fields: Mapping[str, str]) -> str: ...
    async def settle_negotiated(
        self, who: shown.Person, channel: str, subject: str, act: str, fields: Mapping[str, str]
    ) -> None: ...
    async def text_copy(self, who: shown.Person, channel: str, subject: str, form: str) -> bytes: ...
    async def sign_negotiated(
        self, who: shown.Person, origin: str, channel: str, subject: str, fields: Mapping[str, str]
    ) -> shown.AskedShown | None:
        """Begin to sign with a passkey; where our side lists none, sign at once and give None."""
        ...
