"""Escalation as pages show it: the same plain facts that the actions give."""

from __future__ import annotations

from msgspec import Struct

from parley.actions.notify_rows import EscalationRow as EscalationShown
from parley.actions.notify_rows import NotifiedRow, SilentRow

__all__ = ["EscalationShown", "TroubleShown"]


class TroubleShown(Struct, frozen=True, kw_only=True):
    """What is wrong with telling our people: desks that do not ring, targets that do not take a notification."""

    silent: tuple[SilentRow, ...] = ()
    failing: tuple[NotifiedRow, ...] = ()
