"""Both nodes see one text, byte for byte, whatever both sides said at once and in whatever order it came."""

from __future__ import annotations

import json

import pytest
from tests.subjects.text_living import CHANNEL, live, text_of

from parley.subjects import plain
from parley.subjects.texts import TextView
from parley.subjects.texts.content import lines
from parley.subjects.texts.outline import outline_of


def told(view: object) -> bytes:
    """Give a view's bytes: of its frame, of each unit, and of the lines that a signature covers."""
    assert isinstance(view, TextView)
    folded = {name: outline_of(view.units[name]) for name in view.units}
    assert {one.name: list(one) for one in view.outlines()} == folded
    parts = [plain(view.frame), *(plain(view.units[name]) for name in sorted(view.units))]
    return b"\n".join([*(json.dumps(part, sort_keys=True).encode() for part in parts), *lines(view)])


@pytest.mark.parametrize("seed", range(50))
def test_three_hundred_edits_by_both_sides_fold_alike(seed: int) -> None:
    """What one side sees bracketed the other must not see agreed."""
    check(seed, 300)


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, 1000, 50))
def test_a_thousand_seeds_of_three_hundred_edits(first: int) -> None:
    """The same, at length."""
    for seed in range(first, first + 50):
        check(seed, 300)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_ten_thousand_edits_fold_alike(seed: int) -> None:
    """The same, in one long negotiation."""
    check(seed, 10_000)


def check(seed: int, steps: int) -> None:
    """Live through a negotiation; both nodes, and books that start from their disks, must see the same bytes."""
    north, south, subject, said = live(seed, steps)
    ended = text_of(north, subject).frame.signed  # once both have signed, hardly anything may be said
    assert said == steps or ended, f"seed {seed}: only {said} edits were allowed"
    views: list[object] = [text_of(node, subject) for node in (north, south)]
    views += [node.afresh().view(CHANNEL, subject) for node in (north, south)]
    assert len({told(view) for view in views}) == 1, f"seed {seed}"
    cut = north.book.cut()
    assert len({book.digest(cut) for book in (north.book, south.book, north.afresh())}) == 1, f"seed {seed}"
    assert all(row.verdict == "valid" for log in north.store.logs() for row in north.store.folds(log, 0, 10**6))
