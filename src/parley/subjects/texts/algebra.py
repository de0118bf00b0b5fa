"""The algebra of brackets: alternatives replace parts of one another's words, and what overlaps stands in one bracket.

Owns: what an alternative changes, which alternatives stand in one bracket, the pieces of a unit in one language.
Does not own: where alternatives come from and which of them are alive (unit_view.py).
Always true:
  1. Words once said never change, so a place in them (code points) means the same for ever, on both nodes.
  2. Two alternatives for words that overlap stand in one bracket; neither ever takes the other's place by itself.
  3. Which stands first is for show alone, and swapping the sides swaps nothing but the names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from parley.record.names import Ref

State = Literal["open", "accepted", "withdrawn", "lapsed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Other words for the code points from `start` up to `end` of the base, in one language."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One alternative: whose, for what, why, and how it stands.

    base: The alternative whose words it changes; "" for a unit's first one, which changes nothing.
    changes: By language. renders: Languages in which the side that answers for them has still to give it.
    state: open · accepted (by the other side) · withdrawn · lapsed (other words were accepted in its place).
    """

    name: str
    base: str
    side: str
    person: str
    at: str
    reason: str
    changes: Mapping[str, Change]
    renders: tuple[str, ...]
    state: State
    accepted_by: str  # the person of the other side
    accepted_at: str
    ref: Ref

    @property
    def alive(self) -> bool:
        """Say whether it is still on the table, or accepted."""
        return self.state in ("open", "accepted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of the words in a bracket. `base`: the words as they stand; `missing`: not given in this language yet."""

    alternative: str
    side: str
    base: bool
    state: State
    missing: bool
    content: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket:
    """Words that are not agreed: two options or more."""

    options: tuple[Option, ...]


Piece = str | Bracket
Alternatives = Mapping[str, Alternative]


def overlaps(one: Alternative, other: Alternative) -> bool:
    """Say whether two alternatives want other words in the same place of one base, in any language."""
    if one.base != other.base:
        return False
    return any(tag in other.changes and _meets(change, other.changes[tag]) for tag, change in one.changes.items())


def _meets(one: Change, other: Change) -> bool:
    """What is put in at the edge of what is replaced meets it: otherwise it could be meant for either side of it."""
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end


def covers(one: Alternative, other: Alternative) -> bool:
    """Say whether an alternative takes in the whole of another wherever both change the same language."""
    both = [tag for tag in other.changes if tag in one.changes]
    return all(
        one.changes[tag].start <= other.changes[tag].start and other.changes[tag].end <= one.changes[tag].end
        for tag in both
    )


def children_of(alternatives: Iterable[Alternative]) -> dict[str, list[Alternative]]:
    """Give the living alternatives by their base, in the order of their places."""
    found: dict[str, list[Alternative]] = {}
    for one in alternatives:
        if one.base and one.alive:
            found.setdefault(one.base, []).append(one)
    return found


def groups(siblings: list[Alternative]) -> list[list[Alternative]]:
    """Give the brackets among living alternatives of one base: those that overlap, directly or by others."""
    leader = {one.name: one.name for one in siblings}

    def lead(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for tag in sorted({tag for one in siblings for tag in one.changes}):
        ranges = sorted(
            (one.changes[tag].start, one.changes[tag].end, one.name) for one in siblings if tag in one.changes
        )
        last, top = ranges[0], ranges[0][1]
        open_ended = last[0] == last[1]  # something is put in at `top`
        for each in ranges[1:]:
            put_in = each[0] == each[1]
            if each[0] < top or (each[0] == top and (put_in or open_ended)):
                leader[lead(each[2])] = lead(last[2])
                open_ended = (open_ended and each[1] <= top) or (put_in and each[1] >= top)
                top = max(top, each[1])
            else:
                top, open_ended = each[1], put_in
            last = each
    found: dict[str, list[Alternative]] = {}
    for one in siblings:
        found.setdefault(lead(one.name), []).append(one)
    return list(found.values())


class Laid(Mapping[str, tuple[Piece, ...]]):
    """The words of a unit by language, with its brackets, each holding its options: laid out anew when they are read.

    Judging an act asks only whether there is a bracket; five hundred alternatives in six languages are 24 MB, which are
    not kept either.
    """

    def __init__(self, alternatives: Alternatives, root: str) -> None:
        self._all, self._root = alternatives, alternatives[root]
        self._tags = sorted({*self._root.changes, *self._root.renders})
        self._children = children_of(alternatives.values())
        self._grouped: dict[str, list[list[Alternative]]] | None = None

    @property
    def bracketed(self) -> bool:
        """Say whether there is a bracket in any language."""
        shown = [self._root.name]
        while shown:
            children = self._children.get(shown.pop(), [])
            if any(one.state != "accepted" for one in children) or len(groups(children)) < len(children):
                return True
            shown += [one.name for one in children]
        return False

    def __getitem__(self, tag: str) -> tuple[Piece, ...]:
        if tag not in self._tags:
            raise KeyError(tag)
        if self._grouped is None:
            self._grouped = {base: groups(siblings) for base, siblings in self._children.items()}
        return _Laying(self._all, self._grouped, tag).of(self._root)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tags)

    def __len__(self) -> int:
        return len(self._tags)


class _Laying:
    """Lays one language out."""

    def __init__(self, alternatives: Alternatives, grouped: Mapping[str, list[list[Alternative]]], tag: str) -> None:
        self._all = alternatives
        self._grouped = grouped
        self._tag = tag

    def of(self, one: Alternative) -> tuple[Piece, ...]:
        tag = self._tag
        if tag not in one.changes:
            return ()
        words, at = one.changes[tag].words, 0
        found: list[Piece] = []
        placed = []
        unplaced = []
        for group in self._grouped.get(one.name, ()):
            ranges = [each.changes[tag] for each in group if tag in each.changes]
            if ranges:
                placed.append((min(r.start for r in ranges), max(r.end for r in ranges), group))
            elif any(tag in each.renders for each in group):
                unplaced.append(group)
        for start, end, group in sorted(placed, key=lambda each: each[:2]):
            found.append(words[at:start])
            found.extend(self._bracket(one, words, start, end, group))
            at = end
        found.append(words[at:])
        for group in unplaced:
            if not (len(group) == 1 and group[0].state == "accepted"):
                options = tuple(self._option(each, ()) for each in group)
                found.append(Bracket(options=options))
        return tuple(_joined(found))

    def _bracket(
        self, base: Alternative, words: str, start: int, end: int, group: list[Alternative]
    ) -> tuple[Piece, ...]:
        tag = self._tag
        if len(group) == 1 and group[0].state == "accepted":
            return self.of(group[0])
        replaced = any(each.state == "accepted" for each in group)  # then the base's own words are off the table
        options = [] if replaced else [
            Option(alternative=base.name, side=base.side, base=True, state=base.state, missing=False,
                   content=tuple(_joined([words[start:end]])))
        ]  # fmt: skip
        for each in group:
            if tag in each.changes:
                change = each.changes[tag]
                inside: list[Piece] = [words[start : change.start], *self.of(each), words[change.end : end]]
                options.append(self._option(each, tuple(_joined(inside))))
            elif tag in each.renders:
                options.append(self._option(each, ()))
        return (Bracket(options=tuple(options)),)

    def _option(self, one: Alternative, content: tuple[Piece, ...]) -> Option:
        missing = self._tag not in one.changes
        return Option(
            alternative=one.name, side=one.side, base=False, state=one.state, missing=missing, content=content
        )


def _joined(found: Iterable[Piece]) -> Iterator[Piece]:
    """Give the pieces with neighbouring words put together and empty words left out."""
    words = ""
    for piece in found:
        if isinstance(piece, str):
            words += piece
            continue
        if words:
            yield words
        words = ""
        yield piece
    if words:
        yield words


def plain_words(content: tuple[Piece, ...]) -> str | None:
    """Give the words of a language without brackets; None if there is one."""
    if any(isinstance(piece, Bracket) for piece in content):
        return None
    return "".join(piece for piece in content if isinstance(piece, str))


def count_brackets(content: tuple[Piece, ...]) -> int:
    """Give how many brackets there are, those within brackets too."""
    return sum(
        1 + sum(count_brackets(option.content) for option in piece.options)
        for piece in content
        if isinstance(piece, Bracket)
    )
