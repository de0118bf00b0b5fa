"""A call, as a page shows it: the same plain facts that the actions give."""

from __future__ import annotations

from parley.actions.rows import CallRow as CallShown

__all__ = ["CallShown"]
