"""From the words somebody typed to the change they made: one range of an alternative, and other words for it.

Owns: the words an alternative shows for editing, and which change leads from them to other words.
Always true: applying the change to the alternative shows the typed words where it is accepted, and touches no
accepted words in part: those it meets are taken in whole (rules.py, `texts.replaced`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parley.errors import Refused
from parley.subjects.texts.algebra import Alternative, Change, children_of, groups

Alternatives = Mapping[str, Alternative]


@dataclass(frozen=True, slots=True)
class _Run:
    """Words as they are shown, and which of the base's they stand for; `whole`: they are changed all or not at all."""

    start: int
    end: int
    words: str
    accepted: str  # the accepted alternative that they are; "" for the base's own words


@dataclass(frozen=True, slots=True)
class Edit:
    """The change, and the alternative whose words it changes."""

    base: str
    change: Change


def shown_words(alternatives: Alternatives, name: str, tag: str) -> str:
    """Give an alternative's words with what was accepted in them, and its own words where a bracket is open."""
    return "".join(run.words for run in _runs(alternatives, name, tag))


def edit(alternatives: Alternatives, name: str, tag: str, typed: str) -> Edit:
    """Give the change that leads from the shown words to those that were typed.

    Raises: Refused `texts.same` if nothing was changed.
    """
    runs = _runs(alternatives, name, tag)
    old = "".join(run.words for run in runs)
    if old == typed:
        raise Refused("texts.same", "these are the words as they stand; nothing was proposed")
    start, end = _differs(old, typed)
    words = typed[start : len(typed) - (len(old) - end)]
    low = [sum(len(run.words) for run in runs[:number]) for number in range(len(runs))]
    inside = _inside(runs, low, start, end)
    if inside is not None:
        at, high = low[inside], low[inside] + len(runs[inside].words)
        return edit(alternatives, runs[inside].accepted, tag, typed[at : len(typed) - (len(old) - high)])
    first = next(n for n, run in enumerate(runs) if low[n] <= start <= low[n] + len(run.words) - (start != end))
    last = first if start == end else next(n for n, run in enumerate(runs) if low[n] < end <= low[n] + len(run.words))
    begin, shown_from = (runs[first].start + start - low[first], start)
    if runs[first].accepted:
        begin, shown_from = runs[first].start, low[first]
    finish, shown_to = (runs[last].start + end - low[last], end)
    if runs[last].accepted:
        finish, shown_to = runs[last].end, low[last] + len(runs[last].words)
    # What was put in at an edge of the range belongs to it: it would stand in one bracket with it (algebra.py).
    while first > 0 and runs[first - 1].start == runs[first - 1].end == begin:
        first -= 1
        shown_from = low[first]
    while last + 1 < len(runs) and runs[last + 1].start == runs[last + 1].end == finish:
        last += 1
        shown_to = low[last] + len(runs[last].words)
    words = old[shown_from:start] + words + old[end:shown_to]
    return Edit(name, Change(start=begin, end=finish, words=words))


def _inside(runs: list[_Run], low: list[int], start: int, end: int) -> int | None:
    """Give the accepted run that holds the whole change; one that only touches what is put in counts as well."""
    for number, run in enumerate(runs):
        if run.accepted and low[number] <= start and end <= low[number] + len(run.words):
            return number
    return None


def _runs(alternatives: Alternatives, name: str, tag: str) -> list[_Run]:
    one = alternatives[name]
    if tag not in one.changes:
        return []
    words, at, runs = one.changes[tag].words, 0, []
    siblings = children_of(alternatives.values()).get(name, [])
    alone = [group[0] for group in groups(siblings) if len(group) == 1 and group[0].state == "accepted"]
    accepted = [each for each in alone if tag in each.changes]
    for each in sorted(accepted, key=lambda one: (one.changes[tag].start, one.changes[tag].end)):
        change = each.changes[tag]
        if at < change.start:
            runs.append(_Run(at, change.start, words[at : change.start], ""))
        runs.append(_Run(change.start, change.end, shown_words(alternatives, each.name, tag), each.name))
        at = change.end
    if at < len(words) or not runs:
        runs.append(_Run(at, len(words), words[at:], ""))
    return runs


def same_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Give how many signs, or words, are the same at the beginning and at the end of both; the two do not overlap."""
    start, most = 0, min(len(old), len(new))
    while start < most and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < most - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return start, tail


def _differs(old: str, new: str) -> tuple[int, int]:
    """Give the range of the old words that was changed, grown to whole words where a script divides them."""
    start, tail = same_ends(old, new)
    end = len(old) - tail
    while start > 0 and _divides(old, start) and start > 0 and _word(old[start - 1]):
        start -= 1
    while end < len(old) and _word(old[end]) and _word(old[end - 1] if end > start else " "):
        end += 1
    return start, end


def _divides(old: str, at: int) -> bool:
    return at < len(old) and _word(old[at])


def _word(sign: str) -> bool:
    """Say whether a sign is part of a word of a script that puts spaces between words."""
    return sign.isalnum() and not "\u2e80" <= sign <= "\uffef" and ord(sign) < 0x20000
