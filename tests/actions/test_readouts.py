"""Readouts between two real nodes: sealed, opened by the nodes themselves, private until then, also after a restart."""

from __future__ import annotations

import asyncio

import pytest
from tests.actions.pair import Side, talking, until
from tests.actions.test_binding import Binding, story
from tests.actions.test_passkeys import PLACE

from parley.actions import binding, readouts
from parley.actions.readout_rows import ReadoutRow
from parley.errors import Refused
from parley.node.readouts import Readouts
from parley.times import Moment, moment_text

CANARY = "The canary of the sealed account."
OURS = f"The talks were held on 24 November 2026. {CANARY}"
THEIRS = "双方于11月23日举行会谈。"


async def asked(north: Side, south: Side, **more: str) -> str:
    sent = await readouts.ask(north.node, north["edda"], "leaders", title="First meeting", date="2026-11-23", **more)
    await until(lambda: south.node.book.view("leaders", sent.subject))
    return sent.subject


def row(side: Side, who: str, subject: str) -> ReadoutRow:
    return readouts.readout(side.node, side[who], "leaders", subject)


def said_by(side: Side) -> bytes:
    logs = side.node.store.logs()
    return b"".join(leaf for log in logs for leaf in side.node.store.leaves(log, 0, side.node.store.size(log)))


def test_two_accounts_are_sealed_and_opened_together() -> None:
    """Issue D, 5. Until both are sealed, no byte of either leaves its node (promise 9)."""

    async def story() -> None:
        async with talking() as (north, south):
            subject = await asked(north, south)
            about = ("leaders", subject)
            warned = await readouts.save_draft(north.node, north["edda"], *about, text=OURS)
            assert [(one.code, one.draft) for one in warned] == [("date", "24 November 2026")]
            await readouts.seal(north.node, north["edda"], *about)
            await until(lambda: row(south, "samira", subject).accounts[1].state == "sealed")
            assert CANARY.encode() not in said_by(south) and CANARY.encode() not in said_by(north)
            assert row(south, "samira", subject).draft.text == ""  # type: ignore[union-attr]
            with pytest.raises(Refused) as no:
                await readouts.seal(north.node, north["tomas"], *about)
            assert no.value.code == "readouts.again"
            with pytest.raises(Refused) as no:
                await readouts.seal(south.node, south["samira"], *about)
            assert no.value.code == "readouts.no-draft"
            assert await readouts.save_draft(south.node, south["samira"], *about, text=THEIRS, language="zh") == ()
            await readouts.seal(south.node, south["samira"], *about)
            for side, who in ((north, "edda"), (south, "samira")):
                await until(lambda side=side, who=who: row(side, who, subject).state == "opened")  # type: ignore[misc]
            texts = {one.side: one.text for one in row(north, "edda", subject).accounts}
            assert texts == {"north": OURS, "south": THEIRS}

    asyncio.run(story())


def test_a_node_that_starts_again_opens_what_it_had_sealed() -> None:
    """A restart between the two seals must not look like withholding."""

    async def story() -> None:
        async with talking() as (north, south):
            subject = await asked(north, south)
            north.node.readouts.stop()
            north.node.readouts.folded = lambda event: None  # type: ignore[method-assign]
            for side, who, text in ((north, "edda", OURS), (south, "samira", THEIRS)):
                await readouts.save_draft(side.node, side[who], "leaders", subject, text=text)
                await readouts.seal(side.node, side[who], "leaders", subject)
            await until(lambda: row(north, "edda", subject).accounts[1].state == "opened")
            assert row(north, "edda", subject).accounts[0].state == "sealed"  # it never opened: shown so
            again = Readouts(north.node)
            again.start()
            await until(lambda: row(south, "samira", subject).state == "opened")
            again.stop()

    asyncio.run(story())


def test_at_the_agreed_time_a_node_opens_alone() -> None:
    """Who waits with the seal is not waited for; and what it then seals is marked."""

    async def story() -> None:
        async with talking() as (north, south):
            at = moment_text(Moment(north.node.moment() + 1_200))
            subject = await asked(north, south, open_at=at)
            await readouts.agree_time(south.node, south["samira"], "leaders", subject)
            await readouts.save_draft(north.node, north["edda"], "leaders", subject, text=OURS)
            await readouts.seal(north.node, north["edda"], "leaders", subject)
            await until(lambda: row(north, "edda", subject).time_agreed_at)
            assert row(north, "edda", subject).accounts[0].state == "sealed"
            await until(lambda: row(south, "samira", subject).accounts[1].state == "opened")
            await readouts.save_draft(south.node, south["samira"], "leaders", subject, text=THEIRS)
            await readouts.seal(south.node, south["samira"], "leaders", subject)
            await until(lambda: row(north, "edda", subject).state == "opened")
            ours, theirs = row(north, "edda", subject).accounts
            assert (ours.alone, ours.after, theirs.alone, theirs.after) == (True, False, False, True)

    asyncio.run(story())


def test_who_may_not_write_sees_no_draft_and_changes_nothing() -> None:
    """A recorder reads what both sides hold; what the delegation still works on is not theirs."""

    async def story() -> None:
        async with talking() as (north, south):
            subject = await asked(north, south)
            await readouts.save_draft(north.node, north["edda"], "leaders", subject, text=OURS)
            wren = await north.add("wren", "Wren", "recorder")
            assert readouts.readout(north.node, wren, "leaders", subject).draft is None
            for act in (
                readouts.save_draft(north.node, wren, "leaders", subject, text="Mine."),
                readouts.seal(north.node, wren, "leaders", subject),
            ):
                with pytest.raises(Refused) as no:
                    await act
                assert no.value.code == "people.right"

    asyncio.run(story())


def test_a_side_that_lists_passkeys_seals_with_one_over_the_digest() -> None:
    """DESIGN 3: sealing a readout binds. A form has nothing to sign with, and a changed draft is not sealed."""

    async def told(made: Binding) -> None:
        node, about = made.node, ("leaders", await asked(made.side, made.south))
        await readouts.save_draft(node, made.who["edda"], *about, text=OURS)
        with pytest.raises(Refused) as no:
            await readouts.seal(node, made.who["edda"], *about)
        assert no.value.code == "binding.missing"
        shown = readouts.begin_seal(node, made.who["edda"], PLACE, *about)
        await readouts.save_draft(node, made.who["tomas"], *about, text="Other words.")
        with pytest.raises(Refused) as no:
            await made.sign("edda", shown)
        assert no.value.code == "binding.changed"
        sent = await made.sign("edda", readouts.begin_seal(node, made.who["edda"], PLACE, *about))
        assert made.entry(sent).body["assertion"] is not None
        await until(lambda: row(made.south, "samira", about[1]).accounts[1].signed)
        assert binding.must_sign(node)

    story(told)
