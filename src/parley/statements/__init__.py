"""Statements picked out of a text by rules, lined up by topic and paired. No model, no network, no clock."""

from parley.statements.parts import LEVELS, MANNERS, Level, Statement, Suggestion

__all__ = ["LEVELS", "MANNERS", "Level", "Statement", "Suggestion"]
