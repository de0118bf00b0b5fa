"""The program as an administrator starts it, `parley run`, and what it uses of the machine (Linux: proc(5))."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Use:
    """What a process has used so far, and holds now."""

    cpu_s: float
    resident_bytes: int


async def program(folder: Path) -> Process:
    """Start the node of a data folder with its desk and its API; returns once it says that it runs."""
    command = (sys.executable, "-m", "parley.cli", "run", str(folder), "--json")
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=DEVNULL)
    assert process.stdout is not None
    if not (line := await process.stdout.readline()):
        raise RuntimeError(f"the node of {folder.name} ended")
    json.loads(line)
    return process


def used(pid: int) -> Use:
    """Give what a running process has used."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(stat[11]) + int(stat[12])  # utime and stime, the 14th and 15th fields
    return Use(ticks / os.sysconf("SC_CLK_TCK"), int(stat[21]) * os.sysconf("SC_PAGE_SIZE"))
