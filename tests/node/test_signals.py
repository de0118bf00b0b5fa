"""Signals between the nodes: numbered, aged, bounded, and never trusted with what must last."""

from __future__ import annotations

import asyncio

import pytest
from tests.actions.pair import Side, talking, until

from parley import limits
from parley.actions import messages
from parley.errors import PeerError
from parley.line.frames import Kind, write_other
from parley.node.signals import Signals
from parley.subjects.messages import facts
from parley.times import Instant, Moment

NOW, CLOCK = Instant(0.0), Moment(1_800_000_000_000)


def test_the_first_copy_of_a_signal_counts_and_an_older_one_never() -> None:
    """They go by all links: the second copy of "nobody is there" must not undo the "somebody is" after it."""
    theirs, ours = Signals(CLOCK), Signals(Moment(7))
    first, second = (theirs.write("watch", CLOCK, 1_000, {"n": n}) for n in (1, 2))
    taken = ours.take(first, NOW, CLOCK, 0)
    assert taken is not None and (taken.name, taken.fields.integer("n")) == ("watch", 1)
    assert ours.take(second, NOW, CLOCK, 0) is not None
    assert ours.take(second, NOW, CLOCK, 0) is None
    assert ours.take(first, NOW, CLOCK, 0) is None
    again = Signals(Moment(CLOCK + 1)).write("watch", CLOCK, 1_000, {"n": 3})  # their node started anew
    assert ours.take(again, NOW, CLOCK, 0) is not None
    assert ours.take(second, NOW, CLOCK, 0) is None


@pytest.mark.parametrize(
    ("age_ms", "offset", "counts"), [(900, 0, True), (1_100, 0, False), (1_100, -500, True), (9_999, None, True)]
)
def test_a_signal_that_comes_too_late_is_dropped(age_ms: int, offset: int | None, counts: bool) -> None:
    """What sat in a stalled link is not about now any more; by their clock, as far as it has been measured."""
    frame = Signals(CLOCK).write("ring", CLOCK, 1_000, {})
    assert (Signals(CLOCK).take(frame, NOW, Moment(CLOCK + age_ms), offset) is not None) is counts


def test_a_flood_of_signals_is_looked_at_up_to_a_bound() -> None:
    """Promise 8: signals share the urgent lane, and reading them costs us time."""
    theirs, ours = Signals(CLOCK), Signals(CLOCK)
    taken = sum(ours.take(theirs.write("x", CLOCK, 1_000, {}), NOW, CLOCK, 0) is not None for _ in range(2_000))
    assert taken == limits.SIGNALS_BURST
    assert ours.dropped == 2_000 - taken


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"signal": "watch"},
        {"signal": "watch", "run": 1, "number": 0, "at": 1, "lasts": 1},
        {"signal": "watch", "run": 1, "number": 1, "at": 1, "lasts": 10**9},
    ],
)
def test_a_signal_without_its_form_is_the_peer_s_fault(header: dict[str, str | int]) -> None:
    """A lenient reader is where two programs begin to differ."""
    with pytest.raises(PeerError):
        Signals(CLOCK).take(write_other(Kind.SIGNAL, header), NOW, CLOCK, 0)


async def flash(side: Side, count: int) -> list[str]:
    """Send so many FLASH, each released by two persons; give their subjects."""
    made = []
    for number in range(count):
        fact = facts.send(
            "leaders", text=f"Stop {number}.", language="en", due=facts.due_for("FLASH", side.node.moment()),
            drafted_by="edda", released_by=("edda", "tomas"),
        )  # fmt: skip
        made.append((await side.node.state(fact, "tomas", "FLASH")).subject)
    return made


def test_a_flash_beyond_the_hour_s_allowance_rings_as_routine_and_both_desks_say_so() -> None:
    """A side that calls FLASH all day must not be able to keep the other's watch from its real ones (DESIGN 4)."""

    async def story() -> None:
        async with talking() as (north, south):
            heard, told = south.node.subscribe(), north.node.subscribe()
            subjects = await flash(north, limits.FLASH_HOURLY + 2)
            rang: list[object] = []
            async for event in heard:
                if event.kind == "entry" and event.fields.get("kind") == "message.sent":
                    rang.append(event.fields.get("rings"))
                    if len(rang) == len(subjects):
                        break
            assert rang == ["FLASH"] * limits.FLASH_HOURLY + ["ROUTINE"] * 2

            def marks(side: Side, who: str, which: int) -> str:
                return messages.message(side.node, side[who], "leaders", subjects[which]).rang_as

            await until(lambda: marks(north, "edda", -1) == "ROUTINE")
            assert marks(south, "samira", -1) == "ROUTINE"
            assert marks(north, "edda", 0) == marks(south, "samira", 0) == ""
            kinds: list[str] = []
            async for event in told:
                assert event.kind != "held" or "at_s" in event.fields  # "on their disk" always says since when
                kinds.append(event.kind)
                if kinds.count("rings") == 2:
                    break

    asyncio.run(story())
