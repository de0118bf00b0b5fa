"""A node in a forked process, and its clients: they author through the ordinary actions and note what they are told.

Control messages come and go by a socket that keeps their borders; each names the life it is for, since one that a
killed node did not read is still there for the next.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

from tests.kills import breaks
from tests.kills.clocks import WallClock
from tests.kills.marks import Marks
from tests.kills.notes import Notebook

from parley.actions import channels, drafting, files, messages, people
from parley.actions.people import PersonForm
from parley.actions.rows import Sent
from parley.actions.who import Who
from parley.actions.wording import Words
from parley.errors import ParleyError, Refused, Unavailable
from parley.node.config import read_config
from parley.node.events import Event
from parley.node.node import Node
from parley.node.opening import open_node
from parley.people import accounts
from parley.record.entry import read_entry
from parley.storage.backup import write_backup
from parley.storage.port import SIGNATURE_KINDS

CHANNEL: Final = "leaders"
PASSPHRASE: Final = "correct horse battery staple on the northern buoy"
_PRECEDENCES: Final = ("ROUTINE",) * 7 + ("PRIORITY", "IMMEDIATE", "FLASH")


def live(data: Path, control: socket.socket, marks: Marks, wish: dict[str, Any]) -> int:
    """Be the node of a data folder until told to stop; gives the exit code."""
    logging.basicConfig(level=logging.WARNING)
    breaks.apply(wish["broken"])
    clock = WallClock(wish["clock_ahead_s"])
    clock.put_up()
    return asyncio.run(_live(data, control, marks, wish, clock))


async def _live(data: Path, control: socket.socket, marks: Marks, wish: dict[str, Any], clock: WallClock) -> int:
    notes = Notebook(Path(wish["notes"]), wish["life"])
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: _bug(loop, context, notes))
    node = open_node(read_config(data), None)
    store: Any = node.store
    store.commit = marks.watched(breaks.slowed(wish["broken"], store.commit))
    clients = Clients(node, notes, wish, clock)
    listening = asyncio.create_task(clients.listen(), name="listening")
    await asyncio.sleep(0)
    await node.start()
    authors = [asyncio.create_task(clients.author(number)) for number in range(wish["authors"])]
    for task in (*authors, listening):
        task.add_done_callback(lambda task: _ended(task, notes))
    control.setblocking(False)
    while True:
        asked = json.loads(await loop.sock_recv(control, 65_536))
        if asked["life"] != wish["life"]:
            continue
        if asked["do"] == "stop":
            break
        try:
            answer = await clients.do(asked)
        except ParleyError as error:
            answer = {"error": error.code, "sentence": error.sentence}
        told = {"life": wish["life"], "number": asked["number"], "answer": answer}
        await loop.sock_sendall(control, json.dumps(told).encode())
    for task in [*authors, listening]:
        task.cancel()
    await asyncio.gather(*authors, listening, return_exceptions=True)
    await node.stop()
    return 0


def _ended(task: asyncio.Task[None], notes: Notebook) -> None:
    """A client goes on until it is stopped; what it did not expect is told."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        notes.note("bug", message=f"a client ended: {error}", error=repr(error))


def _bug(loop: asyncio.AbstractEventLoop, context: dict[str, Any], notes: Notebook) -> None:
    """What nobody caught is a fault of the program, whatever the record says afterwards."""
    notes.note("bug", message=str(context.get("message")), error=repr(context.get("exception")))
    loop.default_exception_handler(context)


class Clients:
    """Some authors, a reader who shows and acknowledges, and one who answers the harness."""

    def __init__(self, node: Node, notes: Notebook, wish: dict[str, Any], clock: WallClock) -> None:
        self.node = node
        self._clock = clock
        self.notes = notes
        self.side = node.identity.ours.side
        self.quiet = False
        self._life = wish["life"]
        self._dice = random.Random(f"{wish['seed']} {self.side} {self._life}")
        self._pause_s: float = wish["pause_s"]
        self._files: float = wish["files"]
        self._officers = [
            Who(person=name, roles=("duty-officer",), via="session", desk="watch") for name in wish["people"]
        ]
        self._admin = Who(person="admin", roles=("administrator",), via="terminal")
        self._busy = 0

    # --- authors

    async def author(self, number: int) -> None:
        """Send one message after the other, as long as this life lasts."""
        count = 0
        while True:
            await asyncio.sleep(self._pause_s * self._dice.random() * 2)
            if self.quiet or self.node.status().signing != "ok" or not self._agreed():
                await asyncio.sleep(0.01)
                continue
            count += 1
            await self._send(f"{self.side}.{number}.{self._life}.{count}", self._dice.choice(_PRECEDENCES))

    async def _send(self, mark: str, precedence: str) -> dict[str, Any]:
        """Ask for one message; note the wish before, and what came of it."""
        first, second = self._officers
        text = f"mark {mark}. " + "The buoy is lit. " * self._dice.randrange(1, 12)
        self._busy += 1
        try:
            roots = (await self._file(mark),) if self._files and self._dice.random() < self._files else ()
            words = Words(channel=CHANNEL, text=text, language="en", precedence=precedence, attachments=roots)
            if precedence == "FLASH":
                draft = await drafting.save_draft(self.node, first, words)
                await drafting.submit_draft(self.node, first, draft.id)
                self.notes.note("wish", mark=mark)
                sent = await drafting.release_draft(self.node, second, draft.id)
            else:
                self.notes.note("wish", mark=mark)
                sent = await messages.send_message(self.node, first, words)
            return self._authored(sent, mark=mark)
        except (Unavailable, Refused) as error:
            self.notes.note("unsaid", mark=mark, code=error.code, sentence=error.sentence)
            return {"error": error.code, "sentence": error.sentence}
        finally:
            self._busy -= 1

    async def _file(self, mark: str) -> str:
        """Take in a file of a few chunks; what nobody names stays nobody's."""

        async def content() -> AsyncIterator[bytes]:
            for piece in range(self._dice.randrange(1, 8)):
                yield f"{mark} {piece} ".encode() * 4096

        name, media = f"{mark}.txt", "text/plain"
        return (await files.attach(self.node, self._officers[0], name=name, media=media, content=content())).root

    def _authored(self, sent: Sent, **more: str) -> dict[str, Any]:
        fields = {"log": sent.ref.log, "number": sent.ref.number, "id": sent.ref.id, **more}
        self.notes.note("authored", **fields)
        return {"subject": sent.subject, **fields}

    def _agreed(self) -> bool:
        view = self.node.book.channel(CHANNEL)
        return view is not None and view.state == "agreed"

    # --- the reader

    async def listen(self) -> None:
        """Note every event; show or acknowledge what they sent."""
        subscription = self.node.subscribe()
        async for event in subscription:
            match event.kind:
                case "entry":
                    await self._entry(event)
                case "ahead" if event.log is not None:
                    id = await self._ahead_id(event)
                    self.notes.note("ahead", log=event.log.text, number=event.number, id=id)
                case "held" if event.log is not None and event.fields.get("ahead"):
                    self.notes.note("receipt", log=event.log.text, number=event.number, **_plain(event))
                case "held" if event.log is not None:
                    self.notes.note("held", log=event.log.text, **_plain(event))
                case "fault" | "store" | "reload":
                    self.notes.note(event.kind, **_plain(event))

    async def _ahead_id(self, event: Event) -> str:
        """Give the id under which an urgent entry is held: beside its log, or in it by now."""
        log = event.log
        assert log is not None
        for _ in range(1000):  # it may be moving from the one place to the other while we look
            held = self.node.store.value("ahead", f"{log.text}|{event.number:016d}")
            ids = self.node.store.ids(log, event.number, 1)
            if held or ids:
                return (held[:32] if held else ids[0]).hex()
            await asyncio.sleep(0.002)
        return ""

    async def _entry(self, event: Event) -> None:
        log = event.log
        assert log is not None
        id = self.node.store.ids(log, event.number, 1)[0].hex()
        self.notes.note("entry", log=log.text, number=event.number, id=id, verdict=event.fields["verdict"])
        if event.fields["ours"] or event.fields["verdict"] != "valid" or log.channel != CHANNEL:
            return
        kind = event.fields["kind"]
        if kind == "message.sent" and not self.quiet:
            self._busy += 1
            try:
                await self._answer(event)
            except ParleyError as error:
                self.notes.note("unsaid", subject=event.subject, code=error.code, sentence=error.sentence)
            finally:
                self._busy -= 1
        elif kind in ("message.shown", "message.acknowledged"):
            row = messages.message(self.node, self._officers[0], CHANNEL, event.subject)
            seen = row.delivery.shown if kind == "message.shown" else row.delivery.acknowledged
            if seen is not None:
                self.notes.note(kind.partition(".")[2], subject=event.subject, at=seen.at)

    async def _answer(self, event: Event) -> None:
        who = self._dice.choice(self._officers)
        if event.fields["precedence"] in ("FLASH", "IMMEDIATE") or self._dice.random() < 0.1:
            self._authored(await messages.acknowledge(self.node, who, CHANNEL, event.subject), subject=event.subject)
        elif self._dice.random() < 0.2:
            await messages.show_message(self.node, who, CHANNEL, event.subject)
            self.notes.note("showing", subject=event.subject)

    # --- the harness

    async def do(self, asked: dict[str, Any]) -> Any:
        """Carry out one command of the harness."""
        match asked["do"]:
            case "found":
                await self._found(first=asked["first"])
            case "state":
                return self._state()
            case "quiet":
                self.quiet = True
                while self._busy:
                    await asyncio.sleep(0.005)
            case "clock":
                self._clock.ahead_s = asked["ahead_s"]
            case "loud":
                self.quiet = False
            case "send":
                return await self._send(asked["mark"], asked["precedence"])
            case "test":
                return await self._test()
            case "named":
                return self._named()[asked["first"] :][: asked["count"]]
            case "missing":
                return [root for root, size in asked["files"] if self.node.attachment_held(root) != size]
            case "backup":
                data = Path(asked["data"])
                files = {name: data / name for name in ("keys", "config.toml", "own.card", "peer.card")}
                return list(write_backup(data / "record.db", files, Path(asked["target"]), PASSPHRASE).names)
            case other:
                raise ValueError(other)
        return None

    async def _found(self, *, first: bool) -> None:
        admin = accounts.admit(None, person="admin", name="Admin", roles=("administrator",), now=self.node.moment())
        await self.node.keep([accounts.row(admin)])
        for who in self._officers:
            name = who.person
            form = PersonForm(person=name, name=name.title(), role="duty-officer", roles=(), listed=True)
            await people.add_person(self.node, self._admin, form)
        if first:
            await channels.propose_channel(self.node, self._officers[0], channel=CHANNEL, title="Leaders")
        else:
            while self.node.book.channel(CHANNEL) is None:
                await asyncio.sleep(0.005)
            await channels.agree_channel(self.node, self._officers[0], channel=CHANNEL)

    async def _test(self) -> dict[str, Any]:
        """Test the line; wait until the other side answered."""
        subject = (await self.node.line_test("")).subject
        while (view := self.node.book.view("line", subject)) is None or getattr(view, "same", None) is None:
            await asyncio.sleep(0.005)
        return {"same": view.same, "digest": view.digest, "answer": view.answer_digest}  # type: ignore[attr-defined]

    def _named(self) -> list[tuple[str, int]]:
        """Give (root, size) of every file that our own messages name."""
        store, found = self.node.store, []
        for log in store.logs():
            if log.side == self.side and log.channel == CHANNEL:
                for leaf in store.leaves(log, 0, store.size(log)):
                    named: Any = read_entry(leaf).body.get("attachments") or ()
                    found += [(one["root"], one["size"]) for one in named]
        return found

    def _state(self) -> dict[str, Any]:
        store, status = self.node.store, self.node.status()
        logs = {}
        for log in store.logs():
            newest = [store.newest_signature(log, kind) for kind in SIGNATURE_KINDS]
            sizes = [row.size if row else 0 for row in newest]
            logs[log.text] = [store.size(log), store.folded(log), *sizes]
        return {
            "signing": status.signing, "reason": status.signing_reason, "waiting": status.waiting,
            "links": sum(link.up for link in status.links), "agreed": self._agreed(), "logs": logs,
        }  # fmt: skip


def _plain(event: Event) -> dict[str, Any]:
    with contextlib.suppress(TypeError):
        return dict(event.fields)
    return {}
