"""`demo`: two sides on this machine, a line of two links, a real exchange.

With --script it verifies everything and stops: exit 0 only if every step came about and `parley check` proved the
evidence and both records. Without, both nodes go on running and the desks' addresses are printed.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import tempfile
import time
import webbrowser
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from parley.cli.demo_nodes import DemoNode, parley, stop_all, two_nodes
from parley.cli.demo_play import NORTH, PEOPLE, SOUTH, Play, Step, export_all
from parley.cli.output import print_json
from parley.errors import Refused


def demo(chosen: Namespace) -> int:
    """Run the demo."""
    if chosen.out is not None:
        chosen.out.mkdir(parents=True, exist_ok=True)
        return asyncio.run(_demo(chosen, chosen.out.resolve()))
    with tempfile.TemporaryDirectory(prefix="parley-demo-") as folder:
        return asyncio.run(_demo(chosen, Path(folder)))


async def _demo(chosen: Namespace, out: Path) -> int:
    began = time.perf_counter()
    tell = _quiet if chosen.json else _tell
    if (out / "evidence.parley").exists():
        raise Refused("demo.out", f"{out} holds an earlier demo; choose another folder")
    nodes: tuple[DemoNode, ...] = ()
    try:
        nodes = north, south = await two_nodes(out, (NORTH, SOUTH))
        tell(Step(f"two nodes founded and running ({', '.join(north.proxies)})", (time.perf_counter() - began) * 1000))
        play = Play(north, south, tell)
        await play.whole()
        files = await play.step("evidence of one message and both records written", export_all(play, out))
        if not chosen.script:
            await _stay(chosen, north, south)
            return 0
    finally:
        await stop_all(*nodes)
    proven = True
    for file in files:
        proven &= _check(file, tell)
    if chosen.json:
        steps = [{"words": step.words, "took_ms": round(step.took_ms, 1)} for step in play.steps]
        print_json({"ok": proven, "out": str(out), "steps": steps, "took_s": round(time.perf_counter() - began, 1)})
    else:
        print(f"{'Everything was verified' if proven else 'NOT EVERYTHING COULD BE VERIFIED'}: {out}")
    return 0 if proven else 1


def _check(file: Path, tell: Callable[[Step], None]) -> bool:
    began = time.perf_counter()
    verdict = str(parley("check", str(file))["verdict"])
    tell(Step(f"parley check {file.name}: {verdict}", (time.perf_counter() - began) * 1000))
    return verdict == "proven"


async def _stay(chosen: Namespace, north: DemoNode, south: DemoNode) -> None:
    """Print both desks' one-time links, open them where a browser is, and wait to be stopped."""
    links = []
    for node in (north, south):
        for person, name, *_ in PEOPLE[node.words.side][:2]:
            made = await node.post(f"/people/{person}/enrol", minutes=600)
            links.append((node.words.name, name, node.desk + made["path"]))
    if chosen.json:
        print_json({"links": [{"side": side, "person": name, "url": url} for side, name, url in links]})
    else:
        print("\nSign in (each link works once):")
        for side, name, url in links:
            print(f"  {side:<6} {name:<16} {url}")
        print("\nEverything here is EXERCISE. Stop with Ctrl-C.", flush=True)
    if not chosen.no_browser and sys.stdout.isatty():
        for _, _, url in links[::2]:
            webbrowser.open(url)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    await stop.wait()


def _tell(step: Step) -> None:
    took = f"{step.took_ms:9.1f} ms" if step.took_ms else " " * 12
    print(f"{took}  {step.words}", flush=True)


def _quiet(_: Step) -> None:
    pass
