"""What the people of one side may think of saying about the rule book, and about the days on which they do not work.

Owns: the choice among `rulebook.*` and `calendar.stated`; often what the rules refuse.
Does not own: when they speak (acts.py), which of several they say (choosing.py).
"""

from __future__ import annotations

from typing import Final

from parley.codec import JsonValue
from parley.record import Entry, Ref
from parley.sim.choosing import Thought
from parley.sim.dice import Dice
from parley.storage import FoldRow
from parley.subjects.kinds import Fact
from parley.subjects.rulebooks import facts as rulebooks
from parley.subjects.talks import calendar

_KNOWN_MAX: Final = 2
_CHANCE: Final = 0.03


class RuleActs:
    """The next wish about a document of the rule book, or a calendar."""

    def __init__(self, side: str, dice: Dice) -> None:
        self._side, self._dice = side, dice
        self._known: list[tuple[str, str, Ref]] = []  # subject, status, proposal

    def hear(self, row: FoldRow, entry: Entry, ref: Ref) -> None:
        """Its own node told it of a proposal."""
        if entry.kind == "rulebook.proposed":
            self._known = [*self._known[1 - _KNOWN_MAX :], (row.subject, entry.status, ref)]

    def wants(self) -> bool:
        """Say whether somebody thinks of rules now."""
        return self._dice.chance(_CHANCE)

    def next(self) -> Thought:
        """Give what could be said next."""
        dice = self._dice
        if dice.chance(0.2):
            day = f"2026-12-{dice.randint(10, 28)}"
            return Thought((calendar.state(self._side, dice.choice(("UTC", "Europe/Oslo")), [(day, "A holiday")]),))
        if not self._known or dice.chance(0.2):
            return Thought((rulebooks.propose(self._document()),), dice.choices(("actual", "exercise"), (85, 15))[0])
        subject, status, ref = dice.choice(self._known)
        return Thought(self._about(subject, ref), status)

    @staticmethod
    def _about(subject: str, ref: Ref) -> list[Fact]:
        return [
            rulebooks.adopt(subject, ref), rulebooks.adopt(subject, ref), rulebooks.decline(subject, ref, "too short"),
            rulebooks.withdraw(subject, ref, "a slip"), rulebooks.end(subject, ref, "broken too often"),
        ]  # fmt: skip

    def _document(self) -> dict[str, JsonValue]:
        dice = self._dice
        return {
            "id": "notices", "version": dice.randint(1, 9), "title": {"en": "Notices"}, "note": {"en": "As agreed."},
            "articles": [{
                "number": "1", "title": {"en": "Gunnery"}, "text": {"en": "Notice is given beforehand."},
                "lead_hours": {"exercise": dice.randint(1, 72)},
            }],
            "signals": [{"code": "ZZ", "phrase": {"en": "We turn."}, "question": {"en": "Do you turn?"},
                         "cancel": {"en": "We do not turn."}}],
        }  # fmt: skip
