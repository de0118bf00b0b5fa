"""Two nodes in two processes, joined over loopback, each driven by JSON lines (node.py)."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from parley.identity import SideKeys, line_id
from parley.node.config import Config, RouteSetting, write_config
from parley.node.opening import begin_anchor
from parley.transports.proxy import CutProxy

SIDES = ("north", "south")
MADE = "2026-11-23T10:00:00.000Z"
_REST_S = 1.5  # until both have done what a node does in its first idle moment (storage/file.py, `lay_ground`)


class Side:
    """One child process."""

    def __init__(self, folder: Path, command: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.command = command  # what goes before it: such as a network namespace to run in
        self.process: asyncio.subprocess.Process | None = None
        self.ports: list[int] = []

    async def start(self) -> None:
        """Start the node."""
        self.process = await asyncio.create_subprocess_exec(
            *self.command, sys.executable, "-m", "benchmarks.node", str(self.folder),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 26,
        )  # fmt: skip
        self.ports = [port for _, port in (await self._answer())["ready"]]

    async def _answer(self) -> Any:
        assert self.process is not None and self.process.stdout is not None
        line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the node of {self.folder.name} ended")
        return json.loads(line)

    async def do(self, what: str, **more: Any) -> Any:
        """Give a command and wait for its answer."""
        assert self.process is not None and self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": what, **more}).encode() + b"\n")
        return (await self._answer())["answer"]

    async def stop(self) -> None:
        """End the node in order."""
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
            await self.process.wait()
            self.process = None

    async def kill(self) -> None:
        """End the node at once."""
        if self.process is not None:
            self.process.kill()
            await self.process.wait()
            self.process = None


class Pair:
    """North and South with `links` links; each link goes through a proxy if `proxied`.

    The last link is stated as thin if `thin_bits_s` says what it carries.
    `hosts` are South's addresses, one a link, where the two are in namespaces of their own (`commands`).
    """

    def __init__(
        self, root: Path, *, links: int = 2, proxied: bool = False,
        thin_bits_s: int = 0, hosts: tuple[str, ...] = (), commands: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
    ) -> None:  # fmt: skip
        self.root = root
        self.links = links
        self.proxied = proxied
        self.thin_bits_s = thin_bits_s
        self.proxies: list[CutProxy] = []
        self.hosts = hosts or ("127.0.0.1",) * links
        self.north = Side(root / "north", commands[0])
        self.south = Side(root / "south", commands[1])

    async def __aenter__(self) -> Pair:
        shutil.rmtree(self.root, ignore_errors=True)
        keys = {side: SideKeys.from_seed(hashlib.sha256(f"bench {side}".encode()).digest()) for side in SIDES}
        cards = {
            side: keys[side].card(
                side=side, name=side.title(), domain=f"{side}.example", languages=("en",),
                nonce=hashlib.sha256(side.encode()).digest()[:16], made=MADE,
            )
            for side in SIDES
        }  # fmt: skip
        for side, other in (SIDES, SIDES[::-1]):
            folder = self.root / side
            folder.mkdir(parents=True)
            keys[side].save(folder / "keys", None)
            (folder / "own.card").write_bytes(cards[side].to_bytes())
            (folder / "peer.card").write_bytes(cards[other].to_bytes())
        last = f"route-{self.links - 1}"
        thin = [RouteSetting(name=last, host="", port=0, bits_s=self.thin_bits_s)] if self.thin_bits_s else []
        await self._configure("south", listen=[(host, 0) for host in self.hosts], routes=thin)
        await self.south.start()
        self._fix_ports()
        ports = self.south.ports
        if self.proxied:
            self.proxies = [CutProxy(("127.0.0.1", port)) for port in ports]
            ports = [await proxy.start() for proxy in self.proxies]
        routes = [
            RouteSetting(
                name=f"route-{at}", host=host, port=port, bits_s=self.thin_bits_s if f"route-{at}" == last else 0
            )
            for at, (host, port) in enumerate(zip(self.hosts, ports, strict=True))
        ]
        await self._configure("north", listen=[], routes=routes)
        await self.north.start()
        await self.up()
        for side, names in ((self.north, ["edda", "tomas"]), (self.south, ["samira", "rafael"])):
            await side.do("people", names=names)
        await self.north.do("propose", who="edda")
        await self.south.do("agree", who="samira")
        await self.north.do("agreed")
        await asyncio.sleep(_REST_S)
        return self

    async def __aexit__(self, *_: object) -> None:
        for side in (self.north, self.south):
            await side.stop()
        for proxy in self.proxies:
            await proxy.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    async def up(self) -> None:
        """Wait until every link is up at both ends and both may sign."""
        await asyncio.gather(*(side.do("up", links=self.links) for side in (self.north, self.south)))

    async def _configure(self, side: str, *, listen: list[tuple[str, int]], routes: list[RouteSetting]) -> None:
        folder = self.root / side
        config = Config(
            data=folder, side=side, name=side.title(), languages=("en",), status="test", listen=tuple(listen),
            routes=tuple(routes), anchor=self.root / f"{side}.anchor", desk=("127.0.0.1", 0),
        )  # fmt: skip
        write_config(config)
        cards = [(folder / name).read_bytes() for name in ("own.card", "peer.card")]
        from parley.identity import read_card

        begin_anchor(config, line_id(*(read_card(card) for card in cards)))

    def _fix_ports(self) -> None:
        """Write the ports South got into its config, so that it comes back at the same ones."""
        path = self.south.folder / "config.toml"
        text = path.read_text()
        for host, port in zip(self.hosts, self.south.ports, strict=True):
            text = text.replace(f'"{host}:0"', f'"{host}:{port}"', 1)
        path.write_text(text)
