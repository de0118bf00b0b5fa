"""A statement in a text: which words, who is said to have said them, to whom, how, and through whom we know.

Owns: `Statement`, which people confirm, and `Suggestion`, which a machine proposes. Places are code points in the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Manner = Literal["direct", "indirect", "mixed"]
MANNERS: Final = ("direct", "indirect", "mixed")
Level = Literal["likely", "possible", "unsure"]
LEVELS: Final[tuple[Level, ...]] = ("likely", "possible", "unsure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement.

    Attributes:
        start, end: The sentence or part of one that it stands in.
        words_start, words_end: What was said, inside it.
        who: The speaker as the text names them; "" for whoever issues the text.
        whom: To whom; "" where the text does not say.
        verb: The verb of saying; "" for none.
        through: From whom the text has it ("according to …"); "" where it says it itself.
        manner: direct (quotation marks), indirect, or mixed: indirect with a quotation in it.
        topic: Under which topic a person put it; "" for none.
    """

    start: int
    end: int
    words_start: int
    words_end: int
    who: str
    whom: str = ""
    verb: str = ""
    through: str = ""
    manner: str = "indirect"
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A statement as a machine proposes it: how sure, and on what ground. Never more than a proposal."""

    statement: Statement
    level: Level
    ground: str  # a code with words in the desk's catalogue: "quoted", "verb", "topic-words", …
