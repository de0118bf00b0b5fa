"""Real-time text: from the character at one desk to the far desk that shows it, typed fast."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from benchmarks.call_clients import served
from benchmarks.clients import CHANNEL
from benchmarks.rows import Row, failed, limit_row, quantile

LIMIT_MS = 500  # EN 301 549, 6.2.4: from the character to the network; here it is to the far desk, which is more
_LINE = "Stop the ship at once, she is on our nets. "
_ROW = "real-time text: a typed character to the far desk, p95"


async def text(root: Path, lines: int = 6, gap_s: float = 0.08) -> list[Row]:
    """Type, twelve characters a second, one state of the line a character, as a page does."""
    typed: list[tuple[int, int, float]] = []  # line, characters, when
    async with served(root / "text") as place:
        (writer,), (reader,) = await place.north("edda"), await place.south("samira")
        session = await writer.lift()
        await reader.until(lambda word: word["told"] == "call" and bool(word["subject"]))
        for line in range(lines):
            for count in range(1, len(_LINE) + 1):
                typed.append((line, count, time.monotonic()))
                say = "text-line" if count == len(_LINE) else "text"
                await writer.say(say, channel=CHANNEL, session=session, text=_LINE[:count])
                await asyncio.sleep(gap_s)
        await reader.until(lambda word: word["told"] == "text-line" and word["line"] == lines - 1)
        await writer.hang_up()
    shown = [
        (word["line"], len(word["text"] or ""), when)
        for when, word in reader.told
        if word["told"] in ("text", "text-line")
    ]
    waits = []
    for line, count, when in typed:
        seen = [at for told, length, at in shown if told == line and length >= count]
        if not seen:
            return [failed(_ROW, LIMIT_MS, f"character {count} of line {line} was never shown")]
        waits.append((min(seen) - when) * 1e3)
    why = f"{len(waits)} characters, {1 / gap_s:.0f} a second; p50 {quantile(waits, 0.5):.1f}, most {max(waits):.1f} ms"
    return [limit_row(_ROW, quantile(waits, 0.95), LIMIT_MS, "ms", why=why)]
