"""The watch and the roll-call: that somebody is there, since when, handed over when; and a key pressed when asked."""

from parley.subjects.watches.view import RollView, WatchView

__all__ = ["RollView", "WatchView"]
