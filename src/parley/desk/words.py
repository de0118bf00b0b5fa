"""Every sentence of the desk, in the person's language.

The catalogues are flat JSON, one key a sentence, `{name}` for what is filled in. A sentence that counts is an object
by plural category (Unicode CLDR: Chinese has one form, Arabic six). Names and numbers that are filled in
are wrapped in <bdi>, so that a Latin name never turns an Arabic sentence around, nor the other way.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import Final

from markupsafe import Markup, escape

LANGUAGES: Final = {"en": "ltr", "ar": "rtl", "zh": "ltr", "fr": "ltr", "ru": "ltr", "es": "ltr"}
# What a page names as its language where that says more than our tag: browsers choose characters' forms by it.
PAGE_TAGS: Final = {"zh": "zh-Hans"}
COMMAS: Final = {"ar": "، ", "zh": "、"}  # between the parts of a list, where that is not a comma
_FIELD = re.compile(r"\{([a-z_]+)\}")


def plural(language: str, count: int) -> str:
    """Give the plural category of a whole number (CLDR 45: `ar`, `en`, `es`, `fr`, `ru`, `zh`).

    French and Spanish have a form for whole millions as well, which no count on a page reaches.
    """
    match language:
        case "ar":
            return _arabic(count)
        case "ru":
            return _russian(count)
        case "fr":
            return "one" if count in (0, 1) else "other"
        case "zh":
            return "other"
    return "one" if count == 1 else "other"


def _arabic(count: int) -> str:
    if count in (0, 1, 2):
        return ("zero", "one", "two")[count]
    rest = count % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


def _russian(count: int) -> str:
    tens, ones = count % 100, count % 10
    if ones == 1 and tens != 11:
        return "one"
    return "few" if 2 <= ones <= 4 and not 12 <= tens <= 14 else "many"


def own_sentences(language: str) -> dict[str, str | dict[str, str]]:
    """Read one catalogue, with what it has and nothing else."""
    text = files("parley.desk").joinpath("strings", f"{language}.json").read_text("utf-8")
    read: dict[str, str | dict[str, str]] = json.loads(text)
    return read


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> dict[str, str | dict[str, str]]:
    """Give one catalogue; a sentence that a language has not got yet is had in English, never missing on a page."""
    own = own_sentences(language)
    return own if language == "en" else catalogue("en") | own


class Words:
    """The sentences of one language."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self.dir = LANGUAGES[self.language]
        self.tag = PAGE_TAGS.get(self.language, self.language)
        self.comma = COMMAS.get(self.language, ", ")

    def knows(self, key: str) -> bool:
        """Tell whether there is a sentence of this name."""
        return key in catalogue(self.language)

    def _sentence(self, key: str, fields: dict[str, object]) -> str:
        found = catalogue(self.language)[key]
        if isinstance(found, str):
            return found
        count = fields.get("count", 0)
        return found[plural(self.language, count if isinstance(count, int) else 0)]

    def html(self, key: str, **fields: object) -> Markup:
        """Give a sentence for a page: fields escaped and set apart with <bdi>."""

        def fill(match: re.Match[str]) -> str:
            value = fields[match.group(1)]
            return str(value) if isinstance(value, Markup) else f"<bdi>{escape(value)}</bdi>"

        sentence = self._sentence(key, fields)
        parts: list[str] = []
        end = 0
        for match in _FIELD.finditer(sentence):
            parts += [str(escape(sentence[end : match.start()])), fill(match)]
            end = match.end()
        parts.append(str(escape(sentence[end:])))
        return Markup("".join(parts))  # noqa: S704 -- every part was escaped above

    def plain(self, key: str, **fields: object) -> str:
        """Give a sentence for an attribute or a title: fields between first-strong isolates."""
        return _FIELD.sub(lambda match: f"\u2068{fields[match.group(1)]}\u2069", self._sentence(key, fields))


def choose(cookie: str, accepted: str) -> str:
    """Give the language a person chose, else the first we know that their browser asks for, else English."""
    if cookie in LANGUAGES:
        return cookie
    for part in accepted.split(","):
        tag = part.split(";")[0].strip().lower().split("-")[0]
        if tag in LANGUAGES:
            return tag
    return "en"
