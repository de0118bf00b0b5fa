"""What a side keeps for itself: on its disk once it was told so, nowhere else, and a name before the digest of it.

Owns: the checks of private values and of names by law (promises 2, 3 and 9).
Does not own: who keeps what (office.py), when a check is made (checkers.py, rest.py).
Always true: what a disk put back to an old backup has lost is not asked of it: the other side cannot give it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from parley.codec import b64
from parley.people import legal
from parley.record.legal import read_disclosure
from parley.sim.meter import PromiseBroken
from parley.storage import EntryRow, Row, Store, ValueRow
from parley.subjects import Book
from parley.subjects.standing import PersonView

_COMMITTED: Final = re.compile(rb'"legal":"([0-9a-f]{64})"')
_SECRETS_MAX: Final = 64  # of a side; the latest


class Keeper(Protocol):
    """The parts of a simulated node that these checks look at."""

    side: str
    honest: bool
    book: Book | None

    @property
    def store(self) -> Store: ...


@dataclass
class Kept:
    """Both sides' private values, as their people were told of them."""

    _may_be: dict[tuple[str, str, str], list[bytes | None]] = field(default_factory=dict)
    _secrets: dict[str, list[bytes]] = field(default_factory=dict)
    _written: set[tuple[str, str]] = field(default_factory=set)  # side, digest: the name was on that disk
    _forgotten: set[tuple[str, str]] = field(default_factory=set)  # side, digest: the name was destroyed, or may be
    _put_back: set[str] = field(default_factory=set)

    def secret(self, side: str, text: str) -> str:
        """Note words that never may leave a side; gives them back."""
        self._secrets[side] = [*self._secrets.get(side, [])[1 - _SECRETS_MAX :], text.encode()]
        return text

    def tries(self, node: Keeper, rows: Sequence[ValueRow]) -> None:
        """Somebody asks for values to be kept: from now on either may be on the disk."""
        names = [row for row in rows if row.space == legal.SPACE]
        if not any(row.value for row in names):  # one written anew keeps its own row, and forgets only the one before
            for row in names:
                held = [node.store.value(row.space, row.key), *self._may_be.get((node.side, row.space, row.key), [])]
                self._forgotten |= {(node.side, read_disclosure(each).commitment) for each in held if each is not None}
        for row in rows:
            now = node.store.value(row.space, row.key)  # of a disk that was put back: what the backup held
            self._may_be.setdefault((node.side, row.space, row.key), [now]).append(row.value)

    def told(self, node: Keeper, rows: Sequence[ValueRow]) -> None:
        """They were told that it is kept: only this may be there, on the disk already."""
        for row in rows:
            self._may_be[node.side, row.space, row.key] = [row.value]
            if node.honest and node.store.value(row.space, row.key) != row.value:
                raise PromiseBroken(2, f"{node.side} told that {row.space} is kept, and it is not on its disk")

    def landed(self, node: Keeper, rows: Iterable[Row]) -> None:
        """Rows reached a platter: no digest of a name by law stands there before the name itself."""
        for row in rows:
            if isinstance(row, ValueRow) and row.space == legal.SPACE and row.value is not None:
                found = read_disclosure(row.value)
                self._written.add((node.side, found.commitment))
                self.secret(node.side, b64(found.salt))
        for row in rows:
            if isinstance(row, EntryRow) and row.log.side == node.side and row.log.channel == "line":
                for digest in _COMMITTED.findall(row.leaf):
                    if (node.side, digest.decode()) not in self._written:
                        raise PromiseBroken(2, f"{node.side} committed to a name by law that is not on its disk")

    def sent(self, node: Keeper, frame: bytes) -> None:
        """A frame left: nothing private is in it (promise 9)."""
        for secret in self._secrets.get(node.side, ()):
            if secret in frame:
                raise PromiseBroken(9, f"{node.side} sent {secret.decode()!r}, which is private")

    def put_back(self, side: str) -> None:
        """A disk was put back: what was kept since its backup is lost with it."""
        for key in [key for key in self._may_be if key[0] == side]:
            del self._may_be[key]
        self._put_back.add(side)

    def at_rest(self, node: Keeper) -> None:
        """Everything told is there; and whoever is on the roster with a digest, the name for it is here."""
        for (side, space, key), values in self._may_be.items():
            if side == node.side and node.store.value(space, key) not in values:
                raise PromiseBroken(3, f"{side} was told that {space}/{key} is kept, and its disk has something else")
        if node.book is None or node.side in self._put_back:
            return
        for view in node.book.line_view().roster(node.side):
            self._opens(node, view)

    def _opens(self, node: Keeper, view: PersonView) -> None:
        if not view.legal or (node.side, view.legal) in self._forgotten:
            return
        found = legal.find(node.store, view.person, view.legal)
        if found is None or found.commitment != view.legal:
            raise PromiseBroken(3, f"{node.side} cannot disclose the name by law that its roster commits to")
