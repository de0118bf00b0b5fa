"""Readouts and their comparison, as a page shows them: the same plain facts that the actions give."""

from __future__ import annotations

from parley.actions.comparing_rows import CompareRow as CompareShown
from parley.actions.comparing_rows import SuggestionRow as SuggestionShown
from parley.actions.readout_rows import ReadoutRow as ReadoutShown

__all__ = ["CompareShown", "ReadoutShown", "SuggestionShown"]
