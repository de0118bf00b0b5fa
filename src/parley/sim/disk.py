"""A simulated disk: commits take time, fail, do not fit, and are cut short by a crash.

Owns: the commits in the order they were given, one under way at a time; what is safe (the journal of batches that
    reached the platter); backups.
Does not own: what the rows mean; the store that answers reads is the shipped memory store.
Always true:
  1. A batch is on the platter whole or not at all (what SQLite's WAL gives; the power-loss tests of storage/ prove
     that of the real one). Which of the two it is, for a batch under way in a crash, the dice decide.
  2. A commit may be reported as failed though it reached the platter: the caller has to read back.
  3. Only an early-acknowledging disk (a broken build) confirms what a crash can still take away.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parley.errors import Unavailable, ensure
from parley.sim.dice import Dice
from parley.sim.schedule import Schedule
from parley.storage import Row, SignatureRow, Store

_Rows = tuple[Row, ...]


@dataclass(kw_only=True)
class _Writing:
    rows: _Rows
    done: Callable[[], None]
    failed: Callable[[Unavailable], None]
    of_core: bool


class SimDisk:
    """One node's disk, with a program's view of it (`store`)."""

    def __init__(
        self, schedule: Schedule, dice: Dice, new_store: Callable[[str], Store], *, early: bool = False
    ) -> None:
        self._schedule = schedule
        self._dice = dice
        self._new_store = new_store
        self._early = early
        self._jobs: deque[_Writing] = deque()  # the first is under way
        self._life = 0  # goes up at each crash, so that a commit of a dead program confirms nothing
        self._unsynced = 0  # batches of the journal that an early disk may still lose
        self._stores = 0
        self.store: Store = new_store(f"{self._stores:032x}")
        self.journal: list[_Rows] = []
        self.full_until = -1.0
        self.slow_until = -1.0
        self.takes_s = 0.0  # how long the latest commit takes, if nothing comes between
        self.fail_next: str | None = None  # "clean": nothing was written; "silent": it was
        self.landed: set[bytes] = set()  # signatures that have been on this platter
        self.on_landed: Callable[[_Rows], None] = lambda rows: None

    @property
    def busy(self) -> bool:
        """True while a commit is under way."""
        return bool(self._jobs)

    def write(self, rows: Sequence[Row], done: Callable[[], None], failed: Callable[[Unavailable], None]) -> None:
        """Begin a commit; `done` or `failed` is called when virtual time has passed, unless the node crashes first."""
        ensure(
            not any(job.of_core for job in self._jobs),
            "the core gave the disk a second commit before the first was answered",
        )
        self._give(_Writing(rows=tuple(rows), done=done, failed=failed, of_core=True))

    def keep(self, rows: Sequence[Row], done: Callable[[], None], failed: Callable[[Unavailable], None]) -> None:
        """Commit private values between two commits of the core, as the one writer of a node does."""
        self._give(_Writing(rows=tuple(rows), done=done, failed=failed, of_core=False))

    def _give(self, job: _Writing) -> None:
        self._jobs.append(job)
        if len(self._jobs) == 1:
            self._begin()

    def _begin(self) -> None:
        life = self._life
        self.takes_s = self._dice.spread(0.0002, 0.005)
        if self._schedule.now < self.slow_until:
            self.takes_s = self._dice.uniform(0.1, 0.8)
        if self._early and not self._trouble_now():
            writing = self._jobs.popleft()
            self._land(writing.rows)
            self._unsynced += 1
            self._schedule.after(0.4, lambda: self._synced(life))
            self._schedule.after(0.0, lambda: writing.done() if life == self._life else None)
            if self._jobs:
                self._begin()
            return
        self._schedule.after(self.takes_s, lambda: self._finish(life))

    def _trouble_now(self) -> bool:
        return self._schedule.now < self.full_until or self.fail_next is not None

    def _synced(self, life: int) -> None:
        if life == self._life:
            self._unsynced -= 1

    def _finish(self, life: int) -> None:
        if life != self._life or not self._jobs:
            return
        writing = self._jobs.popleft()
        if self._jobs:
            self._begin()
        if self._schedule.now < self.full_until:
            writing.failed(Unavailable("storage.full", "the simulated disk has no room left"))
            return
        if self.fail_next is not None:
            kind, self.fail_next = self.fail_next, None
            if kind == "silent":
                self._land(writing.rows)
            writing.failed(Unavailable("storage.io", "the simulated disk did not answer the commit"))
            return
        self._land(writing.rows)
        writing.done()

    def _land(self, rows: _Rows) -> None:
        self.store.commit(rows)
        self.journal.append(rows)
        for row in rows:
            if isinstance(row, SignatureRow):
                self.landed.add(row.signature)
        self.on_landed(rows)

    def crash(self) -> str:
        """Stop in the middle of whatever is under way; says what became of it: idle, landed, lost or unsynced."""
        self._life += 1
        writing = self._jobs[0] if self._jobs else None
        self._jobs.clear()
        if self._unsynced:
            del self.journal[len(self.journal) - self._unsynced :]
            self._unsynced = 0
            self._rebuild()
            return "unsynced"
        if writing is None:
            return "idle"
        if self._schedule.now >= self.full_until and self._dice.chance(0.5):
            self._land(writing.rows)
            return "landed"
        return "lost"

    def backup(self) -> int:
        """Take a backup; gives its mark."""
        return len(self.journal) - self._unsynced

    def restore(self, mark: int, *, copied: bool) -> None:
        """Put an old backup in place of the disk; the node must not be running.

        Args:
            mark: What `backup` gave.
            copied: The files were copied; otherwise the store was restored properly and draws a new identity.
        """
        if not copied:
            self._stores += 1
        ensure(not self._jobs, "a disk under a running program cannot be replaced")
        del self.journal[mark:]
        self._unsynced = 0
        self._rebuild()

    def _rebuild(self) -> None:
        self.store = self._new_store(f"{self._stores:032x}")
        for rows in self.journal:
            self.store.commit(rows)
