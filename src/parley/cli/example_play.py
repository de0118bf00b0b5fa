"""The example after public facts, loaded into two nodes by the ordinary actions, each step timed.

Owns: the order of events. Does not own: the words (example_words.py). Nobody signs anything in it with a passkey.
Always true: 1. Every entry has the status "exercise", and both nodes say on every page that this is an illustration.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from parley.cli import example_words as words
from parley.cli.demo_nodes import DemoNode
from parley.cli.demo_steps import Steps, in_state, until
from parley.cli.example_words import Told
from parley.errors import Refused


class ExamplePlay(Steps):
    """The meeting at Filoli: prepared, held, followed up, and told twice."""

    people = words.PEOPLE
    meeting = ""  # its subject

    async def whole(self) -> None:
        """Play everything once."""
        for told, done in (
            ("both links of the line are up at both ends", self._up),
            ("people have accounts, and both rosters are on both disks", self._people),
            ("the leaders' channel is proposed by A and agreed by B", self._leaders),
            ("the meeting is asked for, accepted, prepared, held and noted by both", self._meeting),
            ("three standing bodies are proposed by A and agreed by B, each with its channel", self._bodies),
            ("what both are said to have agreed stands in the register, each side's view beside the other's",
             self._promises),
            ("a text in two languages is agreed but for one bracket", self._text),
            ("both readouts are sealed, opened together and compared topic by topic", self._readouts),
            ("line test: both nodes fold the same from the same cut", self._test),
        ):  # fmt: skip
            await self.step(told, done())

    # --- the meeting ----------------------------------------------------------------------------------------------

    async def _leaders(self) -> None:
        await self.north.post("/channels", "drafter-a", channel="leaders", title="Leaders", purpose=words.TITLE)
        await self._agreed_channel("leaders")

    async def _agreed_channel(self, channel: str) -> None:
        await until(in_state(self.south, channel, "proposed"), f"{channel} did not arrive")
        await self.south.post(f"/channels/{channel}/agree", "drafter-b")
        await until(in_state(self.north, channel, "agreed"), f"{channel} was not seen agreed")

    async def _meeting(self) -> None:
        a, b = self.north, self.south
        for node, side in ((a, "a"), (b, "b")):
            zone, holidays = words.DAYS[side]
            await node.post("/calendars", f"drafter-{side}", zone=zone, holidays=holidays)
        sent = await a.post(
            "/channels/leaders/meetings", "drafter-a", purpose=words.TITLE, level="leaders", form="in-person",
            place=words.PLACE, times=[words.TIME], minutes=240, languages=["en", "zh-Hans"],
        )  # fmt: skip
        path = self._path("leaders", sent["subject"])
        await until(_has(b, "drafter-b", path), "the request did not arrive")
        await b.post(f"{path}/accept", "drafter-b", time=words.TIME)
        await until(_has(a, "drafter-a", path, lambda one: one["state"] == "accepted"), "the answer did not arrive")
        for title in (*words.ANNOUNCED, *words.AGREED_ITEMS):
            note = words.ANNOUNCED_NOTE if title in words.ANNOUNCED else ""
            await a.post(f"{path}/items", "drafter-a", title=title, note=note, minutes=0)
        await until(_has(b, "drafter-b", path, lambda one: len(one["items"]) == 8), "the agenda did not arrive")
        for item in (await b.get(path, "drafter-b"))["items"]:
            if item["title"] in words.AGREED_ITEMS:
                await b.post(f"{path}/items/act", "drafter-b", act="agree", item=item["id"])
        await a.post(f"{path}/begin", "second-a")
        await until(_has(b, "drafter-b", path, lambda one: one["state"] == "begun"), "the beginning did not arrive")
        for node, side in ((a, "a"), (b, "b")):
            people = [{"name": name, "office": office} for name, office in words.PRESENT[side]]
            await node.post(f"{path}/attendance", f"second-{side}", people=people)
        await a.post(f"{path}/notes", "second-a", what="decision", text=words.HELD)
        for promise in words.PROMISES:
            await a.post(f"{path}/notes", "second-a", what="decision", text=promise.what)
        await a.post(f"{path}/end", "second-a")
        await until(_has(b, "drafter-b", path, lambda one: one["state"] == "ended"), "the end did not arrive")
        for noted in (await b.get(path, "drafter-b"))["notes"][1:]:  # the first is about the example itself
            await b.post(f"{path}/agree", "drafter-b", id=noted["id"])
        self.meeting = sent["subject"]

    @staticmethod
    def _path(channel: str, subject: str) -> str:
        room, rest = subject.split("/", 1)
        return f"/channels/{channel}/{room}s/{rest}"

    # --- what came of it ------------------------------------------------------------------------------------------

    async def _bodies(self) -> None:
        for body in words.BODIES:
            sent = await self.north.post("/bodies", "drafter-a", languages=["en", "zh-Hans"], **body._asdict())
            path = "/bodies/" + sent["subject"].partition("/")[2]
            await until(_has(self.south, "drafter-b", path), f"{body.title} did not arrive")
            await self.south.post(f"{path}/agree", "drafter-b")
            await until(
                _has(self.north, "drafter-a", path, lambda one: one["state"] == "agreed"),
                f"{body.title} was not seen agreed",
            )

    async def _promises(self) -> None:
        for one in words.PROMISES:
            noted = {"source": self.meeting, "words": one.what} if one.channel == "leaders" else {}
            sent = await self.north.post(
                f"/channels/{one.channel}/commitments", "drafter-a", what=one.what, who=["a", "b"], seen=one.seen,
                **noted,
            )  # fmt: skip
            path = self._path(one.channel, sent["subject"])
            await until(_has(self.south, "drafter-b", path), "a commitment did not arrive")
            await self.south.post(f"{path}/agree", "drafter-b")
            await until(
                _has(self.north, "drafter-a", path, lambda row: row["row"]["state"] == "agreed"),
                "a commitment was not seen agreed",
            )
            for node, person, (state, as_of, note) in (
                (self.north, "drafter-a", one.a_view),
                (self.south, "drafter-b", one.b_view),
            ):
                if state:
                    await node.post(f"{path}/view", person, state=state, as_of=as_of, note=note)

    async def _text(self) -> None:
        a, b = self.north, self.south
        languages = {"en": True, "zh-Hans": False}
        sent = await a.post("/channels/narcotics/texts", "drafter-a", title=words.TEXT_TITLE, languages=languages)
        path = self._path("narcotics", sent["subject"])
        for english, _ in words.TEXT:
            await a.post(f"{path}/units", "drafter-a", level="article", words={"en": english})
        await until(_has(b, "drafter-b", path, lambda one: len(one["units"]) == len(words.TEXT)), "no text arrived")
        for unit, (_, chinese) in zip((await b.get(path, "drafter-b"))["units"], words.TEXT, strict=True):
            first = unit["alternatives"][0]["name"]
            await b.post(
                f"{path}/render", "drafter-b", unit=unit["name"], alternative=first, tag="zh-Hans", words=chinese
            )
            await b.post(f"{path}/settle", "drafter-b", unit=unit["name"], act="accept", alternative=first)
        await until(
            _has(a, "drafter-a", path, lambda one: all(unit["digest"] for unit in one["units"])), "no Chinese came"
        )
        *agreed, last = (await b.get(path, "drafter-b"))["units"]
        for node, person in ((a, "drafter-a"), (b, "drafter-b")):
            for unit in agreed:
                await node.post(f"{path}/settle", person, unit=unit["name"], act="agree", digest=unit["digest"])
        await b.post(
            f"{path}/propose", "drafter-b", unit=last["name"], alternative=last["alternatives"][0]["name"],
            tag="zh-Hans", words=words.BRACKET,
        )  # fmt: skip

    # --- told twice -----------------------------------------------------------------------------------------------

    async def _readouts(self) -> None:
        a, b = (self.north, "drafter-a", words.A_SAYS), (self.south, "drafter-b", words.B_SAYS)
        sent = await self.north.post(
            "/channels/leaders/readouts", "drafter-a", title=words.TITLE, date=words.DATE, meeting=self.meeting
        )
        path = self._path("leaders", sent["subject"])
        await until(_has(self.south, "drafter-b", path), "the readouts were not asked for")
        for node, person, says in (a, b):
            draft = {"text": words.account(says), "language": node.words.languages[0]}
            await node.ask("PUT", f"{path}/draft", draft, person=person)
            await node.post(f"{path}/seal", person)
        for node, person, _ in (a, b):
            await until(
                _has(node, person, path, lambda one: all(each["text"] for each in one["accounts"])),
                "the readouts did not open",
            )
        for node, person, says in (a, b):
            for told in says:
                await self._mark(node, person, path, told)
            await node.post(f"{path}/confirm", person)
        for node, person, _ in (a, b):
            await until(_has(node, person, f"{path}/comparison", _both_confirmed), "no statements arrived")
            await self._pair(node, person, path)

    @staticmethod
    async def _mark(node: DemoNode, person: str, path: str, told: Told) -> None:
        await node.post(
            f"{path}/accounts/{node.words.side}/statements", person, words=told.words, who=told.who, verb=told.verb,
            topic=told.topic,
        )  # fmt: skip

    @staticmethod
    async def _pair(node: DemoNode, person: str, path: str) -> None:
        rows = (await node.get(f"{path}/comparison", person))["rows"]
        for topic, verdict in words.PAIRS.items():
            first, second = sorted(
                f"{'a' if row['source'] == words.A.name else 'b'}:{row['place']}"
                for row in rows
                if row["topic"] == topic
            )
            await node.post(f"{path}/pairs", person, first=first, second=second, verdict=verdict)


def _both_confirmed(one: dict[str, Any]) -> bool:
    return len(one["rows"]) == len(words.A_SAYS) + len(words.B_SAYS)


def _has(
    node: DemoNode, person: str, path: str, so: Callable[[dict[str, Any]], bool] = lambda _: True
) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        try:
            return so(await node.get(path, person))
        except Refused:
            return False

    return look
