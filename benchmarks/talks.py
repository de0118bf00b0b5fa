"""`./run bench talks`: negotiated texts, readouts, search, commitments.

Each module has its own rows; this one joins them.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import commitments, talks_statements, texts, texts_alike
from benchmarks.rows import Row


def rows(only: list[str]) -> Iterator[Row]:
    """Give the rows asked for, or all."""
    yield from talks_statements.rows(only)
    yield from texts.rows(only)
    yield from texts_alike.rows(only)
    yield from commitments.rows(only)
