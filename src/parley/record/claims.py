"""What each side states in its entries about the logs it held, compared with the logs that are in the file.

Each entry's `past` names prefixes of logs by size and root. They tie the two sides' histories together: a log cut off
at its end, or shown differently to the other side, contradicts them.

Owns: keeping the statements while the file streams by, and judging them once every log is known.
Always true:
  1. Memory stays flat: hashes and statements go to temporary files; what is kept grows with logs, not entries.
  2. A false statement by one side spoils nobody's record (DESIGN 2.7): where its author contradicts itself, the
     statement is an oddity to tell; only where nothing contradicts it does the record count as cut or forked.
"""

from __future__ import annotations

import heapq
import struct
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from parley.record.entry import Entry
from parley.record.form import NotProven
from parley.record.names import LogId, Past
from parley.record.tree import Frontier
from parley.times import read_moment

_CLAIM: Final = struct.Struct(">QQQ32s")  # size claimed, number of the claiming entry, its time (ms), root
_BUFFER: Final = 128 * _CLAIM.size
_SPOOL_BYTES: Final = 1_048_576
_TAIL_BYTES: Final = 65_536


@dataclass(slots=True)
class _Pair:
    """Statements made in one log about another: sizes never fall, so that they can be replayed in order."""

    speaker: LogId
    about: LogId
    size: int = 0
    root: str = ""
    number: int = 0
    at_ms: int = 0
    went_back: bool = False
    buffer: bytearray = field(default_factory=bytearray)
    chunks: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class LogSummary:
    """What the file shows of one log. Sizes are of the largest head with each kind of signature."""

    log: LogId
    count: int = 0
    own_ed: int = 0
    own_pq: int = 0
    co_ed: int = 0
    co_pq: int = 0
    co_first_s: int = 0
    co_last_s: int = 0
    co_ran_back: bool = False
    hashes_at: int = 0  # where its leaf hashes start in the temporary file


class _Spool:
    """Bytes in one growing temporary file; small ones stay in memory."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115
        self._tail = bytearray()
        self.size = 0

    def append(self, data: bytes | bytearray) -> int:
        """Keep bytes; gives where they start."""
        start = self.size
        self._tail += data
        self.size += len(data)
        if len(self._tail) >= _TAIL_BYTES:
            self._flush()
        return start

    def read(self, start: int, size: int) -> bytes:
        """Give bytes back."""
        self._flush()
        self._file.seek(start)
        return self._file.read(size)

    def close(self) -> None:
        self._file.close()

    def _flush(self) -> None:
        if self._tail:
            self._file.seek(0, 2)
            self._file.write(self._tail)
            self._tail = bytearray()


class Claims:
    """Gathers leaf hashes and statements; `judge` then compares them."""

    def __init__(self) -> None:
        self._hashes = _Spool()  # of each log in one stretch
        self._stated = _Spool()  # chunks of statements, in any order
        self._pairs: dict[tuple[LogId, LogId], _Pair] = {}

    def close(self) -> None:
        """Let the temporary files go."""
        self._hashes.close()
        self._stated.close()

    def begin(self, summary: LogSummary) -> None:
        """Note that the leaf hashes of this log come next."""
        summary.hashes_at = self._hashes.size

    def hashed(self, leaf: bytes) -> None:
        """Keep the hash of the next entry."""
        self._hashes.append(leaf)

    def stated(self, speaker: LogId, entry: Entry) -> None:
        """Keep what an entry states, where it differs from what its log stated before."""
        for past in entry.past:
            pair = self._pairs.get((speaker, past.log))
            if pair is None:
                pair = self._pairs[speaker, past.log] = _Pair(speaker, past.log)
            if past.size != pair.size or past.root != pair.root:
                self._state(pair, entry, past)

    def judge(self, logs: dict[LogId, LogSummary], tell: Callable[[str], None]) -> None:
        """Compare all statements with the logs shown.

        Raises:
            NotProven: evidence.truncated or evidence.forked, where a statement is contradicted by nothing.
        """
        for pair in self._pairs.values():
            if pair.went_back:
                tell(f"{pair.speaker} goes back on how much of {pair.about} it had held; its author's fault")
        about: dict[LogId, list[_Pair]] = {}
        for pair in self._pairs.values():
            about.setdefault(pair.about, []).append(pair)
        for log, pairs in sorted(about.items()):
            self._judge_log(logs.get(log, LogSummary(log)), pairs, tell)

    def _judge_log(self, shown: LogSummary, pairs: list[_Pair], tell: Callable[[str], None]) -> None:
        frontier, leaves = Frontier(), self._leaves(shown)
        for size, number, at_ms, root, place in heapq.merge(
            *(self._claims(place, pair) for place, pair in enumerate(pairs))
        ):
            pair = pairs[place]
            what = f"{pair.speaker} {number} states that its node held {size} entries of {shown.log}"
            if size > shown.count:
                if self._contradicted(pair, shown, size, at_ms):
                    tell(f"{what}, more than there are; its author contradicts that later: a false statement")
                    continue
                raise NotProven(
                    "evidence.truncated",
                    f"{what}, the file shows {shown.count}: the record was cut off, or exported before they arrived",
                )
            while frontier.size < size:
                frontier.append(next(leaves))
            if frontier.root() != root:
                if self._signed_itself(pair, shown, size):
                    tell(f"{what} with another root, yet that side signed the root shown: a false statement")
                    continue
                raise NotProven(
                    "evidence.forked",
                    f"{what} with another root than the file shows: {shown.log.side} showed two histories, "
                    f"or {pair.speaker.side} states what it did not hold",
                )

    def _contradicted(self, pair: _Pair, shown: LogSummary, size: int, at_ms: int) -> bool:
        """Say whether the speaker later stated less, in the same log or by a cosignature of its own clock."""
        if pair.went_back and pair.size < size:
            return True
        return pair.speaker.side != shown.log.side and 0 < shown.co_ed < size and shown.co_last_s * 1000 >= at_ms

    def _signed_itself(self, pair: _Pair, shown: LogSummary, size: int) -> bool:
        return (shown.own_ed if pair.speaker.side == shown.log.side else max(shown.co_ed, shown.co_pq)) >= size

    def _state(self, pair: _Pair, entry: Entry, past: Past) -> None:
        if past.size < pair.size:
            pair.went_back = True
            pair.size, pair.root = past.size, past.root
            return  # its author's fault, told as such; replay needs rising sizes
        pair.size, pair.root = past.size, past.root
        if pair.went_back:
            return
        pair.buffer += _CLAIM.pack(past.size, entry.number, read_moment(entry.at), bytes.fromhex(past.root))
        if len(pair.buffer) >= _BUFFER:
            pair.chunks.append((self._stated.append(pair.buffer), len(pair.buffer)))
            pair.buffer = bytearray()

    def _claims(self, place: int, pair: _Pair) -> Iterator[tuple[int, int, int, bytes, int]]:
        for start, size in pair.chunks:
            yield from ((*claim, place) for claim in _CLAIM.iter_unpack(self._stated.read(start, size)))
        yield from ((*claim, place) for claim in _CLAIM.iter_unpack(bytes(pair.buffer)))

    def _leaves(self, shown: LogSummary) -> Iterator[bytes]:
        done = 0
        while done < shown.count:
            count = min(512, shown.count - done)
            data = self._hashes.read(shown.hashes_at + 32 * done, 32 * count)
            yield from (data[32 * k : 32 * k + 32] for k in range(count))
            done += count
