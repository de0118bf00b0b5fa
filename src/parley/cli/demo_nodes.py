"""Two real nodes for the demo: made, founded with each other, started as processes of their own, and stopped.

Owns: folders, ports, processes, the four cuttable routes. Does not own: what is said (demo_play.py).
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp

from parley.errors import PeerError, Refused, Unavailable
from parley.transports.proxy import CutProxy

ROUTES: Final = ("cable", "satellite")
_START_S: Final = 30.0
_STOP_S: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class SideWords:
    """How one side of the demo is set up."""

    side: str
    name: str
    languages: tuple[str, ...]
    illustration: bool = False


@dataclass
class DemoNode:
    """One side: its folder, its process, and a way to ask its API as one of its people."""

    words: SideWords
    folder: Path
    port: int
    proxies: dict[str, CutProxy] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None
    desk: str = ""
    tokens: dict[str, str] = field(default_factory=dict)
    http: aiohttp.ClientSession | None = None

    def make(self) -> None:
        """Make the side with `parley init`, its routes going through the proxies."""
        routes = [f"--route={name}=127.0.0.1:{proxy.port}" for name, proxy in self.proxies.items()]
        languages = [f"--language={each}" for each in self.words.languages]
        desk = free_port()
        # Two names, or one browser could not be signed in at both: cookies do not tell ports apart (RFC 6265 8.5).
        parley(
            "init", str(self.folder), f"--side={self.words.side}", f"--name={self.words.name}", "--status=exercise",
            f"--listen=127.0.0.1:{self.port}", f"--desk=127.0.0.1:{desk}",
            f"--origin=http://{self.words.side}.localhost:{desk}", *languages, *routes,
            *(["--illustration"] if self.words.illustration else []),
        )  # fmt: skip

    async def start(self) -> None:
        """Start the node and wait until it says that it is ready."""
        log = (self.folder.parent / f"{self.words.side}.log").open("ab")
        try:
            self.process = await asyncio.create_subprocess_exec(
                *_PARLEY, "run", str(self.folder), "--json", stdout=asyncio.subprocess.PIPE, stderr=log
            )
        finally:
            log.close()
        if self.process.stdout is None:
            raise Unavailable("demo.start", f"{self.words.name} has no standard output to be ready on")
        try:
            line = await asyncio.wait_for(self.process.stdout.readline(), _START_S)
            ready: dict[str, Any] = json.loads(line)
        except (TimeoutError, ValueError):
            raise Unavailable(
                "demo.start", f"{self.words.name} did not start; see {self.folder.parent / self.words.side}.log"
            ) from None
        self.desk = str(ready["desk"])
        self.tokens[""] = (self.folder / "api-token").read_text(encoding="ascii").strip()
        self.http = aiohttp.ClientSession(base_url=f"http://{ready['address']}")

    async def stop(self) -> None:
        """Stop the node in good order; kill it only if it does not listen."""
        if self.http is not None:
            await self.http.close()
            self.http = None
        if self.process is not None and self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self.process.wait(), _STOP_S)
            except TimeoutError:
                self.process.kill()
                await self.process.wait()

    async def ask(
        self, method: str, path: str, body: Any = None, *, person: str = "", data: bytes | None = None
    ) -> Any:
        """Ask the API as a person ("" is the administrator); raises the error the node answered with."""
        if self.http is None:
            raise Unavailable("demo.start", f"{self.words.name} is not running")
        headers = {"Authorization": f"Bearer {self.tokens[person]}"}
        async with self.http.request(
            method, "/api/v1" + path, headers=headers, json=body if data is None else None, data=data
        ) as answer:
            if answer.status == 204:
                return None
            if answer.status >= 400:
                told = await answer.json()
                kind = Refused if answer.status != 503 else Unavailable
                raise kind(str(told["code"]), f"{self.words.name}: {told['sentence']}")
            if answer.content_type != "application/json":
                return await answer.read()
            return await answer.json()

    async def get(self, path: str, by: str = "", /) -> Any:
        """Ask for something, as one of the side's people."""
        return await self.ask("GET", path, person=by)

    async def post(self, path: str, by: str = "", /, **body: Any) -> Any:
        """Do something, as one of the side's people."""
        return await self.ask("POST", path, body, person=by)

    async def token_for(self, person: str) -> None:
        """Get a token for one of the side's people."""
        made = await self.post(f"/people/{person}/tokens", scopes=["all"], days=1)
        self.tokens[person] = made["token"]


_PARLEY: Final = (sys.executable, "-m", "parley.cli")


def parley(*arguments: str) -> Any:
    """Run one command of parley with --json and give its answer; raises Unavailable with its words when it fails."""
    from parley.cli import main

    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        code = main([*arguments, "--json"])
    if code != 0 and arguments[0] != "check":
        raise Unavailable("demo.command", f"parley {arguments[0]} ended with {code}: {error.getvalue().strip()}")
    return json.loads(out.getvalue())


def free_port() -> int:
    """Give a port that is free on loopback just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def two_nodes(out: Path, words: Sequence[SideWords]) -> tuple[DemoNode, DemoNode]:
    """Make both sides in `out`, found their line, and start them; if that fails, neither is left running."""
    nodes = tuple(DemoNode(words=each, folder=out / each.side, port=free_port()) for each in words)
    for node in nodes:
        if node.folder.exists():
            raise Refused("demo.out", f"{node.folder} is there already; choose another folder")
    try:
        await _found_and_start(nodes)
    except BaseException:  # also when it is broken off: a node left running would hold its folder and its ports
        await stop_all(*nodes)
        raise
    return nodes[0], nodes[1]


async def _found_and_start(nodes: tuple[DemoNode, ...]) -> None:
    for node, other in (nodes, nodes[::-1]):
        for route in ROUTES:
            node.proxies[route] = CutProxy(("127.0.0.1", other.port))
            await node.proxies[route].start()
    for node in nodes:
        node.make()
    for node, other in (nodes, nodes[::-1]):
        card = parley("card", str(other.folder))
        if len(card["words"]) != 12:
            raise PeerError("demo.card", "a card has twelve words")
        parley("found", str(node.folder), card["file"], "--words", " ".join(card["words"]))
    await asyncio.gather(*(node.start() for node in nodes))


async def stop_all(*nodes: DemoNode) -> None:
    """Stop nodes and close their routes."""
    await asyncio.gather(*(node.stop() for node in nodes))
    for node in nodes:
        for proxy in node.proxies.values():
            await proxy.stop()
