"""What the people of one side may think of saying about a negotiated text; often what the rules refuse.

Owns: the choice among the kinds of `text.*`, about one of the latest texts as this side's own book shows it.
Does not own: when they speak (acts.py), which of several they say (choosing.py), passkeys (signing.py).
"""

from __future__ import annotations

from typing import Final

from parley.record import Entry
from parley.sim.choosing import Thought
from parley.sim.dice import Dice
from parley.storage import FoldRow
from parley.subjects import Book
from parley.subjects.kinds import Fact
from parley.subjects.texts import Change, TextView, UnitView, saying
from parley.subjects.texts.content import text_digest
from parley.subjects.texts.facts import SIGNING
from parley.subjects.texts.positions import between

_KNOWN_MAX: Final = 2
_UNITS_MAX: Final = 2  # a text this short comes to be agreed and signed within one life
_CHANCE: Final = 0.1
_TAGS: Final = {"north": "en", "south": "zh"}
_WORDS: Final = {"en": ("Each side tells", " the other ", "in ten days"), "zh": ("每一方", "在十日内", "通知另一方")}
_NO_DIGEST: Final = "00" * 32


class TextActs:
    """The next wish about a text."""

    def __init__(self, side: str, dice: Dice) -> None:
        self._side, self._dice = side, dice
        self._tag = _TAGS[side]
        self._other_side = next(one for one in _TAGS if one != side)
        self._other = next(tag for tag in _TAGS.values() if tag != self._tag)
        self._known: list[tuple[str, str, str]] = []  # channel, subject, status

    def hear(self, row: FoldRow, entry: Entry) -> None:
        """Its own node told it of a text that was opened."""
        if entry.kind == "text.opened":
            self._known = [*self._known[1 - _KNOWN_MAX :], (row.channel, row.subject, entry.status)]

    def wants(self) -> bool:
        """Say whether somebody thinks of a text now."""
        return self._dice.chance(_CHANCE)

    def next(self, channels: tuple[str, ...], book: Book) -> Thought:
        """Give what could be said next."""
        dice = self._dice
        if not self._known or dice.chance(0.02):
            languages = [(tag, side) for side, tag in _TAGS.items()]
            fact = saying.open_text(dice.choice(channels), title="On notification", languages=languages)
            return Thought((fact,), dice.choices(("actual", "exercise"), (85, 15))[0])
        channel, subject, status = dice.choice(self._known)
        view = book.view(channel, subject)
        if not isinstance(view, TextView):  # its own node has not folded it yet
            return Thought((saying.comment(channel, subject, "", "Which text?", "en"),), status)
        names = sorted(view.units)
        if not names or (len(names) < _UNITS_MAX and dice.chance(0.2)):
            return Thought((self._add(channel, subject, names),), status)
        if dice.chance(0.6 if all(unit.digest for unit in view.units.values()) else 0.05):
            return Thought(self._whole((channel, subject), view), status)
        return Thought(self._about((channel, subject), view.units[dice.choice(names)]), status)

    def _add(self, channel: str, subject: str, names: list[str]) -> Fact:
        dice = self._dice
        level = dice.choice(("article", "article", "paragraph"))
        parent = dice.choice(names) if names and level == "paragraph" else ""
        return saying.add(
            channel, subject, level=level, parent=parent, position=between("", "", dice.choice("abcdefgh")),
            words={self._tag: "".join(_WORDS[self._tag])}, renders=[self._other],
        )  # fmt: skip

    def _about(self, at: tuple[str, str], unit: UnitView) -> list[Fact]:
        """Give what could be said of one unit: most often what brings it nearer to being agreed."""
        dice, tag = self._dice, self._tag
        lacking = [one for one in unit.alternatives.values() if tag in one.renders and tag not in one.changes]
        if lacking and dice.chance(0.75):
            start = Change(start=0, end=0, words=_WORDS[tag][0])
            return [saying.render(*at, unit.name, lacking[0].ref, tag, start)]
        if unit.final and dice.chance(0.9):
            waiting = [one.ref for one in unit.asked if one.side != self._side]
            return [saying.reopen(*at, unit.name, ref) for ref in waiting[-1:]] or [
                saying.ask_reopen(*at, unit.name, unit.agreements[-1].ref),
                saying.mark_concordant(*at, unit.name, unit.digest),
            ]
        said = unit.agreement_of(self._other_side)
        if said is not None and not unit.final and unit.digest and dice.chance(0.5):
            return [saying.agree(*at, unit.name, unit.digest, "agreed")]
        if unit.digest and dice.chance(0.7):
            grade = dice.choice(("agreed", "agreed", "agreed", "ad-referendum"))
            return [
                saying.agree(*at, unit.name, unit.digest, grade),
                saying.mark_concordant(*at, unit.name, unit.digest),
            ]
        one = dice.choice(list(unit.alternatives.values()))
        size = len(one.changes[tag].words) if tag in one.changes else 0
        start_at = dice.choice((0, dice.randint(0, size)))  # both sides often put all of it anew
        change = Change(
            start=start_at, end=dice.choice((size, dice.randint(start_at, size))), words=dice.choice(("", *_WORDS[tag]))
        )
        agreement = unit.agreements[-1].ref if unit.agreements else unit.ref
        asked = unit.asked[-1].ref if unit.asked else unit.ref
        return [
            *[saying.propose(*at, unit.name, one.ref, {tag: change}, renders=[self._other] * dice.chance(0.3))] * 2,
            *[saying.accept(*at, unit.name, one.ref) for one in unit.alternatives.values() if one.side != self._side],
            *[saying.withdraw(*at, unit.name, one.ref)] * dice.chance(0.5),
            saying.move(*at, unit.name, parent=unit.place.parent, position=between("", "", dice.choice("abcdefgh"))),
            saying.agree(*at, unit.name, _NO_DIGEST, "agreed"),
            saying.withdraw_agreement(*at, unit.name, agreement),
            saying.ask_reopen(*at, unit.name, agreement),
            saying.reopen(*at, unit.name, asked),
            saying.comment(*at, unit.name, "Why ten?", "en"),
        ]

    def _whole(self, at: tuple[str, str], view: TextView) -> list[Fact]:
        """Give what could be said of the whole text; a digest is that of the text as it is here, or of another."""
        digest = _NO_DIGEST if self._dice.chance(0.1) else text_digest(view)
        facts = [
            saying.sign(*at, kind, digest=digest, languages=view.frame.tags, office="Envoy", powers="Letter 7")
            for kind in sorted(SIGNING)
        ]
        facts += [saying.propose_fallback(*at, digest), saying.comment(*at, "", "Nearly there.", "en")]
        facts += [saying.agree_fallback(*at, one.ref) for one in view.frame.fallbacks[-1:]]
        facts += [saying.withdraw_signature(*at, one.ref) for one in view.frame.signatures[-1:]]
        return facts
