"""What the two sides of the demo say to each other, driven through both nodes' own APIs, each step timed.

Owns: the invented people, the words, the order of events. Everything is marked "exercise" in the signed bytes.
Always true: 1. A step that does not come about raises; nothing is reported that was not seen at the node it is about.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from parley.cli import demo_military, demo_watch
from parley.cli.client import message_path
from parley.cli.demo_nodes import DemoNode, SideWords
from parley.cli.photo import buoy_png
from parley.errors import Refused, Unavailable

NORTH: Final = SideWords(side="north", name="North", languages=("en", "zh-Hans"))
SOUTH: Final = SideWords(side="south", name="South", languages=("ar", "en"))
_STEP_S: Final = 20.0
_LOOK_S: Final = 0.01

# person, name, office, role, languages. Nobody of these exists.
PEOPLE: Final[dict[str, tuple[tuple[str, str, str, str, list[str]], ...]]] = {
    "north": (
        ("e.marlow", "Edda Marlow", "Duty Officer, Line Room", "duty-officer", ["en"]),
        ("t.brandt", "Tomas Brandt", "Chief of Watch", "duty-officer", ["en"]),
        ("w.lan", "Wei Lan", "Interpreter", "interpreter", ["zh-Hans", "en"]),
        ("j.okafor", "June Okafor", "Office of the Head of Government", "principal", ["en"]),
    ),
    "south": (
        ("s.haddad", "Samira Haddad", "Duty Officer, Line Room", "duty-officer", ["ar", "en"]),
        ("r.tomas", "Rafael Tomás", "Chief of Watch", "duty-officer", ["en"]),
        ("n.karim", "Nadia Karim", "Interpreter", "interpreter", ["ar", "en"]),
    ),
}


@dataclass
class Step:
    """One thing that was seen to happen."""

    words: str
    took_ms: float


@dataclass
class Play:
    """The exchange, and what came of it."""

    north: DemoNode
    south: DemoNode
    tell: Callable[[Step], None]
    steps: list[Step] = field(default_factory=list)
    acknowledged: tuple[str, str] = ("", "")  # channel and subject of the message the evidence is about

    async def whole(self) -> None:
        """Play everything once."""
        await self.step("both links of the line are up at both ends", self._up())
        await self.step("people have accounts, and both rosters are on both disks", self._people())
        await self.step("channels leaders and military are proposed by one side and agreed by the other", self._open())
        watch = demo_watch.take_watches(self.north, self.south, until)
        await self.step("the watch of both channels is taken at both sides, and the other side sees it", watch)
        await self._photo()
        await self._answers()
        await self._order()
        await self._flash()
        for words, done in demo_military.PARTS:
            await self.step(words, done(self.north, self.south, until))
        await self._gap()
        await self.step("line test: both nodes fold the same from the same cut", self._test())

    async def step(self, words: str, done: Awaitable[Any]) -> Any:
        """Await one step, time it, tell it."""
        began = time.perf_counter()
        answer = await done
        seen = Step(words, (time.perf_counter() - began) * 1000)
        self.steps.append(seen)
        self.tell(seen)
        return answer

    async def _up(self) -> None:
        async def both_up() -> bool:
            rows = await asyncio.gather(self.north.get("/line"), self.south.get("/line"))
            return all(row["up"] and len(row["links"]) >= 2 and all(e["up"] for e in row["links"]) for row in rows)

        await until(both_up, "the line did not come up")

    async def _people(self) -> None:
        for node in (self.north, self.south):
            for person, name, office, role, languages in PEOPLE[node.words.side]:
                await node.post("/people", person=person, name=name, office=office, role=role, languages=languages)
                await node.token_for(person)

        async def listed() -> bool:
            for node, other in ((self.north, "south"), (self.south, "north")):
                rows = await node.get("/people")
                if sum(row["side"] == other and row["listed"] for row in rows) < len(PEOPLE[other]):
                    return False
            return True

        await until(listed, "the rosters did not cross")
        for node, number in ((self.north, "0100"), (self.south, "0200")):
            text = f"Exercise fallback: 156.8 MHz, or +00 555 {number}."
            await node.ask("PUT", "/line/fallback", {"text": text}, person=_reader(node))

    async def _open(self) -> None:
        for node, other, person, second, channel, title in (
            (self.north, self.south, "j.okafor", "r.tomas", "leaders", "Leaders"),
            (self.south, self.north, "r.tomas", "t.brandt", "military", "Military"),
        ):
            await node.post("/channels", person, channel=channel, title=title, purpose="Exercise")
            await until(_state(other, channel, "proposed"), f"{channel} did not arrive")
            await other.post(f"/channels/{channel}/agree", second)
            await until(_state(node, channel, "agreed"), f"{channel} was not seen agreed")

    async def _photo(self) -> None:
        photo = buoy_png()
        row = await self.north.ask(
            "POST", "/attachments?name=buoy-17.png&media=image/png", person="e.marlow", data=photo
        )
        sent = await self._say(
            self.north, "e.marlow", "leaders",
            "Good morning. Buoy 17 has drifted two nautical miles south-west. The photo was taken at 06:40 UTC."
            " We propose that both survey ships leave it where it is until Thursday.",
            "en", "PRIORITY", "Buoy 17", attachments=[row["root"]],
        )  # fmt: skip
        path = message_path("leaders", sent["subject"])
        await self.step(
            "PRIORITY in English with a photo: North is told that it is on South's disk", self._held(self.north, path)
        )
        await self.step(
            "the whole photo is on South's disk and is the same, byte for byte", self._same(path, row, photo)
        )
        await self.south.post(f"{path}/shown", "s.haddad")
        await self.south.post(f"{path}/acknowledge", "s.haddad", note="Seen by the Line Room.")
        await self.step("Samira Haddad of South acknowledged it, seen at North", self._acknowledged(self.north, path))
        self.acknowledged = ("leaders", sent["subject"])

    async def _answers(self) -> None:
        arabic = await self._say(
            self.south, "s.haddad", "leaders",
            "صباح الخير. نوافق على ترك العوامة رقم ١٧ في مكانها حتى يوم الخميس، ونشكركم على الصورة.",
            "ar", "ROUTINE", "العوامة رقم ١٧", answers=self.acknowledged[1],
        )  # fmt: skip
        path = message_path("leaders", arabic["subject"])
        await self.step("answer in Arabic on North's disk", self._held(self.south, path))
        english = "Good morning. We agree to leave buoy 17 where it is until Thursday, and thank you for the photo."
        await self.south.post(f"{path}/translations", "n.karim", grade="sight", language="en", text=english)
        await self.north.post(f"{path}/shown", "e.marlow")
        await self.north.post(f"{path}/acknowledge", "e.marlow")
        chinese = await self._say(
            self.north, "e.marlow", "leaders",
            "谢谢。星期四上午九点（协调世界时）我们的测量船将与贵方测量船会合，共同检查十七号浮标。",
            "zh-Hans", "ROUTINE", "十七号浮标",
        )  # fmt: skip
        path = message_path("leaders", chinese["subject"])
        await self.step("message in Chinese on South's disk", self._held(self.north, path))
        text = "Thank you. On Thursday at 09:00 UTC our survey ship will meet yours and inspect buoy 17 together."
        await self.north.post(f"{path}/translations", "w.lan", grade="official", language="en", text=text)
        await self.south.post(f"{path}/acknowledge", "r.tomas")

    async def _order(self) -> None:
        sent = await self._say(
            self.north, "t.brandt", "military",
            "Exercise. Keep all aircraft above flight level 200 between 14:00 and 15:00 UTC in area K4.",
            "en", "IMMEDIATE", "Area K4", order=True,
        )  # fmt: skip
        path = message_path("military", sent["subject"])
        await until(_seen(self.south, path), "the order did not arrive")
        await self.south.post(f"{path}/read-back", "r.tomas", text="All aircraft above FL 200, 14:00 to 15:00 UTC, K4.")
        await until(_readback(self.north, path, "read-back"), "the read-back did not arrive")
        await self.north.post(f"{path}/read-back/confirm", "t.brandt", good=True)
        await self.south.post(f"{path}/acknowledge", "r.tomas")
        await self.step("IMMEDIATE order: read back by South, confirmed by North", self._acknowledged(self.north, path))

    async def _flash(self) -> None:
        draft = await self.north.post(
            "/drafts", "e.marlow", channel="military", language="en", precedence="FLASH",
            text="Exercise. Our patrol boat at 54°10′N 012°25′E has lost steering and drifts towards your coast.",
        )  # fmt: skip
        await self.north.post(f"/drafts/{draft['id']}/submit", "e.marlow")
        try:
            await self.north.post(f"/drafts/{draft['id']}/release", "e.marlow")
        except Refused as refused:
            self.tell(Step(f"one person alone is refused the release of a FLASH ({refused.code})", 0))
        else:
            raise Refused("demo.flash", "one person released a FLASH alone")
        sent = await self.north.post(f"/drafts/{draft['id']}/release", "t.brandt")
        path = message_path("military", sent["subject"])
        await self.step(
            "FLASH drafted by Edda Marlow, released by Tomas Brandt: on South's disk", self._held(self.north, path)
        )
        await self.south.post(f"{path}/shown", "r.tomas")
        await self.south.post(f"{path}/acknowledge", "r.tomas", note="Tug on its way.")
        await self.step("FLASH acknowledged by Rafael Tomás", self._acknowledged(self.north, path))

    async def _gap(self) -> None:
        proxies = [*self.north.proxies.values(), *self.south.proxies.values()]
        for proxy in proxies:
            await proxy.cut()

        async def both_down() -> bool:
            rows = await asyncio.gather(self.north.get("/line"), self.south.get("/line"))
            return not any(row["up"] for row in rows)

        await self.step(
            "both links cut: both desks say that the line is down", until(both_down, "the cut was not seen")
        )
        texts = [f"Exercise. Position report {number} of 3, sent while the line is down." for number in (1, 2, 3)]
        sent = [await self._say(self.north, "e.marlow", "military", text, "en", "ROUTINE", "") for text in texts]
        paths = [message_path("military", each["subject"]) for each in sent]
        for path in paths:
            row = await self.north.get(path, "e.marlow")
            if row["delivery"]["on_their_disk"] is not None or row["waiting_for_s"] is None:
                raise Refused("demo.gap", "a message is said to be on their disk while every link is cut")
        self.tell(Step("three messages wait; North's desk says since when South has not had them", 0))

        async def caught_up() -> None:
            for proxy in proxies:
                await proxy.heal()
            for path in paths:
                await until(_fact(self.north, path, "on_their_disk"), "the line did not catch up")

        await self.step("routes restored: links up again, all three on South's disk", caught_up())

    async def _test(self) -> None:
        started = await self.north.post("/line/tests", "e.marlow")

        async def answered() -> bool:
            rows = await self.north.get("/line/tests")
            return any(row["subject"] == started["subject"] and row["same"] is True for row in rows)

        await until(answered, "the line test was not answered, or the nodes see different things")

    async def _say(
        self,
        node: DemoNode,
        person: str,
        channel: str,
        text: str,
        language: str,
        precedence: str,
        title: str,
        **more: Any,
    ) -> Any:
        return await node.post(
            f"/channels/{channel}/messages", person,
            text=text, language=language, precedence=precedence, title=title, **more,
        )  # fmt: skip

    async def _held(self, node: DemoNode, path: str) -> None:
        await until(_fact(node, path, "on_their_disk"), "the other side's node did not say that it holds it")

    async def _acknowledged(self, node: DemoNode, path: str) -> None:
        await until(_fact(node, path, "acknowledged"), "no acknowledgement came")

    async def _same(self, path: str, row: Any, photo: bytes) -> None:
        async def whole() -> bool:
            there = await self.south.get(path, "s.haddad")
            return bool(there["attachments"] and there["attachments"][0]["here"])

        await until(whole, "the photo did not arrive")
        if await self.south.get(f"{path}/attachments/{row['root']}", "s.haddad") != photo:
            raise Refused("demo.photo", "the photo at South differs from the one sent")


async def until(true: Callable[[], Awaitable[bool]], otherwise: str) -> None:
    """Ask again and again until it is so; raises Unavailable `demo.step` with `otherwise` after 20 s."""
    end = time.monotonic() + _STEP_S
    while not await true():
        if time.monotonic() > end:
            raise Unavailable("demo.step", f"{otherwise} (waited {_STEP_S:.0f} s)")
        await asyncio.sleep(_LOOK_S)


def _state(node: DemoNode, channel: str, state: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return any(row["id"] == channel and row["state"] == state for row in await node.get("/channels"))

    return look


def _seen(node: DemoNode, path: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        try:
            await node.get(path, _reader(node))
        except Refused:
            return False
        return True

    return look


def _fact(node: DemoNode, path: str, fact: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        row = await node.get(path, _reader(node))
        return row["delivery"][fact] is not None

    return look


def _readback(node: DemoNode, path: str, state: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        row = await node.get(path, _reader(node))
        return row["readback"] is not None and row["readback"]["state"] == state

    return look


def _reader(node: DemoNode) -> str:
    """The first duty officer reads everything."""
    return PEOPLE[node.words.side][0][0]


async def export_all(play: Play, out: Path) -> list[Path]:
    """Write the evidence of the acknowledged message and both whole records; give the files."""
    channel, subject = play.acknowledged
    path = message_path(channel, subject)
    files: list[Path] = []
    for node, route, name in (
        (play.north, f"{path}/evidence", "evidence.parley"),
        (play.north, "/record.parley", "north-record.parley"),
        (play.south, "/record.parley", "south-record.parley"),
    ):
        file = out / name
        file.write_bytes(await node.get(route, _reader(node)))
        files.append(file)
    return files
