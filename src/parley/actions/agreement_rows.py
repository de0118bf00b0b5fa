"""What needs a yes of both sides in a call, and the text that was kept by one, as the actions hand them out."""

from __future__ import annotations

from msgspec import Struct


class AgreementRow(Struct, frozen=True, kw_only=True):
    """How something stands that both sides must say yes to in a call."""

    what: str  # text (its real-time text is kept) | turns (it goes on in turns)
    state: str  # "" (nobody has asked) | asked | running | declined | withdrawn | stopped | over | lapsed
    ours: bool  # our side asked
    asked_by: str
    agreed_by: str
    reason: str
    since: str | None
    may: frozenset[str] = frozenset()  # of: ask agree decline stop


class KeptLine(Struct, frozen=True, kw_only=True):
    """One line of real-time text that both agreed to keep."""

    ours: bool
    name: str
    at: str
    text: str
