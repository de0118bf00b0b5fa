"""What stands in one statement and not in the other: numbers, names, a negation, a condition.

Owns: finding these marks in English, Chinese and Arabic. Does not own: whether the two contradict; a person says that.
"""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*%?")
_NAME: Final = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)*")
_NOT: Final = re.compile(
    r"\b(?:not|no|never|neither|nor|without|cannot)\b|n[’']t\b|[不没未勿]|(?<!\w)(?:لا|لم|لن|ليس)(?!\w)", re.I
)
_IF: Final = re.compile(
    r"\b(?:if|unless|provided|as long as|on (?:the )?condition|subject to|until)\b"
    r"|如果|只要|前提|条件|除非|(?<!\w)(?:إذا|شرط|بشرط)(?!\w)",
    re.I,
)


def marks(text: str) -> dict[str, frozenset[str]]:
    """Give the marks of one statement by their kind."""
    return {
        "number": frozenset(_NUMBER.findall(text)),
        "name": frozenset(one.casefold() for one in _NAME.findall(text)),
        "negation": frozenset(("not",) if _NOT.search(text) else ()),
        "condition": frozenset(("if",) if _IF.search(text) else ()),
    }


def differ(first: str, second: str, *, same_language: bool) -> tuple[tuple[str, str, str], ...]:
    """Give (kind, only in the first, only in the second) where they differ; names only within one language."""
    one, other = marks(first), marks(second)
    kinds = ("number", "name", "negation", "condition") if same_language else ("number", "negation", "condition")
    return tuple(
        (kind, ", ".join(sorted(one[kind] - other[kind])), ", ".join(sorted(other[kind] - one[kind])))
        for kind in kinds
        if one[kind] != other[kind]
    )
