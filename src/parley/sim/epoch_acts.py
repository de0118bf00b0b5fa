"""What the operators of one side do after a fork: say how far they hold a frozen log, go on with one that was ended.

Owns: when, by chance (its own dice). Does not own: whether it may be (line/, subjects/standing/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parley.record.names import LogId
from parley.record.tree import EMPTY_ROOT
from parley.sim.dice import Dice
from parley.subjects.kinds import Fact
from parley.subjects.standing import facts as standing

if TYPE_CHECKING:
    from parley.sim.node import SimNode

_SEES: Final = 0.08  # operators look now and then


class EpochActs:
    """The next step of one side's operator."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice

    def next(self, node: SimNode) -> Fact | None:
        """Give what the operator says of a log of theirs that is frozen here, if anything."""
        book, store = node.book, node.store
        if book is None or not self._dice.chance(_SEES):
            return None
        for name, _ in store.values("frozen"):
            log = LogId.read(name)
            if log.side != node.side and book.view("line", standing.ended_subject(log)) is None:
                size = store.size(log)
                return standing.end_log(log, size, (store.root_at(log, size) or EMPTY_ROOT).hex())
        return None

    def renewable(self, node: SimNode) -> LogId | None:
        """Give a log of ours that the other side has ended, if the operator goes on with one now."""
        book = node.book
        if book is None or not self._dice.chance(_SEES):
            return None
        return next((log for log in node.heads() if book.let_go(log) is not None), None)
