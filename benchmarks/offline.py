"""Figures that need no link: checking a whole exported record, and the simulation."""

from __future__ import annotations

import hashlib
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row, failed, limit_row
from parley.identity import LineIdentity, SideKeys
from parley.record import evidence, notes, tree
from parley.record.entry import Entry, encode_entry
from parley.record.names import LogId
from parley.storage.memory import MemoryStore
from parley.storage.port import EntryRow, FoldRow, SignatureRow
from parley.storage.port import Row as StoredRow

ENTRIES, EVERY = 100_000, 100
_CHECK = """
import sys, time
from parley.record.check import check_file
begun = time.perf_counter()
verdict = check_file(sys.argv[1]).verdict
took = time.perf_counter() - begun
peak = next(row.split()[1] for row in open("/proc/self/status") if row.startswith("VmHWM:"))
print(verdict, took, peak)
"""


def rows(root: Path, only: list[str]) -> Iterator[Row]:
    """Measure the rows that are wanted."""
    if not only or "check" in only:
        yield from check(root)
    if not only or "simulation" in only:
        yield from simulation()


def check(root: Path) -> Iterator[Row]:
    """`parley check` of 100,000 entries with 1,000 checkpoints and cosignatures of both kinds, in a fresh process."""
    name = f"parley check of {ENTRIES} entries, {ENTRIES // EVERY} checkpoints and cosignatures of both kinds"
    path = root / "record.parley"
    store, cards = _record()
    evidence.export_record(store, cards, path)
    done = subprocess.run([sys.executable, "-c", _CHECK, str(path)], capture_output=True, text=True, check=False)
    parts = done.stdout.split()
    if len(parts) != 3 or parts[0] != "proven":
        yield failed(name, 10, f"the record was not proven: {done.stdout} {done.stderr[-300:]}")
        return
    yield limit_row(name, float(parts[1]), 10, "s")
    yield limit_row("parley check, greatest resident size", int(parts[2]) / 1024, 120, "MB")


def _record() -> tuple[MemoryStore, tuple[object, object]]:
    keys = {side: SideKeys.from_seed(hashlib.sha256(f"check {side}".encode()).digest()) for side in ("north", "south")}
    cards = {
        side: keys[side].card(
            side=side, name=side.title(), domain=f"{side}.example", languages=("en",),
            nonce=hashlib.sha256(side.encode()).digest()[:16], made="2026-11-23T10:00:00.000Z",
        )
        for side in keys
    }  # fmt: skip
    identity = LineIdentity.found(cards["north"], cards["south"])
    log, store = LogId("leaders", "north", 0), MemoryStore()
    frontier, origin = tree.Frontier(), notes.origin("north.example", identity.line, log)
    name = notes.cosigner_name("south.example", identity.line, "south")
    for first in range(0, ENTRIES, EVERY):
        batch: list[StoredRow] = []
        for number in range(first, first + EVERY):
            leaf = encode_entry(_entry(identity.line, log, number))
            id = tree.leaf_hash(leaf)
            frontier.append(id)
            batch.append(EntryRow(log, number, id, leaf))
            subject = f"message/north/0/{number}"
            batch.append(
                FoldRow(
                    log, number, "leaders", subject, "message.sent", number + 1, "valid", "", "2026-11-23T10:00:00.000Z"
                )
            )
        size, signed, at_s = first + EVERY, frontier.root(), 1_795_428_000 + first
        north, south = keys["north"].log, keys["south"].cosign
        batch += [
            SignatureRow(log, "own-ed", size, signed, 0, notes.sign_checkpoint(north, origin, size, signed)),
            SignatureRow(log, "own-pq", size, signed, 0, notes.sign_checkpoint_pq(north, origin, size, signed)),
            SignatureRow(log, "co-ed", size, signed, at_s, notes.cosign(south, origin, size, signed, at_s)),
            SignatureRow(log, "co-pq", size, signed, at_s, notes.cosign_pq(south, name, origin, size, signed, at_s)),
        ]
        store.commit(batch)
    return store, (cards["north"], cards["south"])


def _entry(line: str, log: LogId, number: int) -> Entry:
    return Entry(
        rules=1, line=line, channel=log.channel, side=log.side, epoch=log.epoch, number=number, past=(), refs=(),
        at="2026-11-23T10:00:00.000Z", status="test", precedence="ROUTINE", person="m.tal", kind="message.sent",
        subject=f"message/north/0/{number}", body={"text": "All quiet at the northern buoy. " * 6, "language": "en"},
    )  # fmt: skip


def simulation(seeds: int = 24) -> Iterator[Row]:
    """Seeds a CPU-minute, and what 1,000 seeds would take on two cores at that rate."""
    from parley.sim.run import run_seed

    cpu, began, broken = resource.getrusage(resource.RUSAGE_SELF), time.monotonic(), []
    for seed in range(seeds):
        if not run_seed(seed).held:
            broken.append(seed)
    after = resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - cpu.ru_utime - cpu.ru_stime
    if broken:
        yield failed("simulation", 20, f"promises broken by seeds {broken}")
        return
    why = f"{seeds} seeds in {time.monotonic() - began:.0f} s of wall time"
    yield limit_row("simulation, seeds a CPU-minute", 60 * seeds / used, 20, "1/min", least=True, why=why)
    yield limit_row(
        "simulation, 1,000 seeds on two cores (worked out from the rate)", 1000 * used / seeds / 120, 30, "min"
    )
