"""A node that ends and is started again during a call: what both desks say meanwhile, and that they are heard again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from parley.cli import at_desk, sounding
from parley.cli.chromium import Page
from parley.cli.demo_call import desk_in_browser, first_heard
from parley.cli.demo_nodes import DemoNode, stop_all, two_nodes
from parley.cli.demo_play import NORTH, SOUTH, Play
from parley.cli.demo_steps import until

pytestmark = [pytest.mark.browser, pytest.mark.long]
LATCH = "document.getElementById('handset-latch').click()"
LAMP = "document.getElementById('handset-recording').checkVisibility()"
SOUNDED = "window.sounded = []; document.addEventListener('parley:sounded', (event) => sounded.push(event.detail)); 0"
TAPS_S = 0.9


def says(part: str, words: str) -> str:
    return f"document.getElementById('handset-{part}').textContent.includes({words!r})"


@asynccontextmanager
async def joined(folder: Path) -> AsyncIterator[tuple[DemoNode, DemoNode, Page, Page]]:
    """Give two nodes that are processes, the channel `leaders` agreed, and a desk on watch at each in Chromium."""
    north, south = await two_nodes(folder, (NORTH, SOUTH))
    try:
        play = Play(north, south, lambda _: None)
        await play._up()
        await play._people()
        await play._open()
        async with AsyncExitStack() as stack:
            edda = await stack.enter_async_context(desk_in_browser(north, "e.marlow", 1))
            samira = await stack.enter_async_context(desk_in_browser(south, "s.haddad", 2))
            for page in (edda, samira):
                await sounding.install(page)
                await page.run(SOUNDED)
            yield north, south, edda, samira
    finally:
        await stop_all(north, south)


async def end(node: DemoNode, how: str) -> None:
    """Let a node's process end."""
    if how == "killed" and node.process is not None:
        with contextlib.suppress(ProcessLookupError):
            node.process.kill()
        await node.process.wait()
    await node.stop()


async def call(node: DemoNode) -> dict[str, Any]:
    """Give the newest call as a node has it."""
    person = {"north": "e.marlow", "south": "s.haddad"}[node.words.side]
    found: dict[str, Any] = (await node.get("/channels/leaders/calls", person))[0]
    return found


async def in_state(node: DemoNode, state: str) -> None:
    async def so() -> bool:
        return bool((await call(node))["state"] == state)

    await until(so, f"the call did not become {state} at {node.words.name}")


async def heard(said: Page, at: Page, from_ms: float) -> bool:
    """Say whether what was said from a moment on came out of the other loudspeaker."""
    await asyncio.sleep(TAPS_S)
    microphone, loudspeaker = (await sounding.take(said))["microphone"], (await sounding.take(at))["loudspeaker"]
    return first_heard(microphone, loudspeaker, from_ms).heard_ms is not None


async def record(north: DemoNode, south: DemoNode, *pages: Page) -> str:
    """Let both sides agree to record; gives the path of the call."""
    path = "/channels/leaders/calls/" + (await call(north))["subject"].partition("/")[2]
    await north.post(f"{path}/recording/ask", "e.marlow")

    async def asked() -> bool:
        return bool((await call(south))["recordings"])

    await until(asked, "the wish to record did not arrive")
    await south.post(f"{path}/recording/agree", "s.haddad")
    for page in pages:
        await page.until(LAMP)
    return path


@pytest.mark.parametrize("how", ["killed", "stopped"])
def test_a_call_goes_on_after_a_node_was_started_again_and_nobody_speaks_to_nobody(how: str, tmp_path: Path) -> None:
    """Both have the key latched. One was left with "Ready: press and speak", the other with "South hears you"."""

    async def story() -> None:
        async with joined(tmp_path) as (north, south, edda, samira):
            await at_desk.press(edda, 0.4)
            await samira.until(says("call", "is calling"))
            await at_desk.press(samira, 0.4)
            await edda.until(says("call", "In a call: Samira Haddad"))  # whom she speaks with, not herself
            await samira.until(says("call", "In a call: Edda Marlow"))
            path = await record(north, south, edda, samira)
            for page in (edda, samira):
                await page.run(LATCH)
                await at_desk.until_state(page, "open")
                await page.until(says("call", "they hear us · we hear them"))
            await asyncio.sleep(1)

            await end(south, how)
            await samira.until(f"{says('state', 'nobody hears you')} && {says('call', 'There was a call here')}", 3)
            assert not await samira.run(LAMP)  # nobody at this desk knows
            aloud = await samira.run("document.getElementById('say-now').textContent")
            assert aloud.count("nobody hears you") == 1 and "recorded no more" not in aloud
            assert await samira.run("document.getElementById('handset-talk').disabled")
            await edda.until(f"{says('state', 'nobody of')} && !({says('call', 'they hear us')})", 8)
            assert await edda.run(at_desk.STATE) == "open"  # the line was cut, not her microphone

            await south.start()
            await samira.until(f"{says('state', 'microphone was closed')} && {says('call', 'In a call')}", 10)
            await samira.until(says("call", "we hear them"))  # by itself: the other key is still latched
            await samira.until(says("voices", "Edda"))
            await edda.until(says("state", "hears you"))
            await samira.until(LAMP)
            assert await heard(edda, samira, await edda.run("performance.timeOrigin + performance.now()"))
            press = await at_desk.press(samira, 0.6)
            assert await heard(samira, edda, press.down_ms)
            for page in (edda, samira):
                await page.until(says("call", "they hear us · we hear them"))
                assert (await page.run("document.getElementById('handset-voices').textContent")).count("Samira") == 1

            await edda.run("document.getElementById('handset-hang-up').click()")
            for node in (north, south):
                await in_state(node, "ended")
            for page in (edda, samira):
                await page.until("document.getElementById('handset-call').textContent === ''")

            async def kept() -> bool:
                rows = [
                    await one.get(f"{path}/recordings", by) for one, by in ((north, "e.marlow"), (south, "s.haddad"))
                ]
                return all(len(row[0]["kept"]) == 2 for row in rows)

            await until(kept, "not both sides keep the recording")

    asyncio.run(story())


SEEN = "[...document.querySelectorAll('.call-facts .lit')].filter((one) => one.checkVisibility())"
CALL = "/channels/leaders/call"


async def quiet(*pages: Page) -> None:
    """Wait until no handset shows a call and nothing rings at any."""
    for page in pages:
        await page.until(f"{at_desk.STATE} === 'ready' && document.getElementById('handset-call').textContent === ''")
        await page.run("sounded.length = 0")
    await asyncio.sleep(3)
    for page in pages:
        assert await page.run("sounded.filter((one) => one.startsWith('call')).length") == 0


@pytest.mark.parametrize("when", ["ringing", "talking"])
def test_the_callers_own_node_is_killed_and_both_can_call_again(when: str, tmp_path: Path) -> None:
    """Her own desk must not go on saying "a desk rings there"; theirs must not ring for somebody who is gone."""

    async def story() -> None:
        async with joined(tmp_path) as (north, south, edda, samira):
            for page in (edda, samira):  # the page of the call, with its lights, at both
                await page.go(CALL)
                await at_desk.until_state(page, "ready")
                await sounding.install(page)
                await page.run(SOUNDED)
            await at_desk.press(edda, 0.4)
            await samira.until(says("call", "is calling"))
            await edda.until(says("call", "a desk rings there"))
            if when == "talking":
                await at_desk.press(samira, 0.4)
                await edda.until(says("call", "we hear them"))
                await edda.run(LATCH)
                await at_desk.until_state(edda, "open")

            await end(north, "killed")
            await edda.until(f"{says('state', 'nobody hears you')} && {says('call', 'There was a call here')}", 3)
            await edda.until(f"{SEEN}.length === 0 && document.getElementById('call-unknown').checkVisibility()", 3)
            assert not await edda.run(says("call", "rings"))
            await samira.until("document.querySelector('[data-line-down]') !== null", 8)
            await samira.until(f"!{SEEN}.some((one) => /hear/.test(one.textContent))", 3)

            await north.start()
            state = "active" if when == "talking" else "ringing"
            for node, page in ((north, edda), (south, samira)):
                await in_state(node, state)
                await page.until(f"document.querySelector('#call-now article').dataset.callState === '{state}'")
            if when == "talking":
                assert not await edda.run("document.getElementById('handset-latch').checked")
                await edda.until(says("state", "microphone was closed"))
            else:
                await edda.until(says("call", "a desk rings there"))
                await samira.until(says("call", "is calling"))
            await edda.run("document.getElementById('handset-hang-up').click()")
            for node in (north, south):
                await in_state(node, "ended" if when == "talking" else "unanswered")
            await quiet(edda, samira)

            first = await at_desk.press(samira, 0.6)  # the other calls now
            assert await heard(samira, edda, first.down_ms)
            again = await at_desk.press(edda, 0.6)
            assert await heard(edda, samira, again.down_ms)
            for page in (edda, samira):
                await page.until(says("call", "they hear us · we hear them"))
            await samira.run("document.getElementById('handset-hang-up').click()")
            for node in (north, south):
                await in_state(node, "ended")
            await quiet(edda, samira)

    asyncio.run(story())


def test_two_who_lift_at_once_both_go_on_speaking_and_a_desk_asleep_is_told_of_at_the_handset(tmp_path: Path) -> None:
    """Walked by hand: the caller saw "Calling" and no more; of two who lifted at once one was cut off in mid-word."""

    async def story() -> None:
        async with joined(tmp_path) as (_, south, edda, samira):
            for _ in range(3):
                await asyncio.gather(at_desk.press(edda, 2), at_desk.press(samira, 2))
                await edda.run("document.getElementById('handset-hang-up').click()")
                for page in (edda, samira):
                    await page.until("document.getElementById('handset-call').textContent === ''")

                async def both() -> bool:
                    rows = await south.get("/channels/leaders/calls", "s.haddad")
                    heard = [one for row in rows[:2] if row["end_reason"] == "hung-up" for one in row["heard"]]
                    return len(heard) == 2 and min(one["frames"] for one in heard) > 20  # of 100

                await until(both, "one of them was cut off")

            await samira.do("Page.setWebLifecycleState", state="frozen")
            await at_desk.press(edda, 0.4)
            await edda.until(says("call", "no desk there has said that it rings"), 10)
            await samira.do("Page.setWebLifecycleState", state="active")
            await edda.until(f"{says('call', '· a desk rings there')} && !({says('call', 'perhaps nobody')})", 10)
            await edda.run("document.getElementById('handset-hang-up').click()")
            await in_state(south, "unanswered")

    asyncio.run(story())


def test_a_call_given_up_while_the_far_node_was_gone_rings_there_no_more(tmp_path: Path) -> None:
    """It rings again when the node is back, for it may; and ends with the caller's word."""

    async def story() -> None:
        async with joined(tmp_path) as (north, south, edda, samira):
            await at_desk.press(edda, 0.4)
            await samira.until(says("call", "is calling"))
            await edda.until(says("call", "a desk rings there"))
            await end(south, "killed")
            await edda.until("document.querySelector('[data-line-down]') !== null", 8)
            assert not await edda.run(says("call", "a desk rings there"))
            await edda.run("document.getElementById('handset-hang-up').click()")
            await in_state(north, "unanswered")
            await south.start()
            await in_state(south, "unanswered")
            await samira.until(
                f"{at_desk.STATE} === 'ready' && document.getElementById('handset-call').textContent === ''"
            )
            await samira.run("sounded.length = 0")
            await asyncio.sleep(3)
            assert await samira.run("sounded.filter((one) => one.startsWith('call')).length") == 0

    asyncio.run(story())
