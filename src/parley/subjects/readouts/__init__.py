"""Readouts: each side's public account of a meeting, sealed by both, opened together, its statements confirmed."""

from parley.subjects.readouts.view import Account, Contest, PressView, ReadoutView

__all__ = ["Account", "Contest", "PressView", "ReadoutView"]
