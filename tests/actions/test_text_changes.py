"""Two moments of a text, word by word: true of both, and in bounded time whatever a peer wrote."""

from __future__ import annotations

import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from parley import limits
from parley.actions.text_changes import Comparison

WORDS = st.lists(st.sampled_from(("ten ", "days ", "五", "of ", "notice. ")), max_size=12).map("".join)


@settings(max_examples=300, deadline=None)
@given(WORDS, WORDS)
def test_the_runs_are_the_words_before_and_the_words_after(before: str, after: str) -> None:
    """A word that is shown as unchanged and is not would be a lie about a treaty."""
    runs = list(Comparison().runs(before, after))

    assert "".join(words for mark, words in runs if mark != "+") == before
    assert "".join(words for mark, words in runs if mark != "-") == after
    assert all(words for _, words in runs)


def test_what_stayed_is_found_between_what_changed() -> None:
    """People read the words that changed, so no more than those may be marked."""
    runs = list(Comparison().runs("Within ten days of it, by telephone.", "Within five days of it, by radio."))

    assert runs == [
        ("=", "Within "), ("-", "ten"), ("+", "five"), ("=", " days of it, by "), ("-", "telephone"), ("+", "radio"),
        ("=", "."),
    ]  # fmt: skip


def test_words_chosen_to_be_dear_do_not_hold_up_the_node() -> None:
    """One paragraph of two words in random order took 4 s, and with brackets for ever: anybody who may read can ask."""
    dice = random.Random(1)
    before, after = ("".join(dice.choice(("a ", "b ")) for _ in range(4_000)) for _ in range(2))
    comparison, began = Comparison(), time.process_time()
    runs = [list(comparison.runs(before, after)) for _ in range(6)]

    assert time.process_time() - began < 2.0
    assert runs[5] and "".join(words for mark, words in runs[5] if mark != "+") == before


def test_a_change_beyond_what_is_shown_is_still_said() -> None:
    """Hundreds of alternatives written out are megabytes; the page must not say that nothing changed."""
    long = "days " * (limits.COMPARED_CHARS_MAX // 5 + 10)
    runs = list(Comparison().runs(long + "ten", long + "five"))

    assert runs[-2:] == [("-", "…"), ("+", "…")]
    assert sum(len(words) for _, words in runs) < limits.COMPARED_CHARS_MAX + 10


def test_all_that_one_page_compares_is_bounded() -> None:
    """A peer may fill four thousand parts: whoever asked what changed held up the node for minutes."""
    long, comparison = "a, " * 10_000, Comparison()
    began = time.process_time()
    told = [list(comparison.runs("", long)) for _ in range(2_000)]

    assert time.process_time() - began < 3.0
    assert told[0] == [("+", long)] and told[-1] == [("+", "…")] and comparison.spent
    assert sum(len(words) for runs in told for _, words in runs) < limits.COMPARED_TOTAL_MAX + 10_000
    assert list(comparison.runs("one", "two"))[-2:] == [("-", "…"), ("+", "…")]
