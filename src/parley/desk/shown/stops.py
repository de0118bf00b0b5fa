"""An emergency stop, as a page shows it: the same plain facts that the actions give."""

from __future__ import annotations

from parley.actions.stop_rows import StopReadBackRow, StopSaid, StopStepRow
from parley.actions.stop_rows import StopRow as StopShown

__all__ = ["StopReadBackRow", "StopSaid", "StopShown", "StopStepRow"]
