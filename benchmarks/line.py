"""The figures of the line: each beside the bare floor of this machine, in one run, as ratios where a floor exists."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.floor import Floor
from benchmarks.pair import Pair
from benchmarks.program import program, used
from benchmarks.rows import Row, failed, limit_row, ratio_row

ROUNDS = 9
EACH = 60
WHY_CLIENT = "client: a subscriber in the node's own process, as a desk's stream is"


def _quantile(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


async def latencies(pair: Pair, count: int, precedence: str, pause: float = 0.0) -> list[float]:
    """Give, for each message, the time from the action until South's client has it and North's client is told."""
    answer = await pair.north.do("send", count=count, parallel=1, precedence=precedence, pause=pause)
    await pair.south.do("until-seen", log=answer["log"], number=answer["last"])
    seen = await pair.south.do("seen", log=answer["log"])
    return [max(answer["told"][number], seen[number]) - begun for number, begun in answer["starts"].items()]


@asynccontextmanager
async def fresh(root: Path, name: str, *, links: int = 2, proxied: bool = False) -> AsyncIterator[Pair]:
    """Give a pair in a folder of its own."""
    async with Pair(root / name, links=links, proxied=proxied) as pair:
        yield pair


async def message(root: Path) -> list[Row]:
    """One message, sequential, 9 interleaved rounds of floor and product; each round gives its own quantiles."""
    p50s, p99s, product = [], [], []
    with Floor(root / "floor") as floor:
        async with fresh(root, "message") as pair:
            await latencies(pair, 30, "ROUTINE")
            floor.line(30)
            for _ in range(ROUNDS):
                bare, ours = floor.line(EACH), await latencies(pair, EACH, "ROUTINE")
                p50s.append((_quantile(ours, 0.5), _quantile(bare, 0.5)))
                p99s.append((_quantile(ours, 0.99), _quantile(bare, 0.99)))
                product += ours
    return [
        ratio_row("message, action to both disks and both clients, p50", p50s, 2.0, WHY_CLIENT),
        ratio_row("message, action to both disks and both clients, p99", p99s, 2.5, WHY_CLIENT),
    ]


async def sustained(root: Path, count: int = 60_000) -> list[Row]:
    """One direction through the ordinary action, at most 1,000 in flight."""
    async with fresh(root, "sustained") as pair:
        await pair.north.do("send", count=5000, parallel=1000, precedence="ROUTINE")
        before = await pair.north.do("usage"), await pair.south.do("usage")
        answer = await pair.north.do("send", count=count, parallel=1000, precedence="ROUTINE")
        seen = await pair.south.do("until-seen", log=answer["log"], number=answer["last"])
        await pair.south.do("forget")
        after = await pair.north.do("usage"), await pair.south.do("usage")
    seconds = max(answer["seconds"], seen - answer["ended"] + answer["seconds"])
    grown = [(late["rss"] - early["rss"]) / 1e6 for early, late in zip(before, after, strict=True)]
    return [
        limit_row("sustained entries a second, durable on both, client told", count / seconds, 5000, "1/s", least=True),
        limit_row(
            f"memory grown over {count} entries, the larger of both nodes (the client keeps its times)",
            max(grown), 40, "MB",
        ),
    ]  # fmt: skip


async def flash_under_load(root: Path, mib: int = 256) -> list[Row]:
    """FLASH while a file of 256 MiB goes each way."""
    async with fresh(root, "load") as pair:
        idle = await latencies(pair, 150, "FLASH")
        sent = [await side.do("attach", mib=mib) for side in (pair.north, pair.south)]
        loaded = await latencies(pair, 150, "FLASH", 0.01)
        under_way = await pair.south.do("file", root=sent[0]["root"])
        begun = time.monotonic()
        while time.monotonic() - begun < 120:
            held = [
                await side.do("file", root=each["root"])
                for side, each in ((pair.south, sent[0]), (pair.north, sent[1]))
            ]
            if all(each == mib << 20 for each in held):
                break
            await asyncio.sleep(0.2)
        whole = all(each == mib << 20 for each in held)
    row = ratio_row(
        f"FLASH while {mib} MiB go each way, p99 over its idle p99",
        [(_quantile(loaded, 0.99), _quantile(idle, 0.99))], 3.0,
        f"{under_way >> 20} MiB had arrived when the last FLASH was timed; both files whole: {whole}",
    )  # fmt: skip
    return [row if whole else failed(row.row, 3.0, "the files did not arrive whole within 120 s")]


async def one_link_cut(root: Path, rounds: int = 5, each: int = 60) -> list[Row]:
    """FLASH across the cut of one of two links, in mid-stream; idle and cut rounds in turn, taken together."""
    idle: list[float] = []
    across: list[float] = []
    async with fresh(root, "cut", proxied=True) as pair:
        await latencies(pair, 20, "FLASH")
        before = (await pair.north.do("sizes"))["leaders/north/0"]

        async def cut(number: int) -> None:
            await asyncio.sleep(0.15)
            await pair.proxies[number % 2].cut()

        for number in range(rounds):
            idle += await latencies(pair, each, "FLASH")
            cutting = asyncio.create_task(cut(number))
            across += await latencies(pair, each, "FLASH")
            await cutting
            await pair.proxies[number % 2].heal()
            await pair.up()
        there = (await pair.south.do("sizes"))["leaders/north/0"]
    expected = before + 2 * rounds * each
    note = f"{rounds} cuts, none lost or doubled" if there == expected else f"expected {expected} entries, got {there}"
    row = ratio_row(
        "FLASH while one of two links is cut, p99 over its idle p99",
        [(_quantile(across, 0.99), _quantile(idle, 0.99))],
        2.0,
        note,
    )
    return [row if there == expected else failed(row.row, 2.0, note)]


async def only_link_cut(root: Path, away_s: float = 60.0) -> list[Row]:
    """The only link away for a minute, 1,000 entries waiting: from its return until all are on the other disk."""
    rows = []
    for way in ("vanish", "refused"):
        async with fresh(root, f"away-{way}", links=1, proxied=True) as pair:
            proxy = pair.proxies[0]
            if way == "vanish":
                proxy.blackhole()
            else:
                await proxy.cut()
            begun = time.monotonic()
            answer = await pair.north.do("send", count=1000, parallel=100, precedence="ROUTINE", pause=-1)
            await asyncio.sleep(max(0.0, away_s - (time.monotonic() - begun)))
            await proxy.heal()
            back = time.monotonic()
            held = await pair.north.do("until-held", log=answer["log"], number=answer["last"])
            there = (await pair.south.do("sizes"))["leaders/north/0"]
        name = f"only link away {away_s:.0f} s ({way}), 1,000 waiting: back to all on the other disk"
        whole = there == answer["last"] + 1
        rows.append(limit_row(name, held - back, 5, "s") if whole else failed(name, 5, f"{there} entries there"))
    return rows


async def catch_up(root: Path, count: int = 100_000) -> list[Row]:
    """100,000 entries written while the line is down; then the line comes back; then South loses its machine."""
    async with fresh(root, "catch-up", links=1, proxied=True) as pair:
        await pair.proxies[0].cut()
        answer = await pair.north.do("send", count=count, parallel=1000, precedence="ROUTINE", pause=-1)
        await pair.proxies[0].heal()
        up = await pair.north.do("up", links=1)
        held = await pair.north.do("until-held", log=answer["log"], number=answer["last"])
        caught = limit_row(f"catch-up of {count} entries, line up to cosigned", held - up, 20, "s")
        await pair.south.stop()
        for path in [*pair.south.folder.glob("record.db*"), *(pair.root / "south.anchor").iterdir()]:
            path.unlink()
        begun = time.monotonic()
        await pair.south.start()
        while (await pair.south.do("sizes")).get("leaders/north/0", 0) <= answer["last"]:
            await asyncio.sleep(0.1)
        await pair.up()
        healed = limit_row(
            f"new node from the peer's copy, {count} entries, verified", time.monotonic() - begun, 60, "s"
        )
    return [caught, healed]


async def idle(root: Path, watched_s: float = 20.0) -> list[Row]:
    """Two nodes with two links and nothing to do: the program that an administrator starts, desk and API included."""
    async with fresh(root, "idle") as pair:
        for side in (pair.south, pair.north):
            await side.stop()
        programs = [await program(side.folder) for side in (pair.south, pair.north)]
        try:
            await asyncio.sleep(5)
            before = used(programs[1].pid)
            await asyncio.sleep(watched_s)
            after = used(programs[1].pid)
        finally:
            for each in programs:
                each.terminate()
            await asyncio.gather(*(each.wait() for each in programs))
    return [
        limit_row("idle node, resident", after.resident_bytes / 1e6, 80, "MB"),
        limit_row("idle node, share of a core", 100 * (after.cpu_s - before.cpu_s) / watched_s, 1, "%"),
    ]


GROUPS = (message, sustained, flash_under_load, one_link_cut, only_link_cut, catch_up, idle)


def rows(only: list[str]) -> Iterator[Row]:
    """Measure every row, one after the other; `only` names some of them (by function)."""
    from benchmarks import offline

    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        root = Path(folder)
        for group in GROUPS:
            if not only or group.__name__ in only:
                try:
                    yield from asyncio.run(asyncio.wait_for(group(root), 600))
                except Exception as error:  # a row that could not be measured is said so, and the others go on
                    yield failed(group.__name__.replace("_", " "), None, f"{type(error).__name__}: {error}", ok=None)
        yield from offline.rows(root, only)


def spread_of(values: list[float]) -> str:
    """Give least, median and greatest."""
    return f"{min(values):.3g} / {statistics.median(values):.3g} / {max(values):.3g}"
