"""Who is really told: desks that say that they ring, desks that do not, and services outside that take it or not."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.actions.pair import Side, talking, until

from parley import limits
from parley.actions import calls, direct, drafting, incident_ringing, incidents, messages, notify, rolls, stops
from parley.actions.call_rows import CallRow
from parley.actions.incident_forms import ReportForm
from parley.actions.notify_rows import StepRow
from parley.actions.wording import Words
from parley.errors import Refused
from parley.node import notifying, waiting
from parley.people.escalation import Waits

CANARIES = ("Kestrel-7741", "Buoy-Quince", "Marmot-3391")
WATCH, DESKS = StepRow(after_s=0, how="watch"), StepRow(after_s=0, how="desks")


@dataclass
class Page:
    """A desk's page that keeps what it was told; `answers` says that it rings as soon as it is told to."""

    told: list[Mapping[str, object]] = field(default_factory=list)

    def tell(self, told: Mapping[str, object]) -> None:
        self.told.append(told)

    def sound(self, frame: bytes) -> None:
        raise AssertionError("no sound here")

    def ask_again(self) -> None:
        pass

    @property
    def rings(self) -> list[str]:
        """What the page was told last that rings."""
        lists = [one["rings"] for one in self.told if one["told"] == "rings"]
        return [each["kind"] for each in lists[-1]] if lists else []  # type: ignore[union-attr]

    def keys(self) -> list[str]:
        lists = [one["rings"] for one in self.told if one["told"] == "rings"]
        return [each["key"] for each in lists[-1]] if lists else []  # type: ignore[union-attr]


class Seat:
    """Somebody at a desk: its page beats as a browser's does."""

    def __init__(self, side: Side, person: str, *, watch: bool = True) -> None:
        self.side, self.who, self.page = side, side[person], Page()
        self.desk = direct.sit_down(side.node, self.who, self.page)
        if watch:
            direct.watch(side.node, self.who, self.desk, ["leaders"])

    async def ring(self) -> None:
        """Say that the page rings for all it was told."""
        await direct.ringing(self.side.node, self.who, self.desk, self.page.keys())


class Receiver:
    """Somebody's service on loopback: takes JSON by HTTP and mail by SMTP, and keeps every byte."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.refuses = 0  # so many are turned away first
        self.hangs = False
        self.port = 0

    @asynccontextmanager
    async def open(self, *, mail: bool = False) -> AsyncIterator[Receiver]:
        server = await asyncio.start_server(self._mail if mail else self._http, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self

    async def _http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        size = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-l"))
        self.heard.append(head + await reader.readexactly(size))
        if self.hangs:
            await reader.read()  # until the other end has had enough
        elif self.refuses:
            self.refuses -= 1
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        else:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async def _mail(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 loopback\r\n")
        said, in_text = b"", False
        while line := await reader.readline():
            said += line
            if in_text:
                in_text = line != b".\r\n"
                if in_text:
                    continue
            if line.upper().startswith(b"DATA"):
                in_text = True
                writer.write(b"354 go on\r\n")
            elif line.upper().startswith(b"QUIT"):
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 ok\r\n")
        self.heard.append(said)
        writer.close()

    @property
    def address(self) -> str:
        return f"json://edda:hunter2@127.0.0.1:{self.port}/s3cr3t-path?-token=k3y"


async def ladder(side: Side, kind: str, *steps: StepRow) -> None:
    await notify.set_ladder(side.node, side["samira"], channel="leaders", kind=kind, steps=steps)


def test_a_call_rings_on_and_on_at_more_desks_until_it_is_answered() -> None:
    """Ringing goes on and escalates until the caller gives up or somebody answers; a desk that comes on watch joins."""

    async def story() -> None:
        async with talking() as (north, south):
            await ladder(south, "call", WATCH, StepRow(after_s=1, how="desks"))
            watcher, other = Seat(south, "samira"), Seat(south, "rafael", watch=False)
            sent = await calls.lift(north.node, north["edda"], "leaders", purpose=CANARIES[0])
            await until(lambda: watcher.page.rings == ["call"])
            assert other.page.rings == []
            await watcher.ring()
            await until(lambda: calls.call(north.node, north["edda"], "leaders", sent.subject).desks == 1)
            await until(lambda: other.page.rings == ["call"])  # a second later, while the first goes on
            await other.ring()
            await until(lambda: calls.call(north.node, north["edda"], "leaders", sent.subject).desks == 2)
            late = Seat(south, "samira")
            await until(lambda: late.page.rings == ["call"])
            assert watcher.page.rings == ["call"]
            assert all(CANARIES[0] not in json.dumps(told) for told in watcher.page.told if told["told"] == "rings")

            await calls.answer(south.node, south["samira"], "leaders", sent.subject)
            await until(lambda: not (watcher.page.rings or other.page.rings or late.page.rings))
            assert south.node.escalating.silent == []

    asyncio.run(story())


def test_a_desk_that_should_ring_and_does_not_is_an_alarm_at_both_sides() -> None:
    """Nobody ever wonders whether it rang: after two seconds both sides know that it did not, and where."""

    async def story() -> None:
        async with talking() as (north, south):
            dumb, other = Seat(south, "samira"), Seat(south, "rafael", watch=False)
            sent = await calls.lift(north.node, north["edda"], "leaders")
            await until(lambda: dumb.page.rings == ["call"])
            assert not calls.call(north.node, north["edda"], "leaders", sent.subject).silent

            await until(lambda: notify.silent_desks(south.node, south["rafael"]))
            await until(lambda: other.page.rings == ["call"])  # the next step, long before its fifteen seconds
            assert [one.name for one in notify.silent_desks(south.node, south["rafael"])] == ["Samira"]
            await until(lambda: [one.code for one in south.node.faults(9)] == ["desks.silent"])
            await until(lambda: calls.call(north.node, north["edda"], "leaders", sent.subject).silent)

            await other.ring()
            await until(lambda: calls.call(north.node, north["edda"], "leaders", sent.subject).desks == 1)
            assert not calls.call(north.node, north["edda"], "leaders", sent.subject).silent
            assert [one.name for one in notify.silent_desks(south.node, south["rafael"])] == ["Samira"]
            await dumb.ring()
            assert notify.silent_desks(south.node, south["rafael"]) == []

    asyncio.run(story())


def test_where_nobody_is_at_any_desk_the_caller_is_told_so() -> None:
    """A ring in an empty building is silence: the other side has to know it."""

    async def story() -> None:
        async with talking() as (north, _):
            sent = await calls.lift(north.node, north["edda"], "leaders")
            row = calls.call(north.node, north["edda"], "leaders", sent.subject)
            assert row.desks is None
            await until(lambda: calls.call(north.node, north["edda"], "leaders", sent.subject).desks == 0)
            assert calls.call(north.node, north["edda"], "leaders", sent.subject).silent

    asyncio.run(story())


def test_where_the_last_desk_that_rang_was_closed_the_caller_is_told_so() -> None:
    """It rang, and rings no more: a light that stays lit for it lets the caller wait for somebody who has left."""

    async def story() -> None:
        async with talking() as (north, south):
            seat = Seat(south, "samira")
            sent = await calls.lift(north.node, north["edda"], "leaders")
            await until(lambda: seat.page.rings == ["call"])
            await seat.ring()

            def row() -> CallRow:
                return calls.call(north.node, north["edda"], "leaders", sent.subject)

            await until(lambda: row().desks == 1 and row().rings_at)
            assert not row().silent
            direct.get_up(south.node, seat.desk)
            await until(lambda: row().desks == 0)
            assert row().silent and row().rings_at

    asyncio.run(story())


def test_a_page_rings_for_nothing_it_was_not_told_of() -> None:
    """A page of ours may be wrong or another's; "a desk is ringing" is said across the line on its word."""

    async def story() -> None:
        async with talking() as (north, south):
            seat = Seat(south, "samira")
            await direct.ringing(
                south.node, seat.who, seat.desk, ["call|leaders|call/north/0/9", "stop||x", "nonsense"]
            )
            sent = await calls.lift(north.node, north["edda"], "leaders")
            absent = Seat(south, "rafael", watch=False)
            await until(lambda: seat.page.rings == ["call"])
            await direct.ringing(south.node, absent.who, absent.desk, seat.page.keys())
            assert calls.call(south.node, south["samira"], "leaders", sent.subject).rings_at is None

    asyncio.run(story())


def test_urgent_messages_and_drafts_wait_at_the_desks_of_those_who_may_take_them() -> None:
    """A FLASH rings until it is acknowledged, a draft at every desk of another person; a ROUTINE rings nowhere."""

    async def story() -> None:
        async with talking() as (north, south):
            await south.add("inna", "Inna", "interpreter")
            samira, rafael = Seat(south, "samira"), Seat(south, "rafael", watch=False)
            inna, edda = Seat(south, "inna"), Seat(north, "edda")
            tomas = Seat(north, "tomas", watch=False)
            await messages.send_message(north.node, north["edda"], _words("ROUTINE"))
            draft = await drafting.save_draft(north.node, north["edda"], _words("FLASH"))
            await drafting.submit_draft(north.node, north["edda"], draft.id)
            await until(lambda: tomas.page.rings == ["draft"])
            assert edda.page.rings == []  # nobody is their own second person

            sent = await drafting.release_draft(north.node, north["tomas"], draft.id)
            await until(lambda: samira.page.rings == ["message"] and tomas.page.rings == [])
            assert (rafael.page.rings, inna.page.rings) == ([], [])
            await messages.acknowledge(south.node, south["samira"], "leaders", sent.subject)
            await until(lambda: samira.page.rings == [])

    asyncio.run(story())


def test_notifications_leave_without_a_word_of_content(caplog: pytest.LogCaptureFixture) -> None:
    """Promise 9, by canaries: purpose, text, drafts and names of persons are nowhere in what left by HTTP or mail."""

    async def story() -> None:
        async with talking() as (north, south), Receiver().open() as web, Receiver().open(mail=True) as mail:
            mailto = f"mailto://localhost:{mail.port}/?smtp=127.0.0.1&mode=insecure&from=node@south.example&to=duty@south.example"
            for name, url, hides in (("web", web.address, False), ("mail", mailto, True)):
                await notify.set_target(south.node, south["admin"], name=name, url=url, hides_channel=hides)
            for kind in ("call", "message"):
                await ladder(south, kind, WATCH, StepRow(after_s=0, how="notify", who=("web", "mail")))
            await calls.lift(north.node, north["edda"], "leaders", purpose=CANARIES[0], precedence="FLASH")
            words = _words("IMMEDIATE", CANARIES[1])
            await messages.send_message(north.node, north["edda"], words)
            await until_slowly(lambda: len(web.heard) == 2 and len(mail.heard) == 2)

            for said in web.heard:
                assert json.loads(said.split(b"\r\n\r\n", 1)[1])["title"].startswith("South: a ")
                assert b"Leaders" in said and (b"FLASH" in said or b"IMMEDIATE" in said) and b"Look at the desk" in said
            for said in mail.heard:
                assert b"Leaders" not in said and b"Look at the desk" in said
            left = b"".join((*web.heard, *mail.heard))
            for canary in (*CANARIES, "Edda", "Samira", "edda@", "message/north", "call/north"):
                assert canary.encode() not in left, canary
            await until_slowly(lambda: len(notify.escalation(south.node, south["samira"]).results) == 4)
            row = notify.escalation(south.node, south["samira"])
            assert all(one.ok for one in row.results)
            # Not again: a step is taken once, however long it waits and whatever else happens.
            south.node.escalating.poke()
            assert [(one.steps_taken, one.steps) for one in row.waiting] == [(2, 2), (2, 2)]
            assert (len(web.heard), len(mail.heard)) == (2, 2)

    with caplog.at_level(logging.DEBUG):
        asyncio.run(story())
    for secret in ("hunter2", "s3cr3t-path", "k3y", "duty@south.example"):
        assert secret not in caplog.text


def test_a_node_that_starts_again_tells_nobody_twice_and_goes_on_ringing() -> None:
    """In the middle of a ring the machine is started anew: who was called is not called again, the desks ring on."""

    async def story() -> None:
        async with talking() as (north, south), Receiver().open() as web:
            await notify.set_target(south.node, south["admin"], name="web", url=web.address)
            await ladder(south, "call", DESKS, StepRow(after_s=0, how="notify", who=("web",)))
            await calls.lift(north.node, north["edda"], "leaders")
            await until_slowly(lambda: web.heard)
            await until(lambda: south.node.store.values("private.escalation"))
            await south.node.escalating.stop()
            south.node.escalating.start()
            seat = Seat(south, "rafael", watch=False)
            await until(lambda: seat.page.rings == ["call"])
            await seat.ring()
            row = notify.escalation(south.node, south["samira"]).waiting[0]
            assert (row.steps_taken, row.steps, row.desks) == (2, 2, 1)
            assert len(web.heard) == 1 and len(notify.escalation(south.node, south["samira"]).results) <= 1

    asyncio.run(story())


def test_who_has_two_pages_open_hears_the_one_that_rings() -> None:
    """A tab in the background may keep silent; its person is not deaf for that, and nobody is alarmed."""

    async def story() -> None:
        async with talking() as (north, south):
            loud, quiet, other = Seat(south, "samira"), Seat(south, "samira"), Seat(south, "rafael")
            await calls.lift(north.node, north["edda"], "leaders")
            await until(lambda: loud.page.rings == quiet.page.rings == other.page.rings == ["call"])
            await loud.ring()
            await until(lambda: notify.silent_desks(south.node, south["samira"]))
            assert [one.name for one in notify.silent_desks(south.node, south["samira"])] == ["Rafael"]
            direct.get_up(south.node, other.desk)
            await until(lambda: not notify.silent_desks(south.node, south["samira"]))
            assert quiet.page.rings == ["call"]

    asyncio.run(story())


def test_a_stop_and_a_roll_call_climb_like_a_call() -> None:
    """What a colleague brings needs one row and one function; both ring until somebody takes them."""

    async def story() -> None:
        async with talking() as (north, south):
            seat = Seat(south, "samira")
            raised = await stops.raise_stop(
                north.node, north["edda"], what="Pump 3", where="Cape Hann", channel="leaders"
            )
            asked = await rolls.ask(north.node, north["edda"], "leaders")
            await until(lambda: seat.page.rings == ["stop", "roll-call"])
            await stops.take(south.node, south["samira"], raised.channel, raised.subject)
            await rolls.answer(south.node, south["samira"], asked.subject)
            await until(lambda: seat.page.rings == [])

    asyncio.run(story())


def test_a_real_stop_rings_before_all_drills() -> None:
    """A desk is told of the first twelve things: a dozen drills left open would keep a real stop from it."""

    async def story() -> None:
        async with talking() as (north, south):
            seat = Seat(north, "edda")
            for number in range(limits.RINGS_TOLD_MAX + 1):
                drill = {"what": f"Drill {number}", "where": "Nowhere", "status": "exercise"}
                await stops.raise_stop(south.node, south["samira"], **drill)
            await until(lambda: len(seat.page.rings) == limits.RINGS_TOLD_MAX)
            sent = await stops.raise_stop(south.node, south["samira"], what="Shelling", where="Hill 12")
            await until(lambda: seat.page.keys()[0].endswith(sent.subject))

    asyncio.run(story())


def test_who_decides_is_rung_as_soon_as_a_stop_was_taken_until_it_is_said_that_they_have_it() -> None:
    """Whoever sat there took it in one press; the one who can make it stop must not hear of it by chance."""

    async def story() -> None:
        async with talking() as (north, south):
            await south.add("pia", "Pia", "principal")
            await south.add("paul", "Paul", "principal")
            samira, pia, paul = (Seat(south, who, watch=who == "samira") for who in ("samira", "pia", "paul"))
            raised = await stops.raise_stop(north.node, north["edda"], what="Pump 3", where="Cape Hann")
            at = (raised.channel, raised.subject)
            await until(lambda: samira.page.rings == ["stop"])
            await stops.take(south.node, south["samira"], *at)
            await until(lambda: pia.page.rings == paul.page.rings == ["stop-decision"] and samira.page.rings == [])
            await stops.reach(south.node, south["pia"], *at)
            await until(lambda: pia.page.rings == paul.page.rings == [])

    asyncio.run(story())


def test_a_first_report_rings_and_is_told_until_somebody_has_seen_it() -> None:
    """Nobody may sleep through a collision; and whoever has cleared it is not rung again."""

    async def story() -> None:
        async with talking() as (north, south):
            seat, ours = Seat(south, "samira"), Seat(north, "edda")
            form = ReportForm(what="Their aircraft passed our bow.", place="54.5 18.2")
            for channel in ("leaders", "line"):
                sent = await incidents.report_incident(north.node, north["edda"], form, channel=channel)
                await until(lambda: seat.page.rings == ["incident"])
                (row,) = incident_ringing.unseen_reports(south.node, south["samira"])
                assert (row.channel, row.subject, row.name) == (channel, sent.subject, "Edda")
                with pytest.raises(Refused):
                    await incident_ringing.clear_report(south.node, south["admin"], channel, sent.subject)
                if channel == "line":
                    await incident_ringing.clear_report(south.node, south["samira"], channel, sent.subject)
                else:
                    await until(lambda at=sent.subject: south.node.book.view("leaders", at))
                    await incidents.know_nothing(south.node, south["samira"], channel, sent.subject)
                await until(lambda: seat.page.rings == [])
                assert incident_ringing.unseen_reports(south.node, south["samira"]) == []
            assert ours.page.rings == []  # our own report waits for nobody of ours

    asyncio.run(story())


def test_nobody_is_looked_for_because_of_words_that_are_not_urgent() -> None:
    """A look at all that may wait costs as much as a message: a lively channel must not pay it for each line."""

    async def story() -> None:
        async with talking() as (north, south):
            looks = 0

            def look() -> list[Waits]:
                nonlocal looks
                looks += 1
                return []

            south.node.escalating.source("draft", look)
            for number in range(40):
                sent = await messages.send_message(north.node, north["edda"], _words("ROUTINE", f"Buoy {number}."))
                await until(lambda at=sent.subject: south.node.book.message("leaders", at))
            assert looks <= 2  # one that was on its way, and one that comes by the clock
            before = looks
            await messages.send_message(north.node, north["edda"], _words("IMMEDIATE"))
            await until(lambda: looks > before)

    asyncio.run(story())


def test_a_target_that_fails_says_why_without_its_address_and_is_tried_again() -> None:
    """A wrong password must be seen at the desk, and be no reason to show it there."""

    async def story() -> None:
        async with talking() as (north, south), Receiver().open() as web:
            web.refuses = 1
            south.node.escalating.notifier.pauses_s = (0.3,)
            await notify.set_target(south.node, south["admin"], name="web", url=web.address)
            await ladder(south, "call", WATCH, StepRow(after_s=0, how="notify", who=("web",)))
            await calls.lift(north.node, north["edda"], "leaders")
            await until_slowly(lambda: notify.failing_targets(south.node, south["samira"]))
            failed = notify.failing_targets(south.node, south["samira"])[0]
            assert failed.reason and failed.tries == 1
            assert not any(part in failed.reason for part in ("hunter2", "127.0.0.1", "s3cr3t", "edda", str(web.port)))
            await until_slowly(lambda: not notify.failing_targets(south.node, south["samira"]))
            await until(lambda: len(notify.escalation(south.node, south["samira"]).results) == 2)
            assert [one.ok for one in notify.escalation(south.node, south["samira"]).results] == [True, False]
            shown = repr(notify.escalation(south.node, south["samira"]))
            assert not any(part in shown for part in ("hunter2", "s3cr3t", "k3y"))

    asyncio.run(story())


@pytest.mark.long
def test_a_service_that_hangs_is_left_and_its_process_with_it() -> None:
    """The node answers heartbeats while a notification waits, and no process or address stays behind."""

    async def story() -> None:
        async with Receiver().open() as web:
            web.hangs = True
            wish = json.dumps({"url": web.address + "&rto=300", "title": "T", "body": "B"}).encode()
            trying = asyncio.create_task(notifying.in_a_process(wish, 15.0))
            await until_slowly(lambda: web.heard)
            lines = [(each / "cmdline").read_bytes() for each in children()]
            assert any(b"notify_child" in line for line in lines)
            assert not any(b"hunter2" in line or b"s3cr3t" in line for line in lines)
            assert await trying == (False, "no answer within 15 s")
            assert not any(b"notify_child" in (each / "cmdline").read_bytes() for each in children())

    asyncio.run(story())


def test_a_test_says_that_it_is_one_and_rights_are_asked_for() -> None:
    """A test that looks real wakes a minister; an address set by somebody else is a way out for what is private."""

    async def story() -> None:
        async with talking() as (_, south), Receiver().open() as web:
            with pytest.raises(Refused, match=r"people\.right"):
                await notify.set_target(south.node, south["samira"], name="web", url=web.address)
            await notify.set_target(south.node, south["admin"], name="web", url=web.address)
            await south.add("inna", "Inna", "interpreter")
            for wish in (
                lambda: notify.escalation(south.node, south["inna"]),
                lambda: notify.try_target(south.node, south["inna"], "web"),
                lambda: notify.try_ladder(south.node, south["inna"], channel="", kind="call"),
            ):
                with pytest.raises(Refused, match=r"people\.right"):
                    wish()
            with pytest.raises(Refused, match=r"notify\.nobody"):
                notify.try_ladder(south.node, south["samira"], channel="", kind="call")
            await ladder(south, "call", WATCH, StepRow(after_s=600, how="notify", who=("web",)))
            assert notify.try_ladder(south.node, south["samira"], channel="leaders", kind="call") == ["web"]
            notify.try_target(south.node, south["samira"], "web")
            # Until its service answers a test is under way: "none was sent yet" would be false for half a minute.
            notifier = south.node.escalating.notifier
            await until(lambda: all(one.tries for one in notifier.under_way()))
            begun = notify.escalation(south.node, south["samira"])
            assert [(one.target, one.trial) for one in begun.under_way] == [("web", True)] * 2 and not begun.results
            await until_slowly(lambda: len(web.heard) == 2)
            for said in web.heard:
                told = json.loads(said.split(b"\r\n\r\n", 1)[1])
                assert told["title"].startswith("[TEST]") and "Nothing waits" in told["message"]
            await until_slowly(lambda: len(notify.escalation(south.node, south["samira"]).results) == 2)
            done = notify.escalation(south.node, south["samira"])
            assert all(one.trial and one.ok for one in done.results) and done.under_way == ()

    asyncio.run(story())


def children() -> list[Path]:
    """Give our own child processes, as /proc shows them to everybody."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    numbers = [number for task in tasks.iterdir() for number in (task / "children").read_text().split()]
    return [Path("/proc") / number for number in numbers if (Path("/proc") / number / "cmdline").exists()]


async def until_slowly(true: object) -> None:
    """Wait for what a process of its own does: some seconds where the machine is shared."""
    async with asyncio.timeout(60):
        while not true():  # type: ignore[operator]
            await asyncio.sleep(0.02)


def _words(precedence: str, text: str = CANARIES[2]) -> Words:
    return Words(channel="leaders", text=text, language="en", precedence=precedence)


def test_a_flash_rings_as_one_behind_all_that_waits_already(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is overdue stands first in the list; a night of drills that nobody acknowledged kept a real FLASH silent."""
    monkeypatch.setattr(limits, "ESCALATIONS_MAX", 3)

    async def story() -> None:
        async with talking() as (north, south):
            for status in ("actual", "exercise"):
                for n in range(4):
                    words = Words(channel="leaders", text=f"{n}", language="en", precedence="IMMEDIATE", status=status)
                    await messages.send_message(north.node, north["edda"], words)
            draft = await drafting.save_draft(
                north.node, north["edda"], Words(channel="leaders", text="Now.", language="en", precedence="FLASH")
            )
            await drafting.submit_draft(north.node, north["edda"], draft.id)
            flash = await drafting.release_draft(north.node, north["tomas"], draft.id)
            await until(lambda: flash.subject in [one.subject for one in south.node.book.open_items("leaders")])
            found = list(waiting.messages(south.node))
            assert flash.subject in [one.subject for one in found]
            kinds = Counter((one.precedence, one.status) for one in found)
            assert kinds == {("IMMEDIATE", "actual"): 3, ("IMMEDIATE", "exercise"): 3, ("FLASH", "actual"): 1}

    asyncio.run(story())
