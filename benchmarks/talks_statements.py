"""Figures of readouts and search: how many suggestions are right, how long they take, and a search in three scripts.

Owns: the rows `statements`, `comparison` and `search`. The labelled texts: benchmarks/statements/README.md.
"""

from __future__ import annotations

import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.rows import Row, limit_row, quantile
from parley.record.names import LogId
from parley.statements.likeness import pair
from parley.statements.parts import Suggestion
from parley.statements.picking import pick
from parley.statements.terms import wanted
from parley.storage.search import Doc, SqliteSearch

FOLDER: Final = Path(__file__).parent / "statements"
# Reported for news, on a corpus that cannot be shipped: rules without a tagger, and people among themselves.
BESIDE: Final = "reported elsewhere, on other texts: such rules 0.64, people among themselves 0.91"
_NO_NAMES: Final = frozenset(("the", "a", "an", "of", "his", "her", "its"))  # shared by any two speakers
NAMES: Final = ("statements", "comparison", "search")
ENTRIES: Final = 100_000


def rows(only: list[str]) -> Iterator[Row]:
    """Give the rows asked for, or all."""
    chosen = set(only) & set(NAMES) if only else set(NAMES)
    if "statements" in chosen:
        for language, part in (("en", "dev"), ("en", "test"), ("zh", "test")):
            yield from _right(language, part)
    if "comparison" in chosen:
        yield _comparison()
    if "search" in chosen:
        yield from _search()


# --- how many are right -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Label:
    """What a person says stands in a text."""

    who: str
    words: str


def read_labelled(path: Path) -> tuple[str, list[Label]]:
    """Give a labelled text and its labels; raises ValueError for words that do not stand in their sentence."""
    sentences: list[str] = []
    labels: list[Label] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("> "):
            who, _, words = (part.strip() for part in line[2:].split(" | "))
            if words not in sentences[-1]:
                raise ValueError(f"{path.name}: these words do not stand in the sentence above them: {words[:40]}")
            labels.append(Label(who, words))
        elif line.strip():
            sentences.append(line.strip())
    return "\n".join(sentences), labels


def score(text: str, labels: list[Label], found: tuple[Suggestion, ...]) -> tuple[float, float, float]:
    """Give precision, recall and F1 of usable suggestions; each label counts once."""
    left = list(labels)
    right = 0
    for one in found:
        words = text[one.statement.words_start : one.statement.words_end]
        fits = next((label for label in left if _usable(label, one.statement.who, words)), None)
        if fits is not None:
            left.remove(fits)
            right += 1
    precision, recall = right / max(1, len(found)), right / max(1, len(labels))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def _parts(text: str) -> Counter[str]:
    return Counter(re.findall(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+", text.casefold()))


def _usable(label: Label, who: str, words: str) -> bool:
    one, other = _parts(label.words), _parts(words)
    shared = sum((one & other).values())
    same = bool(_parts(label.who).keys() & _parts(who).keys() - _NO_NAMES) or label.who == who
    return same and 2 * shared >= 0.8 * (sum(one.values()) + sum(other.values()))


def _right(language: str, part: str) -> Iterator[Row]:
    text, labels = read_labelled(FOLDER / f"{part}-{language}.txt")
    found = pick(text, language)
    precision, recall, both = score(text, labels, found)
    name = f"suggestions {language}, {part} set"
    why = f"{len(labels)} labels, {len(found)} suggested; precision {precision:.2f}, recall {recall:.2f}; {BESIDE}"
    if part == "test":
        yield limit_row(f"{name}: usable F1", both, 0.65, "", least=True, why=why)
    else:
        yield Row(
            row=f"{name}: usable F1 (the rules were written on it)", measured=round(both, 3), floor=None, limit=None,
            unit="", ok=True, why=why,
        )  # fmt: skip


# --- how long it takes ------------------------------------------------------------------------------------------------


def _comparison() -> Row:
    text, _ = read_labelled(FOLDER / "test-en.txt")
    words = " ".join((text.replace("\n", " ") + " ").split())
    long = " ".join((words + " ").split() * 4)[:13_900]  # some 2,200 words
    begin = time.perf_counter()
    one, other = pick(long, "en"), pick(long, "en")
    told = [[(long[s.statement.words_start : s.statement.words_end], "") for s in each] for each in (one, other)]
    pair(*told)
    took = time.perf_counter() - begin
    why = f"{len(long.split())} words each, {len(one)} suggestions each, pairs proposed; no network, no model"
    return limit_row("suggestions for two readouts", took, 2.0, "s", why=why)


_ENGLISH: Final = "strait export controls chips survey river release warning gauge hotline treaty delegation minister"
_ARABIC: Final = "المضيق الصادرات الرقائق النهر الاتفاق الوفد الوزير الحقوق الإنسان الحوار التحذير المعاهدة"
_SIGNS: Final = "台湾海峡人权问题出口管制条约代表团部长会谈放水数据热线勘测渔民运河官员委员会"


def _texts(dice: random.Random) -> Iterator[str]:
    while True:
        yield " ".join(dice.choices(_ENGLISH.split(), k=30) + [f"word{dice.randint(0, 20_000)}" for _ in range(10)])
        yield "".join(dice.choices(_SIGNS, k=80)) + ("。人权" if dice.random() < 0.02 else "")
        yield " ".join(dice.choices(_ARABIC.split(), k=30))


def _search() -> Iterator[Row]:
    dice = random.Random(8)
    with tempfile.TemporaryDirectory() as folder:
        index = SqliteSearch(Path(folder) / "search.db", "b" * 32)
        texts, begin = _texts(dice), time.perf_counter()
        for channel in range(10):
            log = LogId(f"talks-{channel}", "south", 0)
            docs = [
                (Doc(log.text, n, log.channel, "south", f"2026-11-23T{n % 24:02d}:00:00.000Z", "message.sent", ""),
                 next(texts))
                for n in range(ENTRIES // 10)
            ]  # fmt: skip
            index.add(log, len(docs), docs)
        filled = time.perf_counter() - begin
        asked = ["export controls", "台湾", "人权", "台", "حقوق الإنسان", "treaty hotline", "word77", '"river release"']
        rooms = [f"talks-{channel}" for channel in range(0, 10, 2)]
        took = []
        for _ in range(25):
            for query in asked:
                begin = time.perf_counter()
                index.find(wanted(query), rooms, count=50)
                took.append((time.perf_counter() - begin) * 1000)
        index.close()
    why = f"{ENTRIES} entries in three scripts, half the channels readable; filled in {filled:.0f} s"
    yield limit_row("search p95", quantile(took, 0.95), 100.0, "ms", why=why)
