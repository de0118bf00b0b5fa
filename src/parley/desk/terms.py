"""The words that people act on, as one table: what each says in every language, and what it means.

`terms.json` is the authority; the help page and docs/desk/words.md show it, and a test holds the catalogues to it:
the sentences it names use just these words, and so does every sentence where a term stands `everywhere`. A word is
marked as not yet checked until a native speaker of its language has read word and meaning and is named in `checked`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from parley.desk.words import LANGUAGES


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A term in one language: the word, its meaning, and the forms by which sentences are searched for it."""

    word: str
    means: str
    forms: tuple[str, ...]
    checked: str = ""  # the native speaker who checked it; empty until one has


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One row: `sentences` are keys of the catalogues that must use it."""

    id: str
    sentences: tuple[str, ...]
    everywhere: bool
    said: dict[str, Said]


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    """Read the table, in its order."""
    rows = json.loads(files("parley.desk").joinpath("terms.json").read_text("utf-8"))
    return tuple(
        Term(
            id=row["id"],
            sentences=tuple(row.get("sentences", ())),
            everywhere=row.get("everywhere", False),
            said={tag: Said(**(row[tag] | {"forms": tuple(row[tag]["forms"])})) for tag in LANGUAGES},
        )
        for row in rows
    )
