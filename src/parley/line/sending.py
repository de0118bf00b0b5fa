"""Which entries the peer still needs, and by which link they go.

Owns: the links that are up, what is in flight of each log, runs and entries ahead.
Does not own: bytes on a link (link/), what an entry means (subjects/).
Always true:
  1. Nothing is sent that is not on our disk (DESIGN 2.2).
  2. FLASH and IMMEDIATE go by every link at once; where their log is behind they go ahead of it (DESIGN 2.8).
  3. What is in flight of a log stays below limits.CREDIT_ENTRIES and CREDIT_BYTES; by a thin link one short run.
  4. A thin link carries urgent entries and receipts, and all else only while no other link is up.
Read first: docs/protocol/line.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from parley import limits
from parley.errors import ensure
from parley.line.events import Effect, Send
from parley.line.frames import Ahead, Head, Run, write_ahead, write_run
from parley.line.ledger import Ledger, OurPart
from parley.line.states import OurLog
from parley.link.lanes import Lane
from parley.link.thin import Thin
from parley.record import tree
from parley.record.names import LogId
from parley.storage.port import LogHashes
from parley.times import Instant

URGENT = ("FLASH", "IMMEDIATE")
# How many runs one call may read and prove: keeps a long catch-up from holding up what is urgent.
_RUNS_A_PUMP = 4
_RUN_AGAIN_S = 20.0  # in flight without any word from the peer: send again from what it holds
# On a thin link a run lasts about this long: each is cosigned as it stands, and a cut costs no more than one.
THIN_RUN_S = 10.0


class Sending:
    """The sending half of replication."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._links: dict[str, float] = {}  # those that are up -> round trip in seconds
        self._thin: dict[str, Thin] = {}  # those of them that are thin
        self.links: tuple[str, ...] = ()  # those that are up, the fastest first and thin ones last
        self._moved_at: Instant = Instant(0.0)
        self.more = False  # the last pump stopped at its bound, not at the end of its work

    @property
    def thin(self) -> Thin | None:
        """Give what the best link carries if all that are up are thin."""
        return self._thin.get(self.links[0]) if self._links else None

    def is_thin(self, link: str) -> bool:
        """Say whether a link that is up is thin."""
        return link in self._thin

    def link_up(self, link: str, thin: Thin | None = None) -> None:
        """A link may be used from now on."""
        self._links[link] = 0.0
        self._thin.pop(link, None)
        if thin is not None:
            self._thin[link] = thin
        self._sort()

    def link_round_trip(self, link: str, seconds: float) -> None:
        """Note how fast a link is."""
        if link in self._links:
            self._links[link] = round(seconds, 2)  # coarse, so that two like links do not take turns
            self._sort()

    def link_down(self, link: str) -> None:
        """What was in flight by this link may be lost: everything not acknowledged goes again, by another."""
        self._links.pop(link, None)
        self._thin.pop(link, None)
        self._sort()
        for ours in self._ledger.ours.values():
            ours.rewind(ours.acked)

    def _sort(self) -> None:
        self.links = tuple(sorted(self._links, key=lambda name: (name in self._thin, self._links[name], name)))

    def everywhere(self, frame: bytes, but: Sequence[str] = ()) -> list[Effect]:
        """Send one urgent frame by all links, but for thin ones it is too long for; the first copy counts."""
        return [Send(link, Lane.URGENT, frame) for link in self.links if link not in but]

    def fitting(self, frame: bytes) -> list[Effect]:
        """Send a frame that nobody rings for by all links but thin ones, by those if there are no others."""
        return [Send(link, Lane.URGENT, frame) for link in self.links if self.thin or link not in self._thin]

    def _too_narrow(self, frame: bytes) -> list[str]:
        """Give the thin links that a frame would hold up for longer than a run may."""
        return [link for link, thin in self._thin.items() if len(frame) > thin.bytes_s * THIN_RUN_S]

    def _run_bytes(self) -> int:
        """Give how long the leaves of a run by the best link may be; one leaf may be longer."""
        return limits.RUN_BYTES_MAX if self.thin is None else int(self.thin.bytes_s * THIN_RUN_S)

    def acked(self, ours: OurLog, held: int, now: Instant) -> None:
        """The peer says that it holds so many of a log of ours."""
        if ours.ack(held):
            self._moved_at = now

    def stored(self, ours: OurLog, part: OurPart, now: Instant) -> list[Effect]:
        """A batch of ours reached the disk: send what is urgent in it at once, and the rest as it fits."""
        ensure(part.head is not None and ours.durable >= part.head.size, "sending before the disk confirmed")
        effects: list[Effect] = []
        if ours.lost:
            return effects
        if part.urgent and self._links:
            effects += self._foundations(ours)
            frame = b""
            if ours.acked >= part.first and len(part.leaves) <= limits.RUN_ENTRIES_MAX:
                frame = self._run(ours, part.first, part.leaves)
            if frame and len(frame) <= limits.URGENT_FRAME_BYTES_MAX:
                whole = len(part.leaves) == len(part.urgent)  # nothing in it could wait
                narrow = [] if whole else self._too_narrow(frame)
                effects += self.everywhere(frame, but=narrow)
                if narrow:
                    effects += self._ahead(ours, part, but=[link for link in self.links if link not in narrow])
                if len(narrow) < len(self._links):
                    self._flown(ours, ours.durable, len(frame), now)
            else:
                effects += self._ahead(ours, part)
        elif self._links and ours.cursor == part.first and len(part.leaves) <= limits.RUN_ENTRIES_MAX:
            size = sum(map(len, part.leaves))
            if size <= self._run_bytes() and self._fits(ours):
                frame = self._run(ours, part.first, part.leaves)
                effects.append(Send(self.links[0], Lane.ORDINARY, frame))
                self._flown(ours, ours.durable, len(frame), now)
        return effects

    def urgent_backlog(self, link: str) -> list[Effect]:
        """A link is up after a cut: what is urgent among what waits overtakes the rest (DESIGN 2.8)."""
        effects: list[Effect] = []
        for ours in self._ledger.speaking():
            waiting = [number for number in ours.urgent if ours.acked <= number < ours.durable]
            if self.thin is not None and ours.cursor == ours.durable:
                continue  # on its way already, whole
            if not waiting or ours.head is None or ours.durable - ours.acked <= 1:
                continue
            effects += self._foundations(ours)
            reader = LogHashes(self._ledger.store, ours.log)
            for number in waiting:
                proof = tree.inclusion_proof(number, ours.head.size, reader)
                leaf = self._ledger.store.leaves(ours.log, number, 1)[0]
                ahead = Ahead(head=ours.head, number=number, proof=tuple(proof), leaf=leaf)
                effects.append(Send(link, Lane.URGENT, write_ahead(ahead)))
        return effects

    def _foundations(self, ours: OurLog) -> list[Effect]:
        """Send by every link what the line channel holds unacknowledged: an urgent entry's past may rest on it."""
        frame = b"" if self._ledger.newest_ours("line") is ours else self._line_frame()
        return self.everywhere(frame, but=self._too_narrow(frame)) if frame else []

    def word_of_keys(self, link: str) -> list[Effect]:
        """Send the same by one link: it may hold the confirmation of their new keys, and nothing of theirs counts here
        until they have heard it. Another link may stall with it.
        """
        frame = self._line_frame()
        return [Send(link, Lane.URGENT, frame)] if frame else []

    def _line_frame(self) -> bytes:
        line = self._ledger.newest_ours("line")
        if line is None or line.lost or line.head is None or line.acked >= line.durable:
            return b""
        leaves = read_leaves(self._ledger, line.log, line.acked, line.head.size)
        frame = prove_run(self._ledger, line.head, line.acked, leaves)
        return frame if len(frame) <= limits.URGENT_FRAME_BYTES_MAX else b""

    def thin_first(self, link: str, now: Instant) -> list[Effect]:
        """A thin link is up and no other: what is urgent goes before anything else is said on it."""
        effects: list[Effect] = []
        for ours in self._ledger.speaking():
            if ours.head is None or not any(ours.acked <= number < ours.durable for number in ours.urgent):
                continue
            leaves = read_leaves(self._ledger, ours.log, ours.acked, ours.head.size, self._run_bytes())
            if ours.acked + len(leaves) == ours.durable:
                frame = prove_run(self._ledger, ours.head, ours.acked, leaves)
                effects += [*self._foundations(ours), Send(link, Lane.URGENT, frame)]
                self._flown(ours, ours.durable, len(frame), now)
        return effects + self.urgent_backlog(link)

    def _ahead(self, ours: OurLog, part: OurPart, but: Sequence[str] = ()) -> list[Effect]:
        head = part.head
        ensure(head is not None, "an unsigned batch")
        assert head is not None
        reader = LogHashes(self._ledger.store, ours.log)
        effects: list[Effect] = []
        for number in part.urgent[: limits.AHEAD_ENTRIES_MAX]:
            proof = tree.inclusion_proof(number, head.size, reader)
            leaf = part.leaves[number - part.first]
            frame = write_ahead(Ahead(head=head, number=number, proof=tuple(proof), leaf=leaf))
            effects += self.everywhere(frame, but=but)
        return effects

    def _fits(self, ours: OurLog) -> bool:
        if self.thin is not None:
            return not any(each.flight for each in self._ledger.ours.values())
        return ours.cursor - ours.acked < limits.CREDIT_ENTRIES // 4 and ours.flight_bytes < limits.CREDIT_BYTES // 4

    def _flown(self, ours: OurLog, end: int, size: int, now: Instant) -> None:
        if not ours.flight:
            self._moved_at = now
        ours.cursor = max(ours.cursor, end)
        ours.flight.append((end, size))
        ours.flight_bytes += size

    def _run(self, ours: OurLog, first: int, leaves: list[bytes]) -> bytes:
        head = ours.head
        ensure(head is not None, "entries without a head")
        assert head is not None
        return prove_run(self._ledger, head, first, leaves)

    def pump(self, now: Instant) -> list[Effect]:
        """Send what fits of all logs, the line channel's first, by the best link."""
        effects: list[Effect] = []
        self.more = False
        if not self._links:
            return effects
        link, runs = self.links[0], 0
        for ours in self._ledger.speaking():
            while ours.cursor < ours.durable and ours.head is not None and self._fits(ours):
                if runs == _RUNS_A_PUMP:
                    self.more = True
                    return effects
                leaves = read_leaves(self._ledger, ours.log, ours.cursor, ours.head.size, self._run_bytes())
                head, leaves = self._signed_end(ours, leaves)
                frame = prove_run(self._ledger, head, ours.cursor, leaves)
                effects.append(Send(link, Lane.ORDINARY, frame))
                self._flown(ours, ours.cursor + len(leaves), len(frame), now)
                runs += 1
        return effects

    def _signed_end(self, ours: OurLog, leaves: list[bytes]) -> tuple[Head, list[bytes]]:
        """End a run where we once signed a head, so that each run the peer stores is cosigned as it stands."""
        head, first = ours.head, ours.cursor
        ensure(head is not None, "entries without a head")
        assert head is not None
        end = first + len(leaves)
        if end >= head.size:
            return head, leaves
        rows = self._ledger.store.signatures(ours.log, "own-ed", first + 1, len(leaves))
        row = next((row for row in reversed(rows) if row.size <= end), None)
        if row is None:
            return head, leaves  # a run cut short by a thin link: proven to the newest head instead
        return Head(log=ours.log, size=row.size, root=row.root, signature=row.signature), leaves[: row.size - first]

    def retry_at(self) -> Instant | None:
        """Say when to doubt what is in flight."""
        if self._links and any(ours.flight for ours in self._ledger.ours.values()):
            flying = sum(ours.flight_bytes for ours in self._ledger.ours.values())
            return Instant(self._moved_at + _RUN_AGAIN_S + (4 * self.thin.takes_s(flying) if self.thin else 0.0))
        return None

    def retry(self, now: Instant) -> None:
        """Start again from what the peer holds if nothing moved for too long."""
        due = self.retry_at()
        if due is not None and now >= due:
            self._moved_at = now
            for ours in self._ledger.ours.values():
                ours.rewind(ours.acked)


def prove_run(ledger: Ledger, head: Head, first: int, leaves: list[bytes]) -> bytes:
    """Give the frame of a run, with the consistency proof from its end to the head."""
    end = first + len(leaves)
    proof: list[bytes] = []
    if end < head.size:
        proof = tree.consistency_proof(end, head.size, LogHashes(ledger.store, head.log))
    return write_run(Run(head=head, first=first, proof=tuple(proof), leaves=tuple(leaves)))


def read_leaves(ledger: Ledger, log: LogId, first: int, end: int, bytes_max: int = limits.RUN_BYTES_MAX) -> list[bytes]:
    """Read leaves for one run: at most 256 and `bytes_max`, at least one."""
    leaves = ledger.store.leaves(log, first, min(limits.RUN_ENTRIES_MAX, end - first))
    total = 0
    for count, leaf in enumerate(leaves):
        total += len(leaf) + 4
        if total > bytes_max and count:
            return leaves[:count]
    return leaves
