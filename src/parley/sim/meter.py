"""Counts what was met in a world: kinds of trouble, error codes, kinds of entry, moves of state tables.

A simulation that never met a thing has proven nothing about it, so what is never met must be visible (report.py).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


class PromiseBroken(Exception):
    """A checker saw a promise of DESIGN section 2 broken; `promise` is its number, 0 a fault of the program itself."""

    def __init__(self, promise: int, sentence: str) -> None:
        super().__init__(f"promise {promise}: {sentence}")
        self.promise = promise
        self.sentence = sentence


@dataclass
class Meter:
    """Counts by group and name: ("trouble", "crash"), ("code", "line.frame"), ("kind", "message.sent")…"""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def met(self, group: str, name: str, times: int = 1) -> None:
        """Something happened."""
        self.counts[(group, name)] += times

    def count(self, group: str, name: str | None = None) -> int:
        """How often one thing, or anything of a group, was met."""
        if name is not None:
            return self.counts[(group, name)]
        return sum(count for (of, _), count in self.counts.items() if of == group)

    def group(self, group: str) -> dict[str, int]:
        """All of a group, by name."""
        return {name: count for (of, name), count in sorted(self.counts.items()) if of == group}

    def add(self, other: Counter[tuple[str, str]]) -> None:
        """Add another world's counts."""
        self.counts.update(other)


@dataclass
class Story:
    """What happened in a world, for a person to read; kept only when asked for, because most seeds hold."""

    keep: bool
    lines: list[str] = field(default_factory=list)
    last_max: int = 60

    def tell(self, now: float, text: str) -> None:
        """Note one thing; without `keep` only the last few are held, for the report of a failure."""
        self.lines.append(f"{now:9.3f}  {text}")
        if not self.keep and len(self.lines) > 4 * self.last_max:
            del self.lines[: -self.last_max]

    def last(self) -> list[str]:
        """The newest lines."""
        return self.lines[-self.last_max :]
