"""Whether both nodes fold one text alike, whatever both sides said at once, in the negotiations the tests live through.

Owns: the row `alike`. The edits, and what is compared: tests/subjects/text_living.py, test_text_converge.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from benchmarks.rows import Row, failed, limit_row

# How many negotiations, of how many edits. A thousand of 300 are in `./run test --long`: they take ten minutes.
LIVED: Final = ((50, 300), (3, 10_000))


def rows(only: list[str]) -> Iterator[Row]:
    """Give the rows asked for, or all."""
    if only and "alike" not in only:
        return
    try:
        from tests.subjects.test_text_converge import check
    except ImportError as fault:
        yield failed("text views alike at both nodes", LIVED[0][0], f"the tests are not here: {fault}", ok=None)
        return
    for seeds, edits in LIVED:
        alike, why = 0, "byte for byte, after a start from disk too"
        for seed in range(seeds):
            try:
                check(seed, edits)
                alike += 1
            except AssertionError as fault:
                why = str(fault)[:200]
        name = f"text views alike at both nodes, {edits} random edits by both sides"
        yield limit_row(name, alike, seeds, "seeds", least=True, why=why)
