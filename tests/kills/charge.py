"""The harness' hand on one node: start it, ask it, kill it, through its keeper."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.kills.grounds import PEOPLE, Ground

_ROOT = Path(__file__).parents[2]


@dataclass(kw_only=True)
class Habits:
    """How the clients of a node behave, and how it is broken."""

    seed: str = "0"
    authors: int = 0
    pause_s: float = 0.01
    files: float = 0.0  # share of the messages that carry a file
    broken: str = ""


@dataclass(kw_only=True)
class Deaths:
    """How often a node was killed, and how often in the middle of a commit."""

    kills: int = 0
    inside: int = 0
    commits: int = 0
    by_itself: list[str] = field(default_factory=list)


class Charge:
    """One side's node through all its lives."""

    def __init__(self, ground: Ground, habits: Habits) -> None:
        self.ground = ground
        self.habits = habits
        self.deaths = Deaths()
        self.life = 0
        self.pid = 0
        self.clock_ahead_s = 0.0
        self._asked = 0
        self._commands, commands = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control, control = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for ours in (self._commands, self._control):
            ours.setblocking(False)
        numbers = (commands.fileno(), control.fileno())
        paths = os.pathsep.join((str(_ROOT / "src"), str(_ROOT)))
        self._keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.kills.keeper", *map(str, numbers)],
            pass_fds=numbers, cwd=_ROOT, env={**os.environ, "PYTHONPATH": paths},
        )  # fmt: skip
        commands.close()
        control.close()

    async def _order(self, what: str, timeout_s: float = 60, **more: Any) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self._commands, json.dumps({"do": what, **more}).encode())
        answer = await asyncio.wait_for(loop.sock_recv(self._commands, 65_536), timeout_s)
        if not answer:
            raise RuntimeError(f"the keeper of {self.ground.side} ended")
        return dict(json.loads(answer))

    async def start(self) -> None:
        """Start the node; returns at once, long before it is open."""
        self.life += 1
        ground, habits = self.ground, self.habits
        started = await self._order(
            "start", data=str(ground.data), notes=str(ground.notes), printed=str(ground.printed), life=self.life,
            seed=habits.seed, authors=habits.authors, pause_s=habits.pause_s,
            files=habits.files, broken=habits.broken, clock_ahead_s=self.clock_ahead_s,
            people=PEOPLE[ground.side],
        )  # fmt: skip
        self.pid = started["pid"]

    async def set_clock(self, ahead_s: float) -> None:
        """Set the node's time of day, at once if it lives, and for every life from now on."""
        self.clock_ahead_s = ahead_s
        await self._tell("clock", ahead_s=ahead_s)

    async def kill(self, *, more: int = 0, within_s: float = 0.0, share: float = 0.0) -> bool:
        """Kill with SIGKILL; gives whether a commit was under way.

        Args:
            more: In the so-manieth commit from now, or when `within_s` is over; 0: just after `within_s`.
            share: How far into that commit, as a share of what the one before took.
        """
        return self._died(await self._order("kill", more=more, within_s=within_s, share=share), killed=True)

    async def stop(self) -> None:
        """Let the node stop in order."""
        await self._tell("stop")
        self._died(await self._order("wait"), killed=False)

    def _died(self, told: dict[str, Any], *, killed: bool) -> bool:
        deaths = self.deaths
        deaths.commits += told["commits"]
        if killed and told["signal"]:
            deaths.kills += 1
            deaths.inside += told["inside"]
        elif told["signal"] or told["code"]:
            deaths.by_itself.append(f"life {self.life} ended by itself: {told}")
        return bool(told["inside"])

    async def _tell(self, what: str, **more: Any) -> int:
        self._asked += 1
        message = {"do": what, "life": self.life, "number": self._asked, **more}
        await asyncio.get_running_loop().sock_sendall(self._control, json.dumps(message).encode())
        return self._asked

    async def do(self, what: str, *, within_s: float = 60, **more: Any) -> Any:
        """Give a command to the living node and wait for its answer."""
        number = await self._tell(what, **more)
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(within_s):
            while True:
                told = json.loads(await loop.sock_recv(self._control, 1 << 20))
                if told["life"] == self.life and told["number"] == number:
                    return told["answer"]

    def close(self) -> None:
        """Let the keeper go; it takes a node that still lives with it."""
        self._commands.close()
        self._control.close()
        try:
            self._keeper.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._keeper.kill()
            self._keeper.wait()
