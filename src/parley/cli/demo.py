"""`demo`: two sides on this machine, a line of two links, a real exchange.

With --script it verifies everything and stops: exit 0 only if every step came about and `parley check` proved the
evidence and both records. With --call besides, two browsers place a real call: exit 0 only if every lift was heard.
Without --script, both nodes go on running and the desks' addresses are printed.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
import time
import webbrowser
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from parley.cli import demo_call
from parley.cli.chromium import need_chromium
from parley.cli.demo_nodes import DemoNode, parley, stop_all, two_nodes
from parley.cli.demo_play import NORTH, SOUTH, Play
from parley.cli.demo_steps import Step, Steps, export_all
from parley.cli.example_play import ExamplePlay
from parley.cli.example_words import A, B
from parley.cli.output import print_json
from parley.desk.words import Words
from parley.errors import Refused, Unavailable

ADMINISTRATOR = "admin"  # as every new side names its first


def how_to_call(*sides: str) -> str:
    """Say how two people call each other, in the words that stand on the desk's own buttons."""
    words = Words("en")
    enter = " or ".join(f'"{words.plain("sign-in.do", us=side)}"' for side in sides)
    enter = enter.translate({0x2068: None, 0x2069: None})  # isolates are for pages; a terminal shows them as boxes
    return f"""
To be heard: open a link of each side and press {enter}; then "{words.plain("view.watch-take")}",
at the side of the page, and let the browser use the microphone. Hold the key F8 at one desk and speak: the other
rings, and plays it at once. With both desks at one machine, wear headphones."""


def demo(chosen: Namespace) -> int:
    """Run the demo."""
    if chosen.call and (chosen.example or not chosen.script):
        raise Refused("demo.call", "--call places a call by itself: it needs --script, and an example has no call")
    if chosen.call:
        need_chromium()
    if chosen.out is not None:
        chosen.out.mkdir(parents=True, exist_ok=True)
        return asyncio.run(_demo(chosen, chosen.out.resolve()))
    with tempfile.TemporaryDirectory(prefix="parley-demo-") as folder:
        return asyncio.run(_demo(chosen, Path(folder)))


async def _demo(chosen: Namespace, out: Path) -> int:
    began = time.perf_counter()
    tell = _quiet if chosen.json else _tell
    if any(out.glob("*-record.parley")):
        raise Refused("demo.out", f"{out} holds an earlier demo; choose another folder")
    nodes: tuple[DemoNode, ...] = ()
    row: dict[str, Any] | None = None
    try:
        nodes = north, south = await two_nodes(out, (A, B) if chosen.example else (NORTH, SOUTH))
        tell(Step(f"two nodes founded and running ({', '.join(north.proxies)})", (time.perf_counter() - began) * 1000))
        play = (ExamplePlay if chosen.example else Play)(north, south, tell)
        await play.whole()
        if chosen.call:
            row = await _call(play)
        files = await play.step("what proves it, both whole records among it, is written", export_all(play, out))
        if not chosen.script:
            await _stay(chosen, play)
            return 0
    finally:
        await stop_all(*nodes)
    proven = True
    for file in files:
        proven &= _check(file, tell)
    if chosen.json:
        steps = [{"words": step.words, "took_ms": round(step.took_ms, 1)} for step in play.steps]
        told = {"ok": proven, "out": str(out), "steps": steps, "took_s": round(time.perf_counter() - began, 1)}
        print_json(told | ({"call": row} if row else {}))
    else:
        if row:
            print(_in_words(row))
        print(f"{'Everything was verified' if proven else 'NOT EVERYTHING COULD BE VERIFIED'}: {out}")
    return 0 if proven else 1


async def _call(play: Steps) -> dict[str, Any]:
    """Place a real call between two browsers; raises Unavailable `demo.call` if a lift was not heard."""
    words = f"North's desk lifted {demo_call.PRESSES} times in a browser, and South's heard it in another"
    lifted = await play.step(words, demo_call.call(play.north, play.south))
    row = demo_call.row(lifted)
    lost = sum(one.heard_ms is None for one in lifted)
    if lost:
        raise Unavailable("demo.call", f"of {len(lifted)} lifts {lost} were not heard at the far loudspeaker")
    return row


def _in_words(row: dict[str, Any]) -> str:
    word = "within" if row["ok"] else "MORE THAN"
    return f"{row['row']}: {row['measured']:g} ms, {word} the {row['limit']:g} ms it may take. {row['why']}"


def _check(file: Path, tell: Callable[[Step], None]) -> bool:
    began = time.perf_counter()
    verdict = str(parley("check", str(file))["verdict"])
    tell(Step(f"parley check {file.name}: {verdict}", (time.perf_counter() - began) * 1000))
    return verdict == "proven"


async def _link(node: DemoNode, person: str, name: str) -> tuple[str, str, str]:
    """Give whose link it is, of which side, and the link."""
    made = await node.post(f"/people/{person}/enrol", minutes=600)
    return node.words.name, name, node.desk + made["path"]


async def _stay(chosen: Namespace, play: Steps) -> None:
    """Print both desks' one-time links, open them where a browser is, and wait to be stopped."""
    nodes = (play.north, play.south)
    links = [await _link(node, *row[:2]) for node in nodes for row in play.people[node.words.side][:2]]
    admins = [await _link(node, ADMINISTRATOR, ADMINISTRATOR) for node in nodes]
    if chosen.json:
        print_json({"links": [{"side": side, "person": name, "url": url} for side, name, url in links + admins]})
        sys.stdout.flush()  # who reads it through a pipe waits for it while we wait to be stopped
    else:
        print("\nSign in (each link works once):")
        for side, name, url in links:
            print(f"  {side:<6} {name:<16} {url}")
        print("\nThe administrator of each side, who lists under People whose passkeys bind (in a private window):")
        for side, name, url in admins:
            print(f"  {side:<6} {name:<16} {url}")
        print(how_to_call(*(node.words.name for node in nodes)))
        print("\nEverything here is EXERCISE. Stop with Ctrl-C.", flush=True)
    if not chosen.no_browser and sys.stdout.isatty():
        for _, _, url in links[::2]:
            webbrowser.open(url)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


def _tell(step: Step) -> None:
    took = f"{step.took_ms:9.1f} ms" if step.took_ms else " " * 12
    print(f"{took}  {step.words}", flush=True)


def _quiet(_: Step) -> None:
    pass
