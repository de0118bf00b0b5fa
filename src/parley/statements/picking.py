"""All suggestions of one text, by the rules of its language.

Always true: what a person has marked already is not suggested again; at most limits.STATEMENTS_MAX are given.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from parley import limits
from parley.statements import arabic, chinese, english
from parley.statements.cutting import sentences
from parley.statements.parts import Statement, Suggestion

_RULES: Final = {"en": english.suggest, "zh": chinese.suggest, "ar": arabic.suggest}


def pick(text: str, language: str, marked: Collection[Statement] = ()) -> tuple[Suggestion, ...]:
    """Give the suggestions of a text in order; none in a language without rules."""
    rules = _RULES.get(language.partition("-")[0].lower())
    if rules is None:
        return ()
    found: list[Suggestion] = []
    for span in sentences(text[: limits.READOUT_CHARS_MAX]):
        for one in rules(text, span):
            told = one.statement
            if not any(_overlap(told, each) for each in marked):
                found.append(one)
    return tuple(found[: limits.STATEMENTS_MAX])


def _overlap(one: Statement, other: Statement) -> bool:
    return one.words_start < other.words_end and other.words_start < one.words_end
