"""What the core remembers of each log: ours (to author and send) and theirs (to take in and cosign)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from parley import limits
from parley.errors import PeerError
from parley.line.frames import Head, Run
from parley.record import tree
from parley.record.names import LogId
from parley.record.tree import Frontier


@dataclass(slots=True, kw_only=True)
class OurLog:
    """A log of our side. `frontier` runs ahead of `durable` while a commit is under way."""

    log: LogId
    frontier: Frontier
    durable: int
    head: Head | None  # our newest checkpoint; its size is `durable`
    held: int = 0  # the peer's Ed25519 cosignature reaches so far
    held_pq: int = 0  # and its ML-DSA-44 cosignature
    sealed: int = 0  # our own ML-DSA-44 checkpoint signature
    acked: int = 0  # the peer says it holds this many (unsigned; for flow only)
    cursor: int = 0  # the next entry to send
    flight: deque[tuple[int, int]] = field(default_factory=deque)  # (end, bytes) of runs not yet acked
    flight_bytes: int = 0
    lost: bool = False  # the other side holds another history under this name: frozen by ourselves
    urgent: deque[int] = field(default_factory=lambda: deque(maxlen=limits.AHEAD_ENTRIES_MAX))  # on disk, not acked

    def ack(self, held: int) -> bool:
        """Note that the peer holds `held`; True if that is news."""
        held = min(held, self.durable)
        if held <= self.acked:
            return False
        self.acked = held
        self.cursor = max(self.cursor, held)
        while self.flight and self.flight[0][0] <= held:
            self.flight_bytes -= self.flight.popleft()[1]
        return True

    def rewind(self, held: int) -> None:
        """Start sending again from what the peer holds."""
        self.acked = self.cursor = min(held, self.durable)
        self.flight.clear()
        self.flight_bytes = 0


@dataclass(slots=True, kw_only=True)
class TheirLog:
    """A log we take in. `frontier` is all that is verified, `durable` what is on our disk."""

    log: LogId
    frontier: Frontier
    durable: int
    exact: Head | None = None  # their newest head whose size is exactly `frontier.size`
    cosigned: int = 0
    cosigned_pq: int = 0
    cosigned_at_s: int = 0
    waiting_seal: Head | None = None
    strikes: int = 0  # runs in a row that did not continue what we hold
    told: int = 0  # urgent entries below this were told, folded or not
    frozen: bool = False
    ahead: dict[int, bytes] = field(default_factory=dict)  # number -> id of entries held ahead of the log
    promised: Head | None = None  # the largest head that came with one of them: the log must grow into it
    verified: tuple[int, bytes, bytes] | None = None  # the last head whose signature we checked


def verify_run(log: TheirLog, run: Run) -> tuple[list[bytes], list[bytes], Frontier]:
    """Check that the new part of a run continues what we hold and is proven to its (already verified) head.

    Returns:
        The new leaves, their hashes, and the frontier after them.
    Raises:
        PeerError: `line.size` if the run goes beyond its head, `line.root` or `record.consistency` if it does not
        hash into it. Nothing was kept.
    """
    end = run.first + len(run.leaves)
    if end > run.head.size:
        raise PeerError("line.size", f"a run of {run.head.log.text} goes to {end}, its head only to {run.head.size}")
    leaves = list(run.leaves[log.frontier.size - run.first :])
    hashes = [tree.leaf_hash(leaf) for leaf in leaves]
    grown = log.frontier.copy()
    grown.extend(hashes)
    root = grown.root()
    if end < run.head.size:
        tree.verify_consistency(end, run.head.size, root, run.head.root, list(run.proof))
    elif root != run.head.root:
        raise PeerError(
            "line.root",
            f"{run.head.log.text}: the entries up to {end} hash to another root than the signed head; nothing was kept",
            size=end,
        )
    return leaves, hashes, grown
