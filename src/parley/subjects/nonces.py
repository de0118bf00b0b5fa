"""Which nonces of signed entries have counted, and where: each counts once.

Owns: the index `fold.nonces` and what of it may not be on disk yet. Does not own: the rule (rulings.py).
Always true: 1. A nonce is looked up with the places where it stands, so that the asker's own past decides.
"""

from __future__ import annotations

from typing import Final, Protocol

from parley import limits
from parley.record.binding import read_signed
from parley.record.names import LogId
from parley.storage.port import ValueRow
from parley.subjects.acts import Act

SPACE: Final = "fold.nonces"  # key "channel|side|nonce|log|number"


class Disk(Protocol):
    """What is read back."""

    def folded(self, log: LogId) -> int: ...
    def values(
        self, space: str, *, prefix: str = "", after: str = "", count: int = 1000
    ) -> list[tuple[str, bytes]]: ...


class Nonces:
    """The nonces of one record."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._fresh: dict[str, tuple[LogId, int]] = {}

    def note(self, act: Act) -> ValueRow:
        """Note a valid signed act; give the row to store in the same commit."""
        entry, fresh = act.entry, self._fresh
        nonce = read_signed(entry.body["assertion"]).nonce
        key = f"{entry.channel}|{entry.side}|{nonce}|{act.log.text}|{act.number}"
        fresh[key] = (act.log, act.number)
        if len(fresh) > limits.TOPICS_KEPT:
            for old in [one for one, (log, number) in fresh.items() if number < self._disk.folded(log)]:
                del fresh[old]
        return ValueRow(SPACE, key, b"")

    def counted(self, act: Act, nonce: str) -> bool:
        """Say whether an entry in the act's past carries this nonce of its side."""
        prefix = f"{act.entry.channel}|{act.entry.side}|{nonce}|"
        places = [place for key, place in self._fresh.items() if key.startswith(prefix)]
        for key, _ in self._disk.values(SPACE, prefix=prefix):
            log, number = key.split("|")[3:]
            places.append((LogId.read(log), int(number)))
        return any(act.cut.size(log) > number for log, number in places)
