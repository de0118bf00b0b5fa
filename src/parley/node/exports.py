"""What leaves the node as a file, or comes as one by hand: evidence, the whole record, the hand-carried file.

Owns: making and reading a large file beside the loop, which must not hold up a call.
Does not own: the forms (record/evidence.py, carry.py), who may have them (actions/).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from parley.errors import Refused
from parley.identity import Card, LineIdentity, SideKeys
from parley.node.carry import Carried, fitting_key, take_in, write_carry
from parley.node.shell import Shell
from parley.record import evidence
from parley.record.names import LogId
from parley.record.notes import OWN_ED
from parley.storage.port import Store, StoreReads
from parley.storage.sqlite import SqliteStore

Prepared = Callable[[], bytes | None]  # gives the sealing key that waits for the other side's word, if one does


class Exports:
    """The files of one node."""

    def __init__(
        self, *, identity: LineIdentity, cards: Sequence[Card], keys: SideKeys, store: Store, shell: Shell,
        prepared: Prepared,
    ) -> None:  # fmt: skip
        self._identity, self._cards, self._keys = identity, cards, keys
        self._store = store
        self._shell = shell
        self._prepared = prepared

    def _reader(self) -> StoreReads:
        """Give a way to read that another thread may use."""
        return self._store.reader() if isinstance(self._store, SqliteStore) else self._store

    async def evidence(self, channel: str, subject: str, path: Path, joined: Sequence[tuple[str, str]] = ()) -> int:
        """Write the evidence of a message, or of an incident with those joined to it; give the number of entries."""
        await self._until(lambda: self._store.parts(channel, subject))
        if not (parts := self._store.parts(channel, subject)):
            raise Refused("record.no-evidence", f"there is no {subject} in {channel}")
        place = parts[0]
        return await asyncio.to_thread(
            lambda: evidence.export_evidence(self._reader(), self._cards, *place, path, joined)
        )

    async def entry(self, log: LogId, number: int) -> bytes:
        """Give the evidence of one entry. Raises Refused `record.no-evidence` while nothing signs it."""
        await self._until(lambda: self._store.signature(log, OWN_ED, at_least=number + 1))
        pieces = await asyncio.to_thread(lambda: list(evidence.bundle_pieces(self._reader(), self._cards, log, number)))
        return b"".join(pieces)

    async def _until(self, there: Callable[[], object]) -> None:
        """Let the disk come up with what people see: views show an entry of theirs from the moment it came.

        It is in the commit under way or in the one after it, so nobody waits here for what others add.
        """
        for _ in range(2):
            if there():
                return
            await self._shell.committed()

    async def record(self, path: Path) -> int:
        """Write the whole record; give the number of entries in it."""
        await asyncio.to_thread(lambda: evidence.export_record(self._reader(), self._cards, path))
        return sum(self._store.size(log) for log in self._store.logs())

    async def carry_out(self, path: Path, *, whole: bool = False) -> Carried:
        """Write a hand-carried file for the other side: all it has not cosigned, or everything (`whole`)."""
        core = self._shell.core
        covers, frames = core.covered(whole=whole), _off_loop(core.carried(whole=whole))
        return await asyncio.to_thread(
            lambda: write_carry(
                path, identity=self._identity, cosign_pair=self._keys.cosign, id=secrets.token_hex(16),
                at=Shell.moment(), frames=frames, covers=covers,
            )
        )  # fmt: skip

    async def carry_in(self, path: Path) -> Carried:
        """Take in a hand-carried file of the other side; the same checks as on a link. Taking it twice changes nothing.

        Returns once everything it brought is on our disk.
        """
        key = await asyncio.to_thread(lambda: fitting_key(path, identity=self._identity, seal_keys=self._seal_keys()))
        return await take_in(
            path, identity=self._identity, seal_key=key, store=self._store, hear=self._shell.frame,
            settled=self._shell.settled,
        )  # fmt: skip

    def _seal_keys(self) -> Iterator[bytes]:
        """Give our sealing key, then the one that waits: they seal to it from their confirmation on, which we may lack.

        With every link down that very file brings us the confirmation, so it must be opened before it is in force.
        """
        yield self._keys.seal
        if (waiting := self._prepared()) is not None:
            yield waiting


def _off_loop(frames: Iterator[bytes]) -> Iterator[bytes]:
    """Give the core's frames to another thread: each is made on the loop, where the core lives, and sealed off it."""
    loop = asyncio.get_running_loop()

    async def step() -> bytes | None:
        return next(frames, None)

    def each() -> Iterator[bytes]:
        while (frame := asyncio.run_coroutine_threadsafe(step(), loop).result()) is not None:
            yield frame

    return each()
