"""Negotiated texts: numbered units, brackets that hold alternatives, language versions, initials and signatures."""

from parley.subjects.texts.algebra import Alternative, Bracket, Change, Option, Piece
from parley.subjects.texts.unit_view import UnitView
from parley.subjects.texts.view import FrameView, TextView

__all__ = ["Alternative", "Bracket", "Change", "FrameView", "Option", "Piece", "TextView", "UnitView"]
