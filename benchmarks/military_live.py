"""The live watch under its full load: 2,000 ships at 0.5 Hz over a real socket, and pairs that turn to each other.

The sender is a process of its own and says when it sent the sentence that makes a pair come close. Measured: how long
after that the pair is told, and how much of a core the receiving side used meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
import sys
import time
from collections.abc import Iterator

from benchmarks.rows import Row, limit_row, quantile
from parley import limits
from parley.live import Rules
from parley.node.feed_settings import FeedSetting
from parley.node.feeds import Feeds
from parley.times import Moment

SHIPS = 2_000
RUN_S = 20.0
WARM_S = 4.0
PAIRS = 30
LAG_LIMIT_S = 1.0
CORE_LIMIT = 0.5


class Bare:
    """A node that knows the time and notes which pairs are told, and when."""

    def __init__(self) -> None:
        self.feeds: Feeds
        self.told: dict[str, float] = {}

    def moment(self) -> Moment:
        return Moment(time.time_ns() // 1_000_000)

    def tell(self, kind: str, fields: object) -> None:
        for pair in self.feeds.near.pairs():
            self.told.setdefault(pair.key, time.time())


def rows(only: list[str]) -> Iterator[Row]:
    """Give the two rows."""
    lags, core, tracks, crowded = asyncio.run(_run())
    why = f"{tracks} tracks, {len(lags)} of {PAIRS} pairs told{', crowded' if crowded else ''}"
    worst = max(lags) if len(lags) == PAIRS else math.inf
    yield limit_row("live watch warning", worst, LAG_LIMIT_S, "s", why=f"{why}; median {quantile(lags, 0.5):.2f} s")
    yield limit_row("live watch core", core, CORE_LIMIT, "cores", why=why)


async def _run() -> tuple[list[float], float, int, bool]:
    sender = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.military_live", stdout=asyncio.subprocess.PIPE
    )
    assert sender.stdout is not None
    node = Bare()
    port = int(await sender.stdout.readline())
    setting = FeedSetting(name="mast", form="ais", by="tcp", host="127.0.0.1", port=port)
    node.feeds = Feeds(node, [setting], Rules(distance_m=300, within_s=300))
    try:
        node.feeds.start()
        await asyncio.sleep(WARM_S)
        began, used = time.monotonic(), time.process_time()
        sent = json.loads(await sender.stdout.readline())
        await asyncio.sleep(2)
        core = (time.process_time() - used) / (time.monotonic() - began)
        lags = [node.told[key] - at for key, at in sent.items() if key in node.told]
        return lags, core, len(node.feeds.tracks), node.feeds.near.crowded
    finally:
        await node.feeds.stop()
        if sender.returncode is None:
            sender.terminate()
        await sender.wait()


# --- the sender, in a process of its own ------------------------------------------------------------------------------


def _sentence(mmsi: int, lat: float, lon: float, course: float, knots: float) -> bytes:
    from pyais import encode_dict

    told = {"type": 1, "mmsi": mmsi, "lat": lat, "lon": lon, "course": course, "speed": knots}
    return encode_dict(told, radio_channel="A", talker_id="AI")[0].encode() + b"\r\n"


async def _send() -> None:
    dice, joined = random.Random(11), asyncio.Event()
    writers: list[asyncio.StreamWriter] = []

    def meet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        joined.set()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    fleet = [
        _sentence(200_000_000 + n, dice.uniform(48, 52), dice.uniform(-6, 2), dice.uniform(0, 359), dice.uniform(2, 18))
        for n in range(SHIPS - 2 * PAIRS)
    ]
    print(server.sockets[0].getsockname()[1], flush=True)
    await joined.wait()
    sent: dict[str, float] = {}
    slices = 40  # of two seconds
    begun = time.monotonic()
    for turn in range(int((WARM_S + RUN_S) / 2 * slices)):
        writers[0].write(b"".join(fleet[turn % slices :: slices]))
        since = time.monotonic() - begun - WARM_S
        if since > 0 and len(sent) < PAIRS and len(sent) < since / RUN_S * PAIRS + 1:
            number = len(sent)
            lat, lon, ids = 10.0 + number, 20.0, (300_000_000 + 2 * number, 300_000_001 + 2 * number)
            writers[0].write(_sentence(ids[0], lat, lon, 90, 10) + _sentence(ids[1], lat, lon + 0.02, 270, 10))
            sent[f"mmsi-{ids[0]}.mmsi-{ids[1]}"] = time.time()
        await asyncio.sleep(max(0.0, begun + (turn + 1) * 2 / slices - time.monotonic()))
    print(json.dumps(sent), flush=True)
    await asyncio.sleep(limits.DIAL_S + 2)


if __name__ == "__main__":
    asyncio.run(_send())
