"""What the two sides of the demo say to each other, driven through both nodes' own APIs, each step timed.

Owns: the invented people, the words, the order of events. Everything is marked "exercise" in the signed bytes.
Does not own: what every play begins and ends with (demo_steps.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from parley.cli import demo_military, demo_watch
from parley.cli.client import message_path
from parley.cli.demo_nodes import DemoNode, SideWords
from parley.cli.demo_steps import People, Step, Steps, in_state, until
from parley.cli.photo import buoy_png
from parley.errors import Refused

NORTH: Final = SideWords(side="north", name="North", languages=("en", "zh-Hans"))
SOUTH: Final = SideWords(side="south", name="South", languages=("ar", "en"))

# Nobody of these exists.
PEOPLE: Final[People] = {
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


class Play(Steps):
    """The exchange, and what came of it."""

    people = PEOPLE
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

    async def _open(self) -> None:
        for node, other, person, second, channel, title in (
            (self.north, self.south, "j.okafor", "r.tomas", "leaders", "Leaders"),
            (self.south, self.north, "r.tomas", "t.brandt", "military", "Military"),
        ):
            await node.post("/channels", person, channel=channel, title=title, purpose="Exercise")
            await until(in_state(other, channel, "proposed"), f"{channel} did not arrive")
            await other.post(f"/channels/{channel}/agree", second)
            await until(in_state(node, channel, "agreed"), f"{channel} was not seen agreed")

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

    def evidence(self) -> str:
        """The message that was acknowledged."""
        return message_path(*self.acknowledged) + "/evidence"


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
