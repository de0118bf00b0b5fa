"""What the operators of one side do about keys: announce new ones, and confirm the other side's.

Owns: when, by chance (its own dice, so that keys shift no other wish). Does not own: what makes a card good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parley.errors import Refused
from parley.sim.dice import Dice
from parley.sim.keys import announcement, vouched
from parley.sim.signing import BINDING, passkeys_of
from parley.subjects.kinds import Fact
from parley.subjects.standing import KeysView, PersonView
from parley.subjects.standing import facts as standing
from parley.subjects.standing.keys import check_announcement

if TYPE_CHECKING:
    from parley.identity import LineIdentity
    from parley.sim.node import SimNode
    from parley.subjects import Book

_ANNOUNCES: Final = 0.006
_VOUCHES: Final = 0.004
_CONFIRMS: Final = 0.06  # two operators have to reach each other by telephone first


class KeyActs:
    """The next wish about keys of one side."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice

    def next(self, node: SimNode) -> Fact | None:
        """Give what the operator says next, if anything; the checks are those of actions/keys.py."""
        dice, book, identity = self._dice, node.book, node.keys.identity
        announces, confirms, vouches = dice.chance(_ANNOUNCES), dice.chance(_CONFIRMS), dice.chance(_VOUCHES)
        if book is None:
            return None
        us, them = identity.ours.side, identity.theirs.side
        ours, theirs = book.view("line", f"keys/{us}"), book.view("line", f"keys/{them}")
        if confirms and isinstance(theirs, KeysView) and not theirs.confirmed_at:
            try:
                check_announcement(identity, theirs)
            except Refused as no:
                node.world.meter.met("refused", f"keys.confirmed: {no.code}")
                return None
            return standing.confirm_keys(them, theirs.digest, theirs.ref)
        if announces and not (isinstance(ours, KeysView) and not ours.confirmed_at):
            return announcement(identity, node.heads())
        return self._vouched(book, identity) if vouches else None

    def _vouched(self, book: Book, identity: LineIdentity) -> Fact | None:
        """Let the identity list the passkeys of somebody on the roster, or of one who was taken off it."""
        views = (book.view("line", f"roster/{identity.ours.side}/{person}") for person in sorted(BINDING))
        known = [view for view in views if isinstance(view, PersonView)]
        if not known:
            return None
        view = self._dice.choice(known)
        fact = standing.list_person(
            view.side, view.person, name=view.name, role=view.role, languages=view.languages, binds=True,
            passkeys=passkeys_of(view.person), instead=view.ref,
        )  # fmt: skip
        return vouched(identity, fact)
