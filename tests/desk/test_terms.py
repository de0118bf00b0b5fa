"""The words that people act on: one table, and sentences that keep to it in every language."""

from __future__ import annotations

import re
import unicodedata

import pytest
from tests.desk.test_words import forms

from parley.desk.terms import Said, Term, terms
from parley.desk.words import LANGUAGES, catalogue, own_sentences

OTHERS = [language for language in LANGUAGES if language != "en"]


def bare(text: str) -> str:
    """Give a text without the marks that Arabic may leave out, and without capitals."""
    return "".join(char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) != "Mn").lower()


def uses(text: str, said: Said) -> bool:
    return any(bare(form) in bare(text) for form in said.forms)


def english_uses(text: str, term: Term) -> bool:
    """Tell whether an English sentence uses this term: in capitals where the term is in capitals."""
    return any(
        re.search(rf"\b{re.escape(form)}", text if form.isupper() else text.lower()) for form in term.said["en"].forms
    )


def test_the_table_has_some_sixty_words_each_with_its_meaning_in_every_language() -> None:
    """A word without its meaning is a guess, made by the side that knows the language least."""
    assert len({term.id for term in terms()}) == len(terms()) >= 60
    empty = [
        (term.id, language)
        for term in terms()
        for language, said in term.said.items()
        if not (said.word and said.means and said.forms) or not uses(said.word, said)
    ]
    assert empty == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_terms_are_one_word(language: str) -> None:
    """Two things that people act on must be told apart by ear, over a bad line."""
    words = [bare(term.said[language].word) for term in terms()]
    assert sorted({word for word in words if words.count(word) > 1}) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_named_in_the_table_use_its_word(language: str) -> None:
    """The button, the fact and the record must say one word for one thing. Change the word in the table first."""
    wrong = [
        (term.id, key, text)
        for term in terms()
        for key in term.sentences
        for text in forms(language, key).values()
        if not (english_uses(text, term) if language == "en" else uses(text, term.said[language]))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_term_that_stands_everywhere_is_never_said_in_another_way(language: str) -> None:
    """Where the English sentence uses such a word, each translation uses that language's word for it."""
    wrong = [
        (term.id, key, text)
        for term in terms()
        if term.everywhere
        for key in catalogue("en")
        if any(english_uses(text, term) for text in forms("en", key).values())
        if key in own_sentences(language)
        for text in forms(language, key).values()
        if not uses(text, term.said[language])
    ]
    assert wrong == []
