"""How like two stretches of text are, by their short runs of characters; and under which topic a statement may stand.

Owns: character runs weighed by how rare they are (3 to 5 letters; 1 and 2 signs of Han), topics and pairs.
Does not own: whether they say the same: that is for people. How well: docs/desk/readouts.md.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parley.statements.parts import Level

_HAN: Final = re.compile(r"[\u3400-\u9fff]+")
_WORD: Final = re.compile(r"[^\W\d_\u3400-\u9fff]+|\d+")
_LIKELY, _POSSIBLE, _UNSURE = 0.34, 0.2, 0.1


def runs(text: str) -> Counter[str]:
    """Give the character runs of a text."""
    found: Counter[str] = Counter()
    low = text.casefold()
    for match in _WORD.finditer(low):
        word = f" {match[0]} "
        for size in (3, 4, 5):
            found.update(word[at : at + size] for at in range(len(word) - size + 1))
    for match in _HAN.finditer(low):
        found.update(match[0])
        found.update(match[0][at : at + 2] for at in range(len(match[0]) - 1))
    return found


class Likeness:
    """Texts as weighed runs; likeness is the cosine between two of them."""

    def __init__(self, texts: Sequence[str]) -> None:
        counted = [runs(text) for text in texts]
        seen: Counter[str] = Counter()
        for one in counted:
            seen.update(one.keys())
        total = len(texts) + 1
        self._weights = {run: math.log(total / (count + 0.5)) for run, count in seen.items()}
        self._texts = [self._weigh(one) for one in counted]

    def _weigh(self, counted: Counter[str]) -> dict[str, float]:
        found = {run: (1 + math.log(count)) * self._weights.get(run, 0.0) for run, count in counted.items()}
        length = math.sqrt(sum(value * value for value in found.values())) or 1.0
        return {run: value / length for run, value in found.items()}

    def between(self, first: int, second: int) -> float:
        """Give 0 to 1 for two of the texts, by their place."""
        one, other = self._texts[first], self._texts[second]
        if len(one) > len(other):
            one, other = other, one
        return sum(value * other.get(run, 0.0) for run, value in one.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A topic offered for a statement: how sure, and on what ground."""

    topic: str
    level: Level
    ground: str  # agenda-words | like-confirmed


def offer_topic(words: str, agenda: Sequence[str], confirmed: Mapping[str, Sequence[str]]) -> Offered | None:
    """Offer a topic: by the words of an agenda item or term, or by what people put under a topic before."""
    names = [*dict.fromkeys((*agenda, *confirmed))]
    if not names:
        return None
    texts = [words, *names, *(" ".join(confirmed.get(name, ())) or name for name in names)]
    like = Likeness(texts)
    best, score, ground = "", 0.0, ""
    for number, name in enumerate(names, 1):
        by_name = max(like.between(0, number), _LIKELY if _stands(name, words) else 0.0)
        by_kept = like.between(0, number + len(names)) if confirmed.get(name) else 0.0
        if max(by_name, by_kept) > score:
            best, score = name, max(by_name, by_kept)
            ground = "like-confirmed" if by_kept > by_name else "agenda-words"
    level = level_of(score)
    return None if level is None else Offered(topic=best, level=level, ground=ground)


def _stands(name: str, words: str) -> bool:
    """Say whether a topic's name, or its name in one of the languages ("controls / 管制"), stands in the words."""
    low = words.casefold()
    for part in filter(None, name.casefold().split(" / ")):
        edge = r"\b" if not _HAN.search(part) else ""
        if re.search(edge + re.escape(part) + edge, low):
            return True
    return False


def level_of(score: float) -> Level | None:
    """Give the level of a likeness; None for too little to be offered."""
    if score >= _LIKELY:
        return "likely"
    return "possible" if score >= _POSSIBLE else "unsure" if score >= _UNSURE else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Two statements that may speak of the same thing, by their places in the two lists."""

    first: int
    second: int
    level: Level
    ground: str  # words | topic


def pair(first: Sequence[tuple[str, str]], second: Sequence[tuple[str, str]]) -> tuple[Paired, ...]:
    """Propose pairs between two accounts, each statement once; each is (its words, its topic or "")."""
    like = Likeness([words for words, _ in (*first, *second)])
    scored = []
    for one, (_, topic) in enumerate(first):
        for other, (_, its) in enumerate(second):
            same = bool(topic) and topic.casefold() == its.casefold()
            score = like.between(one, len(first) + other) + (0.15 if same else 0.0)
            scored.append((score, one, other, "topic" if same else "words"))
    found, used_first, used_second = [], set[int](), set[int]()
    for score, one, other, ground in sorted(scored, key=lambda each: (-each[0], each[1], each[2])):
        level = level_of(score)
        if level is None or one in used_first or other in used_second:
            continue
        used_first.add(one)
        used_second.add(other)
        found.append(Paired(first=one, second=other, level=level, ground=ground))
    return tuple(found)


def topics_of(texts: Sequence[str], count: int = 12) -> tuple[str, ...]:
    """Give words that the statements themselves repeat, the most telling first, as topics to choose from."""
    seen: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for text in texts:
        words = set()
        for match in re.finditer(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)*|\b[a-z]{6,}\b", text):
            words.add(match[0].casefold())
            shown.setdefault(match[0].casefold(), match[0])
        for run in _HAN.findall(text):
            words.update(run[at : at + 2] for at in range(len(run) - 1))
        seen.update(words)
    telling = [(n * len(word), word) for word, n in seen.items() if 2 <= n <= max(2, len(texts) // 2)]
    return tuple(shown.get(word, word) for _, word in sorted(telling, key=lambda one: (-one[0], one[1]))[:count])
