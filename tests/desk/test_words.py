"""The catalogues: the same sentences in every language, each with what is filled in and in every plural."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from markupsafe import Markup

from parley.desk.keys import KEYS
from parley.desk.words import LANGUAGES, Words, catalogue, choose, own_sentences, plural

TEMPLATES = {entry.name: entry.read_text("utf-8") for entry in files("parley.desk").joinpath("templates").iterdir()}
COMPLETE = ("en", "ar", "zh", "fr", "ru", "es")
FIELD = re.compile(r"\{([a-z_]+)\}")
PLURALS = {
    "ar": {"zero", "one", "two", "few", "many", "other"},
    "en": {"one", "other"},
    "es": {"one", "other"},
    "fr": {"one", "other"},
    "ru": {"one", "few", "many"},
    "zh": {"other"},
}


def forms(language: str, key: str) -> dict[str, str]:
    found = catalogue(language)[key]
    return found if isinstance(found, dict) else {"other": found}


def test_every_language_has_every_sentence() -> None:
    """A missing sentence would be a page that fails, for the person who can least read the other language."""
    wanted = set(own_sentences("en"))
    missing = {language: sorted(wanted - set(own_sentences(language))) for language in COMPLETE}
    assert missing == {language: [] for language in COMPLETE}
    assert {language: sorted(set(own_sentences(language)) - wanted) for language in LANGUAGES} == {
        language: [] for language in LANGUAGES
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_fills_in_the_same_things_in_every_language(language: str) -> None:
    """A lost field would hide who, when or how many."""
    ours = own_sentences(language)
    for key, english in catalogue("en").items():
        sentences = english.values() if isinstance(english, dict) else (english,)
        wanted = {name for form in sentences for name in FIELD.findall(form)}
        if key not in ours:
            continue
        said = ours[key]
        for category, form in (said if isinstance(said, dict) else {"other": said}).items():
            told = set(FIELD.findall(form))
            spelled_out = {"count"} if category in ("zero", "one", "two") else set()
            assert wanted - told <= spelled_out | ({"up"} if category == "zero" else set()), (language, key, category)
            assert told <= wanted, (language, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_that_counts_has_every_plural_of_its_language(language: str) -> None:
    """Arabic counts in six forms; a missing one is a crash at the eleventh message."""
    for key, found in own_sentences(language).items():
        if isinstance(found, dict):
            assert set(found) == PLURALS[language], key


def test_plurals_follow_unicode() -> None:
    """CLDR 45, cardinal rules for whole numbers."""
    arabic = {0: "zero", 1: "one", 2: "two", 3: "few", 10: "few", 11: "many", 99: "many", 100: "other", 103: "few"}
    assert {count: plural("ar", count) for count in arabic} == arabic
    russian = {0: "many", 1: "one", 2: "few", 4: "few", 5: "many", 11: "many", 12: "many", 21: "one", 111: "many"}
    assert {count: plural("ru", count) for count in russian} == russian
    assert [plural("en", count) for count in (0, 1, 2)] == ["other", "one", "other"]
    assert [plural("fr", count) for count in (0, 1, 2)] == ["one", "one", "other"]
    assert [plural("es", count) for count in (0, 1, 2)] == ["other", "one", "other"]
    assert [plural("zh", count) for count in (0, 1, 2)] == ["other", "other", "other"]


def test_every_sentence_a_template_asks_for_is_there() -> None:
    """Words made of parts (`"state." ~ x`) are checked by drawing the pages; these are the plain ones."""
    asked = {key for text in TEMPLATES.values() for key in re.findall(r"""\bta?\(["']([a-z][\w.?-]*[\w?])["']""", text)}
    assert sorted(key for key in asked if key not in catalogue("en")) == []


def test_what_is_filled_in_is_escaped_and_set_apart() -> None:
    """A person's name must neither run as markup nor turn an Arabic sentence around."""
    told = Words("ar").html("people.link-for", name="<b>x")
    assert "<bdi>&lt;b&gt;x</bdi>" in told
    assert Words("en").html("due.plain", age=Markup("<b>1</b>")) == "due in <b>1</b>"
    assert Words("en").plain("people.side", side="North") == "People of \u2068North\u2069"


def test_the_language_is_the_chosen_one_else_the_browsers() -> None:
    """A duty officer's choice outlasts the machine's settings."""
    assert choose("ar", "en") == "ar"
    assert choose("", "de-CH, ar;q=0.9, en;q=0.8") == "ar"
    assert choose("", "fr-CH, ar;q=0.9") == "fr"
    assert choose("", "zh-CN,zh;q=0.9") == "zh"
    assert choose("xx", "") == "en"


def test_chinese_is_set_in_chinese() -> None:
    """Half-width marks and spaces between characters are how a page looks that nobody there has read."""
    han = r"[\u4e00-\u9fff]"
    wrong = [
        key for key in catalogue("zh") for form in forms("zh", key).values()
        if not key.startswith("status.line.")
        and re.search(rf"{han}[,.;:!?()]|[,;:!?()]{han}|{han} {han}|['\"—]|[。，；：] ", form)
    ]  # fmt: skip
    assert wrong == []


def test_french_keeps_its_marks_with_their_words() -> None:
    """A mark alone at the beginning of a line is how a page looks that nobody there has read."""
    wrong = [
        key for key in own_sentences("fr") for form in forms("fr", key).values()
        if re.search(r"(?<![\u00a0\u202f\d])[:;?!»](?=\s|$)|«(?!\u00a0)|['\"]{2}| [:;?!»]", form)
    ]  # fmt: skip
    assert wrong == []


def test_no_language_says_sent_delivered_or_failed_of_a_message() -> None:
    """Promise 2 again: the word must not come back through a translation."""
    never = {
        "ar": ("أُرسلت الرسالة", "سُلّمت الرسالة"), "en": ("delivered",), "es": ("mensaje entregado", "mensaje enviado"),
        "fr": ("délivré", "message remis"), "ru": ("доставлен",), "zh": ("已送达", "已发送", "发送失败"),
    }  # fmt: skip
    for language, words in never.items():
        for key in catalogue(language):
            for form in forms(language, key).values():
                assert key == "help.facts-means" or not [word for word in words if word in form.lower()], key


def test_delivery_has_four_words_and_never_a_fifth() -> None:
    """Promise 2: the desk must not say "sent", "delivered" or "failed" of a message."""
    words = {catalogue("en")[key] for key in catalogue("en") if key.startswith("fact.")}
    assert words == {
        "not yet", "On our disk", "On their disk", "Shown at their desk", "Shown at our desk", "Acknowledged by name",
    }  # fmt: skip


def test_every_key_in_a_template_is_in_the_table_that_the_help_page_shows() -> None:
    """A key that nobody can look up is pressed by accident only."""
    known = {key.press for key in KEYS}
    text = "\n".join(TEMPLATES.values())
    plain = set(re.findall(r'data-key="([^"{]+)"', text))
    assert plain <= known
    assert {key.words for key in KEYS} <= set(catalogue("en"))
    for letter in re.findall(r'\("\w+", "/\w*", "(.)"\)', text):
        assert letter in known or f"g {letter}" in known


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_page_holds_script_or_style(name: str) -> None:
    """The content policy forbids both, so a forgotten one would silently not work."""
    text = TEMPLATES[name]
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", text)
    assert "|safe" not in text.replace(" ", "")
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", text)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_field_has_a_label(name: str) -> None:
    """A screen reader says "edit, blank" to a field without one."""
    text = TEMPLATES[name]
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", text):
        if 'type="hidden"' in tag or 'type="checkbox"' in tag or 'type="radio"' in tag or "aria-label=" in tag:
            continue
        found = re.search(r'\sid="([^"]+)"', tag)
        assert found is not None, tag
        assert f'for="{found.group(1)}"' in text, tag


def test_the_page_of_keys_is_the_table() -> None:
    """Somebody prints it and puts it beside the screen."""
    page = (Path(__file__).parents[2] / "docs/desk/keys.md").read_text("utf-8")
    told = re.findall(r"^\| `([^`]+)` \| (.+) \|$", page, re.MULTILINE)
    assert told == [(key.press, catalogue("en")[key.words]) for key in KEYS]
