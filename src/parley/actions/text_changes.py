"""What changed between two states of the same words, word by word, in time that is bounded whatever the words are.

Owns: the runs that stayed, went and came. Does not own: which states are compared (negotiated.py).
Always true:
  1. The runs that stayed and went are the words before; those that stayed and came are the words after, up to what
     limits.COMPARED_CHARS_MAX shows of them.
  2. All comparisons of one page together take at most limits.COMPARED_STEPS_MAX steps. Where they are used up, what
     differs stands as gone and come in one piece, without a search for words that are in both. Together they show at
     most limits.COMPARED_TOTAL_MAX characters; beyond that it is only said what differs.
Source: E. W. Myers, An O(ND) Difference Algorithm and Its Variations (1986), the greedy form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from parley import limits
from parley.subjects.texts.editing import same_ends

_WORD: Final = re.compile(r"[\u2e80-\uffef]|\s+|\w+|[^\w\s]")
_CUT: Final = "…"


class Comparison:
    """Compares many pairs of words with one bound on the work for all of them."""

    def __init__(self) -> None:
        self._left = limits.COMPARED_STEPS_MAX
        self._chars = limits.COMPARED_TOTAL_MAX

    @property
    def spent(self) -> bool:
        """Say whether no more words can be shown: what differs from here on is only said to differ."""
        return self._chars <= 0

    def runs(self, before: str, after: str) -> Iterator[tuple[str, str]]:
        """Give runs of words: "=" in both, "-" only before, "+" only after."""
        old, new = _WORD.findall(self._shown(before)), _WORD.findall(self._shown(after))
        start, tail = same_ends(old, new)
        if start:
            yield "=", "".join(old[:start])
        yield from self._between(old[start : len(old) - tail], new[start : len(new) - tail])
        if tail:
            yield "=", "".join(old[len(old) - tail :])
        if old == new and before != after:  # they differ in what is not shown
            yield from unshown(same=False)

    def _shown(self, words: str) -> str:
        most = max(0, min(limits.COMPARED_CHARS_MAX, self._chars))
        self._chars -= len(words)
        return words if len(words) <= most else words[:most] + _CUT

    def _between(self, old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
        at, other = 0, 0
        for first, second, count in [*self._common(old, new), (len(old), len(new), 0)]:
            if at < first:
                yield "-", "".join(old[at:first])
            if other < second:
                yield "+", "".join(new[other:second])
            if count:
                yield "=", "".join(old[first : first + count])
            at, other = first + count, second + count

    def _common(self, old: list[str], new: list[str]) -> list[tuple[int, int, int]]:
        """Give (place in old, place in new, how many words) of what is in both; nothing if it takes too long."""
        furthest, trace = {1: 0}, list[dict[int, int]]()
        for edits in range(len(old) + len(new) + 1):
            self._left -= 2 * edits + 1
            if self._left < 0:
                return []
            trace.append(dict(furthest))
            for line in range(-edits, edits + 1, 2):
                began, _ = _begin(furthest, line, edits)
                x = began
                while x < len(old) and x - line < len(new) and old[x] == new[x - line]:
                    x += 1
                self._left -= x - began
                furthest[line] = x
                if x >= len(old) and x - line >= len(new):
                    return _back(trace, len(old), len(new))
        return []


def unshown(same: bool) -> tuple[tuple[str, str], ...]:
    """Give the runs of words that are not shown: none if they are the same."""
    return () if same else (("-", _CUT), ("+", _CUT))


def _begin(furthest: dict[int, int], line: int, edits: int) -> tuple[int, bool]:
    """Give how far a line is reached by one more word, and whether that word came (True) or went."""
    came = line == -edits or (line != edits and furthest[line - 1] < furthest[line + 1])
    return (furthest[line + 1] if came else furthest[line - 1] + 1), came


def _back(trace: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int, int]]:
    """Walk back from the end, and give the runs that are in both, in order."""
    found = list[tuple[int, int, int]]()
    for edits in range(len(trace) - 1, -1, -1):
        line = x - y
        begin, came = _begin(trace[edits], line, edits)
        if x > begin:
            found.append((begin, begin - line, x - begin))
        x, y = (begin, begin - line - 1) if came else (begin - 1, begin - line)
    return found[::-1]
