"""An emergency stop, as a page shows it: the same plain facts that the actions give."""

from __future__ import annotations

from parley.actions.stop_rows import StopRow as StopShown
from parley.actions.stop_rows import StopSaid, StopStepRow

__all__ = ["StopSaid", "StopShown", "StopStepRow"]
