"""Slow links between two network namespaces of this machine: delay and loss of each link its own, without netem.

    async with Wan(links=2, delay_ms=75) as wan:   # needs root and /dev/net/tun
        wan.commands                               # what runs a process at North, at South
        wan.hosts                                  # South's address on each link
        await wan.loss(0.01)                       # from now on, each packet of each link and direction by itself

The relay is a process of its own (`python -m benchmarks.wan …`), so that no busy loop of ours delays it.
"""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import heapq
import os
import random
import select
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

_TUNSETIFF: Final = 0x400454CA
_TUN_NO_INFO: Final = 0x0001 | 0x1000
_NEWNET: Final = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def why_not() -> str:
    """Say why there can be no such links here; "" if there can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not Path("/dev/net/tun").exists():
        return "there is no /dev/net/tun"
    return ""


def _within(namespace: str, work: Callable[[], Any]) -> Any:
    """Give what `work` gives in that namespace; what it opened stays there."""
    home, there = os.open("/proc/thread-self/ns/net", os.O_RDONLY), os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if _libc.setns(there, _NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"the namespace {namespace} cannot be entered")
        try:
            return work()
        finally:
            _libc.setns(home, _NEWNET)
    finally:
        os.close(home)
        os.close(there)


def sockets_in(namespace: str) -> Callable[[Any], socket.socket]:
    """Give what aiohttp makes its sockets with, so that they belong to a namespace."""
    return lambda address: _within(namespace, lambda: socket.socket(address[0], address[1], address[2]))


class Wan:
    """Two namespaces and the links between them; a context manager."""

    def __init__(self, *, links: int, delay_ms: float) -> None:
        self.names = tuple(f"parley-{side}-{os.getpid()}" for side in ("north", "south"))
        self.commands = tuple(("ip", "netns", "exec", name) for name in self.names)
        self.hosts = tuple(f"10.77.{link}.2" for link in range(links))
        self._delay_ms = delay_ms

    async def __aenter__(self) -> Wan:
        _sweep()
        for name in self.names:
            _ip("netns", "add", name)
            _ip("-n", name, "link", "set", "lo", "up")
        self._relay = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.wan", *self.names, str(len(self.hosts)), str(self._delay_ms),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert self._relay.stdout is not None
        if await self._relay.stdout.readline() != b"up\n":
            await self.__aexit__()
            raise OSError("the links between the namespaces did not come up")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._relay.returncode is None:
            self._relay.kill()
            await self._relay.wait()
        for name in self.names:
            subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)

    async def loss(self, share: float) -> None:
        """Lose so many of the packets from now on."""
        assert self._relay.stdin is not None
        self._relay.stdin.write(f"{share}\n".encode())
        await self._relay.stdin.drain()


def _sweep() -> None:
    """Remove what a run that was killed left behind."""
    for left in Path("/run/netns").glob("parley-*-*"):
        if not Path("/proc", left.name.rpartition("-")[2]).exists():
            subprocess.run(["ip", "netns", "delete", left.name], check=False, capture_output=True)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def _tun(namespace: str, name: str, ours: str, theirs: str) -> int:
    def opened() -> int:
        tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(tun, _TUNSETIFF, struct.pack("16sH", name.encode(), _TUN_NO_INFO))
        return tun

    tun: int = _within(namespace, opened)
    _ip("-n", namespace, "addr", "add", ours, "peer", theirs, "dev", name)
    _ip("-n", namespace, "link", "set", name, "up", "mtu", "1400", "txqueuelen", "1000")
    return tun


def relay(north: str, south: str, links: int, delay_ms: float) -> None:
    """Carry packets until killed; a line on standard input sets the loss. Order is kept on each link."""
    other: dict[int, int] = {}
    for link in range(links):
        ends = [
            _tun(north, f"tl{link}", f"10.77.{link}.1", f"10.77.{link}.2"),
            _tun(south, f"tl{link}", f"10.77.{link}.2", f"10.77.{link}.1"),
        ]
        other |= {ends[0]: ends[1], ends[1]: ends[0]}
    polled = select.poll()
    for tun in (*other, sys.stdin.fileno()):
        polled.register(tun, select.POLLIN)
    dice, share, number = random.Random(), 0.0, 0  # which packet is lost is no secret
    under_way: list[tuple[float, int, int, bytes]] = []
    print("up", flush=True)
    while True:
        wait = max(0.0, under_way[0][0] - time.monotonic()) * 1000 if under_way else 1000
        for tun, _ in polled.poll(int(wait)):
            if tun == sys.stdin.fileno():
                line = os.read(tun, 64)
                if not line:
                    return
                share = float(line.split()[-1])
                continue
            for packet in _packets(tun):
                if dice.random() >= share:
                    number += 1
                    heapq.heappush(under_way, (time.monotonic() + delay_ms / 1000, number, other[tun], packet))
        while under_way and under_way[0][0] <= time.monotonic() + 0.0003:
            _, _, tun, packet = heapq.heappop(under_way)
            try:
                os.write(tun, packet)
            except OSError:  # a full queue loses it, as a router would
                continue


def _packets(tun: int) -> list[bytes]:
    packets = []
    for _ in range(256):
        try:
            packets.append(os.read(tun, 2048))
        except BlockingIOError:
            break
    return packets


if __name__ == "__main__":
    relay(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
