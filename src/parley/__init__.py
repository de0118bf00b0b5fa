"""Parley: a direct line between two sides that do not trust each other."""

__version__ = "0.1.0"
