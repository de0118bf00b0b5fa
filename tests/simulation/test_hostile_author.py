"""What a side writes that has read our source: every entry gets a verdict, and every view stays readable (7)."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.simulation.hostile_author import HostileAuthor


def attacked(seed: int, entries: int) -> Counter[str]:
    """Let North hear so many entries; everything it holds can be read afterwards, also after a start."""
    author = HostileAuthor(seed)
    verdicts = Counter(verdict for _ in range(entries) for verdict in author.say())
    north = author.north
    for log in sorted(north.store.logs()):
        for row in north.store.folds(log, 0, north.store.folded(log)):
            if row.verdict == "valid":
                assert north.book.view(row.channel, row.subject) is not None
        north.book.thread(log.channel)
        north.book.open_items(log.channel)
    again = north.afresh()
    assert again.digest(again.cut()) == north.book.digest(north.book.cut())
    return verdicts


@pytest.mark.parametrize("seed", [125, 126, 1037])  # the last once stopped the node: docs/track-record.md
def test_whatever_a_side_says_in_the_right_form_gets_a_verdict(seed: int) -> None:
    """Pasts that leave out, ends that were not, references to anything: none stops the node that hears it."""
    verdicts = attacked(seed, 300)

    assert verdicts["valid"] >= 10
    assert verdicts["not-valid"] >= 50


@pytest.mark.long
@pytest.mark.parametrize("first", range(1000, 1100))
def test_whatever_a_side_says_in_the_right_form_gets_a_verdict_many_times(first: int) -> None:
    """The same for hours of such talk."""
    assert attacked(first, 400)["valid"] >= 1
