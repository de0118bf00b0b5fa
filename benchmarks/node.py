"""One node in a process of its own, driven by JSON lines: the ordinary actions, and a client that listens.

    {"do": "send", "count": 100, "parallel": 1, "precedence": "ROUTINE"}   →   one line of answer

Times are CLOCK_MONOTONIC, which all processes of a machine share.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import resource
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from benchmarks import military_thin, military_year
from benchmarks.desking import Desking
from parley.actions import channels, drafting, files, messages, people
from parley.actions.people import PersonForm
from parley.actions.who import Who
from parley.actions.wording import Words
from parley.node.config import read_config
from parley.node.node import Node
from parley.node.opening import open_node
from parley.people import accounts

TEXT = ("All quiet at the northern buoy. " * 16)[:499] + "."  # 500 bytes; the entry around it has 1.3 kB
CHANNEL = "leaders"


class Driver:
    """Carries out one command after the other."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.who: dict[str, Who] = {}
        self.seen: dict[tuple[str, int], float] = {}  # entries of theirs -> when our client had the event
        self.held: dict[str, list[tuple[int, float]]] = {}  # log -> (size, when our client was told)
        self.falls: list[tuple[str, str]] = []  # of links: name, code
        self.moved = asyncio.Event()
        self.desking = Desking(node)

    async def listen(self) -> None:
        """Be the client."""
        async for event in self.node.subscribe():
            now = time.monotonic()
            if event.kind == "link" and not event.fields["up"]:
                self.falls.append((str(event.fields["link"]), str(event.fields["code"])))
            if event.log is None:
                continue
            text = event.log.text
            if event.kind in ("entry", "ahead"):
                self.seen.setdefault((text, event.number), now)
            elif event.kind == "held" and (event.fields.get("suite") == 1 or event.fields.get("ahead")):
                self.held.setdefault(text, []).append((event.number + 1, now))
            self.moved.set()

    async def people(self, names: list[str]) -> None:
        """Give accounts to an administrator and some duty officers."""
        admin = accounts.admit(None, person="admin", name="Admin", roles=("administrator",), now=self.node.moment())
        await self.node.keep([accounts.row(admin)])
        who = self.who["admin"] = Who(person="admin", roles=("administrator",), via="terminal")
        for name in names:
            form = PersonForm(person=name, name=name.title(), role="duty-officer", roles=(), listed=True)
            with contextlib.suppress(Exception):
                await people.add_person(self.node, who, form)
            self.be(name)

    def be(self, name: str) -> None:
        """Act as a duty officer."""
        self.who[name] = Who(person=name, roles=("duty-officer",), via="session", desk="bench")

    async def until_held(self, log: str, number: int) -> float:
        """Give when our client was told that the other side has the entry on its disk."""
        while True:
            first = None
            for size, at in reversed(self.held.get(log, [])):  # they come in order; only the last few are looked at
                if size <= number:
                    break
                first = at
            if first is not None:
                return first
            self.moved.clear()
            await self.moved.wait()

    async def send(self, count: int, parallel: int, precedence: str, pause: float) -> dict[str, Any]:
        """Send messages by the ordinary action; with `parallel` 1 each waits until the other side has the last."""
        first, second = [name for name in self.who if name != "admin"][:2]
        starts: dict[int, float] = {}
        log, last = "", -1
        left = iter(range(count))

        async def one() -> None:
            nonlocal log, last
            words = Words(channel=CHANNEL, text=TEXT, language="en", precedence=precedence)
            if precedence == "FLASH":
                draft = await drafting.save_draft(self.node, self.who[first], words)
                await drafting.submit_draft(self.node, self.who[first], draft.id)
                begun = time.monotonic()
                sent = await drafting.release_draft(self.node, self.who[second], draft.id)
            else:
                begun = time.monotonic()
                sent = await messages.send_message(self.node, self.who[first], words)
            log = str(sent.ref.log)
            starts[sent.ref.number] = begun
            last = max(last, sent.ref.number)

        async def worker() -> None:
            for _ in left:
                await one()

        begun = time.monotonic()
        if parallel == 1:
            for _ in range(count):
                await one()
                await self.until_held(log, last)
                if pause:
                    await asyncio.sleep(pause)
        else:
            await asyncio.gather(*(worker() for _ in range(parallel)))
        ours = time.monotonic()
        ended = await self.until_held(log, last) if pause >= 0 else ours
        told = self.held.get(log, [])
        return {
            "log": log, "last": last, "seconds": ended - begun, "ours": ours - begun, "ended": ended,
            "starts": starts if parallel == 1 else {},
            "told": {number: min((at for size, at in told if size > number), default=0.0) for number in starts}
            if parallel == 1 else {},
        }  # fmt: skip

    async def pace(self, count: int, rate: float) -> dict[str, Any]:
        """Send messages at a steady rate, however long each takes; gives the log and the last number."""
        who = next(one for name, one in self.who.items() if name != "admin")
        words = Words(channel=CHANNEL, text=TEXT, language="en", precedence="ROUTINE")
        due, tasks = time.monotonic(), []
        for _ in range(count):
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            tasks.append(asyncio.create_task(messages.send_message(self.node, who, words)))
            due += 1 / rate
        sent = await asyncio.gather(*tasks)
        return {"log": str(sent[0].ref.log), "last": max(each.ref.number for each in sent)}

    async def attach(self, mib: int) -> dict[str, Any]:
        """Send a message with a large attachment."""

        async def content() -> AsyncIterator[bytes]:
            piece = bytes(range(256)) * 4096
            for number in range(mib):
                yield number.to_bytes(8, "big") + piece[8:]

        name = next(name for name in self.who if name != "admin")
        row = await files.attach(
            self.node, self.who[name], name="track.bin", media="application/octet-stream", content=content()
        )
        root, size = row.root, row.size
        words = Words(channel=CHANNEL, text="Track data.", language="en", attachments=(root,))
        await messages.send_message(self.node, self.who[name], words)
        return {"root": root, "size": size}

    async def until_seen(self, log: str, number: int) -> float:
        """Wait until our client had the event of an entry of theirs."""
        while (log, number) not in self.seen:
            self.moved.clear()
            await self.moved.wait()
        return self.seen[log, number]

    async def do(self, wish: dict[str, Any]) -> object:
        """Carry out one command."""
        node = self.node
        match wish["do"]:
            case "people":
                await self.people(wish["names"])
            case "be":
                for name in wish["names"]:
                    self.be(name)
            case "propose":
                await channels.propose_channel(node, self.who[wish["who"]], channel=CHANNEL, title="Leaders")
            case "agree":
                while node.book.channel(CHANNEL) is None:
                    await asyncio.sleep(0.005)
                await channels.agree_channel(node, self.who[wish["who"]], channel=CHANNEL)
            case "agreed":
                while (view := node.book.channel(CHANNEL)) is None or view.state != "agreed":
                    await asyncio.sleep(0.005)
            case "up":
                while sum(link.up for link in node.status().links) < wish["links"] or node.status().signing != "ok":
                    await asyncio.sleep(0.005)
                return time.monotonic()
            case "send":
                return await self.send(wish["count"], wish["parallel"], wish["precedence"], wish.get("pause", 0.0))
            case "pace":
                return await self.pace(wish["count"], wish["rate"])
            case "seen":
                return {str(number): at for (log, number), at in self.seen.items() if log == wish["log"]}
            case "until-seen":
                return await self.until_seen(wish["log"], wish["number"])
            case "until-held":
                return await self.until_held(wish["log"], wish["number"])
            case "attach":
                return await self.attach(wish["mib"])
            case "year":
                who, counts = self.who[wish["who"]], (wish["notices"], wish["incidents"])
                return await military_year.make(node, who, notices=counts[0], incidents_=counts[1], seed=wish["seed"])
            case "year-there":
                while any(node.book.view(CHANNEL, subject) is None for subject in wish["subjects"]):
                    await asyncio.sleep(0.05)
            case "report":
                sent = await military_thin.report(node, self.who[wish["who"]])
                return sent | {"at": time.monotonic()}
            case "link-bytes":
                link = next(link for link in node.links_now() if link.name == wish["link"])
                return {"in": link.bytes_in, "out": link.bytes_out}
            case "falls":
                return self.falls
            case "file":
                return node.attachment_held(wish["root"])
            case "sizes":
                return {log.text: node.store.size(log) for log in node.store.logs()}
            case "export":
                return await node.exports.record(Path(wish["path"]))
            case "usage":
                used = resource.getrusage(resource.RUSAGE_SELF)
                return {"cpu": used.ru_utime + used.ru_stime, "rss": _rss(), "at": time.monotonic()}
            case "forget":
                self.seen.clear()
                self.held.clear()
            case _:
                return await self.desking.do(wish)
        return None


def _rss() -> int:
    for row in Path("/proc/self/status").read_text().splitlines():
        if row.startswith("VmRSS:"):
            return int(row.split()[1]) * 1024
    return 0


async def main(folder: Path) -> None:
    """Run the node of a folder until the commands end."""
    node = open_node(read_config(folder), None)
    await node.start()
    driver = Driver(node)
    listening = asyncio.create_task(driver.listen())
    await asyncio.sleep(0)
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    print(json.dumps({"ready": [list(address[:2]) for address in node.addresses]}), flush=True)
    while line := await reader.readline():
        answer = await driver.do(json.loads(line))
        print(json.dumps({"answer": answer}), flush=True)
    listening.cancel()
    await driver.desking.stop()
    await node.stop()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
