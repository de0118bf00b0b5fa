"""The labelled texts say what they claim, and the suggestions stay as good on them as the issue asks."""

from __future__ import annotations

import pytest
from benchmarks.talks_statements import FOLDER, Label, read_labelled, score

from parley.statements.picking import pick


@pytest.mark.parametrize("language", ["en", "zh"])
def test_suggestions_on_texts_the_rules_were_not_written_on(language: str) -> None:
    """At least 0.65 usable; a change of rules that loses it is seen here."""
    text, labels = read_labelled(FOLDER / f"test-{language}.txt")
    assert len(labels) >= 15
    _, _, both = score(text, labels, pick(text, language))
    assert both >= 0.65


def test_a_wrong_speaker_or_half_the_words_is_not_usable() -> None:
    """The measure itself must be able to fail."""
    text = "The envoy said that the gate stays shut for the night."
    found = pick(text, "en")
    assert score(text, [Label("The envoy", "the gate stays shut for the night")], found) == (1, 1, 1)
    assert score(text, [Label("The minister", "the gate stays shut for the night")], found)[2] == 0
    assert score(text, [Label("Nobody", "the gate stays shut for the night")], found)[2] == 0
    assert score(text, [Label("The envoy", "shut for the night")], found)[2] == 0
