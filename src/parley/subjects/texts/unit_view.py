"""One unit of a text (an article, a paragraph, a point, a heading) as both nodes see it, folded from its acts.

Owns: `UnitView`: where it stands, its words and brackets in each language, how far it is agreed.
Does not own: its number, which depends on the other units (order.py).
Always true:
  1. What crossed stands as two alternatives in one bracket; the order of arrival decides nothing.
  2. Once both sides agreed to the same words, by their digest, the unit holds those words until both reopen it: what
     crossed the agreement is kept and shown as crossed, and is not in force.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast

from parley.codec import JsonInput, encode
from parley.record.names import Ref
from parley.subjects.acts import Act
from parley.subjects.texts.algebra import Laid, Piece, count_brackets, plain_words
from parley.subjects.texts.alternatives import Alternatives, fold_alternatives
from parley.subjects.texts.pairs import digest_of, pairs

Status = Literal["bracketed", "clean", "ad-referendum", "agreed", "withdrawn"]
_UNIT: Final = b"parley/v1/unit\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a unit stands: under which other unit, and at which position among that one's; `by` broke a tie."""

    parent: str
    position: str
    side: str
    at: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An agreement, a request or a comment: by whom, when, about which digest."""

    side: str
    person: str
    at: str
    text: str
    language: str
    digest: str
    grade: str
    stands: bool
    ref: Ref
    about: str  # the alternative a comment names; "" for the whole


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitView:
    """One unit.

    place: Where it stands; elsewhere: other places named by moves that crossed. Either side may settle it by moving.
    content: By language: words and brackets. words: By language, if nothing is bracketed, else empty.
    missing: Alternatives in force that lack a language: (alternative, language).
    digest: Of level and words in all languages; "" while something is bracketed or missing.
    final: Both agreed to that digest. crossed: Alternatives that crossed the agreement and are not in force.
    """

    name: str
    level: str
    side: str
    person: str
    at: str
    ref: Ref
    place: Place
    elsewhere: tuple[Place, ...]
    alternatives: Alternatives
    content: Mapping[str, tuple[Piece, ...]]
    words: Mapping[str, str]
    missing: tuple[tuple[str, str], ...]
    digest: str
    status: Status
    final: bool
    crossed: tuple[str, ...]
    agreements: tuple[Said, ...]
    asked: tuple[Said, ...]  # to reopen it, and not answered
    concordant: tuple[str, ...]  # sides that say: these words, in all languages, are equally authentic
    comments: tuple[Said, ...]
    facts: int

    @property
    def brackets(self) -> int:
        """Give how many brackets are open in it, counted in the language that shows most."""
        whole = 1 if self.alternatives[self.name].state == "open" else 0
        return whole + max((count_brackets(found) for found in self.content.values()), default=0)

    @property
    def gone(self) -> bool:
        """Say whether it is withdrawn, or its agreed words are no words at all."""
        return self.status == "withdrawn" or (bool(self.words) and not any(self.words.values()))

    def open_of(self, side: str) -> int:
        """Give how many alternatives of a side wait for the other's answer."""
        return sum(1 for one in self.alternatives.values() if one.state == "open" and one.side == side)

    def agreement_of(self, side: str) -> Said | None:
        """Give a side's latest agreement that stands."""
        return next((one for one in reversed(self.agreements) if one.side == side and one.stands), None)


def part_of(act: Act) -> str:
    """Name the unit an act speaks of; "" for the text as a whole."""
    entry = act.entry
    if entry.kind == "text.added":
        return name_of(act)
    return str(entry.body.get("unit", ""))


def name_of(act: Act) -> str:
    """Name what an act begins: a unit or an alternative."""
    return f"{act.log.side}/{act.log.epoch}/{act.number}"


def fold_unit(acts: tuple[Act, ...]) -> UnitView | None:
    """Give the view of a unit; None if its beginning is not among the acts."""
    if not acts or acts[0].entry.kind != "text.added":
        return None
    first = acts[0]
    agreed = [act for act in acts if act.entry.kind == "text.agreed"]
    taken = [act for act in acts if act.entry.kind == "text.agreement-withdrawn"]
    again = [act for act in acts if act.entry.kind == "text.reopened"]
    standing = pairs(agreed, taken, again)
    for_good = [pair for pair in standing if all(act.entry.body["grade"] == "agreed" for act in pair)]
    chosen = (for_good or standing)[-1] if standing else None
    # What is final is what the later of the two had seen: that is what its digest says.
    counted = acts if chosen is None else tuple(act for act in acts if act is chosen[1] or chosen[1].saw(act))
    alternatives = fold_alternatives(counted)
    content, words, missing = _content(alternatives, name_of(first))
    level = cast(str, first.entry.body["level"])
    digest = unit_digest(level, words) if words and not missing else ""
    place, elsewhere = _placed(counted)
    crossed = tuple(
        name_of(act) for act in acts if act.entry.kind == "text.proposed" and name_of(act) not in alternatives
    )
    return UnitView(
        name=name_of(first), level=level, side=first.entry.side, person=first.entry.person, at=first.entry.at,
        ref=first.ref, place=place, elsewhere=elsewhere, alternatives=alternatives, content=content, words=words,
        missing=missing, digest=digest, final=chosen is not None, crossed=crossed,
        status=_status(alternatives[name_of(first)].state, words, missing, chosen is not None, bool(for_good)),
        agreements=tuple(_said(act, stands=_stands(act, taken, again, chosen)) for act in agreed),
        asked=tuple(_said(act) for act in acts if act.entry.kind == "text.reopen-asked" and not _answered(act, again)),
        concordant=tuple(sorted({act.entry.side for act in acts
                                 if act.entry.kind == "text.concordant" and digest and digest_of(act) == digest})),
        comments=tuple(_said(act) for act in acts if act.entry.kind == "text.commented"), facts=len(acts),
    )  # fmt: skip


def unit_digest(level: str, words: Mapping[str, str]) -> str:
    """Give the digest of a unit's words in all its languages."""
    told: dict[str, JsonInput] = {"level": level, "words": dict(words)}
    return hashlib.sha256(_UNIT + encode(told)).hexdigest()


def _content(alternatives: Alternatives, root: str) -> tuple[Laid, dict[str, str], tuple[tuple[str, str], ...]]:
    first, content = alternatives[root], Laid(alternatives, root)
    missing = tuple(
        (one.name, tag) for one in alternatives.values() if one.alive and _shows(alternatives, one.name)
        for tag in one.renders if tag not in one.changes
    )  # fmt: skip
    if first.state != "accepted" or content.bracketed:
        return content, {}, missing
    return content, {tag: cast(str, plain_words(found)) for tag, found in content.items()}, missing


def _shows(alternatives: Alternatives, name: str) -> bool:
    """Say whether an alternative's words can be seen: everything it stands on is alive."""
    while name:
        one = alternatives[name]
        if not one.alive:
            return False
        name = one.base
    return True


def _status(root: str, words: Mapping[str, str], missing: Sequence[object], final: bool, for_good: bool) -> Status:
    if root == "withdrawn":
        return "withdrawn"
    if not words or missing:
        return "bracketed"
    if not final:
        return "clean"
    return "agreed" if for_good else "ad-referendum"


def _placed(acts: Sequence[Act]) -> tuple[Place, tuple[Place, ...]]:
    """Give the place named by the last move; where moves crossed, one of them for show, and the others beside it.

    Which of crossed moves is shown is decided by the digests of the two entries, so by neither side.
    """
    moves = [act for act in acts if act.entry.kind in ("text.added", "text.moved")]
    last = [act for act in moves if not any(other.saw(act) for other in moves)]
    last.sort(key=lambda act: act.id)
    places = [
        Place(parent=cast(str, act.entry.body["parent"]), position=cast(str, act.entry.body["position"]),
              side=act.entry.side, at=act.entry.at, by=act.id)
        for act in last
    ]  # fmt: skip
    return places[0], tuple(places[1:])


def _stands(act: Act, taken: Sequence[Act], again: Sequence[Act], chosen: tuple[Act, Act] | None) -> bool:
    if chosen is not None and act in chosen:
        return True
    return not any(back.entry.refs[0].id == act.id for back in taken) and not any(one.saw(act) for one in again)


def _answered(asked: Act, again: Sequence[Act]) -> bool:
    return any(one.entry.refs[0].id == asked.id or one.saw(asked) for one in again)


def _said(act: Act, *, stands: bool = True) -> Said:
    entry = act.entry
    body = entry.body
    about = entry.refs[0] if entry.kind == "text.commented" and entry.refs else None
    return Said(
        side=entry.side, person=entry.person, at=entry.at, text=str(body.get("text", body.get("reason", ""))),
        language=str(body.get("language", "")), digest=str(body.get("digest", "")), grade=str(body.get("grade", "")),
        stands=stands, ref=act.ref,
        about="" if about is None else f"{about.log.side}/{about.log.epoch}/{about.number}",
    )  # fmt: skip
