"""Picture through two real nodes: seen where it may be, given up before it delays anything, rule breakers named."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from tests.actions.pair import Side, talking, until
from tests.desk.sitting import Page, Room, served
from tests.line.test_picture import DELTA, whole
from tests.node.test_voice import SESSION, faults

from parley import limits
from parley.actions import calls
from parley.line.picture import Form, PictureFrame, Size, Source, What, read_picture, write_picture
from parley.line.voice import Origin, write_origin
from parley.link import Lane

PATH = "/channels/leaders/call/picture"


def shown(number: int, form: int = 2, payload: bytes = b"") -> bytes:
    """Give a frame as a page sends it."""
    payload = payload or (whole() if form == 2 else DELTA)
    return bytes((2, form, 1, 2)) + number.to_bytes(4, "big") + (number * 80).to_bytes(4, "big") + payload


def seen(data: bytes) -> tuple[bool, PictureFrame]:
    """Give whose a frame on its way to a page is, and the frame."""
    assert data[0] == 2
    return data[1] == 0, read_picture(b"\x1e" + data[2:])


async def show(room: Room, person: str, session: str = SESSION) -> Page:
    page = await room.page(person, path=PATH)
    await page.say("show", session=session)
    await page.hear("showing")
    return page


async def placed(north: Side, south: Side) -> str:
    subject = (await calls.lift(north.node, north["edda"], "leaders", session=SESSION)).subject
    await until(lambda: south.node.calling.is_open(SESSION))
    await calls.answer(south.node, south["samira"], "leaders", subject)
    await until(lambda: all(side.node.calling.goes_on(SESSION) for side in (north, south)))
    return subject


def test_what_is_shown_is_seen_at_both_sides_with_whose_it_is_and_not_after_the_call() -> None:
    """DESIGN 6: by choice, in the call, and nothing of it once it is over."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            subject = await placed(north, south)
            samira, tomas = await there.page("samira", path=PATH), await here.page("tomas", path=PATH)
            edda = await show(here, "edda")
            for number, form in enumerate((2, 1, 1)):
                await edda.socket.send_bytes(shown(number, form))
            for page, ours in ((samira, False), (tomas, True)):
                found = [seen(data) for data in await page.hear_sound(3)]
                assert [(mine, frame.number, frame.origin.person) for mine, frame in found] == [
                    (ours, number, "edda") for number in range(3)
                ]
                told = await page.hear("shows")
                assert (told["ours"], told["name"]) == (ours, "Edda")
            late = await there.page("rafael", path=PATH)  # begins with a whole frame, which it asks for
            await edda.hear("whole")
            await edda.socket.send_bytes(shown(3))
            assert seen((await late.hear_sound(1))[0])[1].form is Form.WHOLE
            await calls.hang_up(north.node, north["edda"], "leaders", subject)
            await edda.hear("over")
            await edda.socket.send_bytes(shown(4))
            await edda.say("show", session=SESSION)
            assert (await edda.hear("refused"))["code"] == "voice.turn"
            assert len(samira.sound) == 3
            assert faults(north) == faults(south) == []

    asyncio.run(story())


def test_who_may_not_speak_shows_nothing_and_a_side_shows_two_at_most() -> None:
    """The gate is that of the voice; a third picture is refused with the reason."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, _):
            await north.add("ruth", "Ruth", "recorder")
            edda = await here.page("edda", path=PATH)
            await edda.say("show", session=SESSION)  # no call
            assert (await edda.hear("refused"))["code"] == "voice.turn"
            await placed(north, south)
            kept = [await show(here, "edda") for _ in range(limits.PICTURES_OURS_MAX)]
            third = await here.page("tomas", path=PATH)
            await third.say("show", session=SESSION)
            assert (await third.hear("refused"))["code"] == "picture.full"
            await kept[0].say("hide")
            await until(lambda: len(north.node.pictures._showing) == 1)
            await third.say("show", session=SESSION)
            await third.hear("showing")
            ruth = await here.page("ruth", path=PATH)
            await ruth.say("show", session=SESSION)
            assert (await ruth.hear("refused"))["code"] == "people.right"

    asyncio.run(story())


def test_a_picture_the_line_does_not_carry_is_left_out_and_less_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise 8: what waits in the bulk lane stays bounded; after a frame left out the next one sent is whole."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            await placed(north, south)
            samira, edda = await there.page("samira", path=PATH), await show(here, "edda")
            await edda.socket.send_bytes(shown(0))
            await samira.hear_sound(1)
            host = north.node.pictures._links
            busy = limits.PICTURE_UNSENT_BYTES_MAX + 1
            with monkeypatch.context() as patch:
                patch.setattr(host, "backlog", lambda link, lane: busy if lane is Lane.BULK else 0)
                await edda.socket.send_bytes(shown(1, 1))
                await edda.hear("less")
            await edda.socket.send_bytes(shown(2, 1))
            await edda.hear("whole")
            await edda.socket.send_bytes(shown(3))
            assert [seen(data)[1].number for data in await samira.hear_sound(2)] == [0, 3]

    asyncio.run(story())


def test_a_slow_page_drops_old_frames_and_harms_no_one() -> None:
    """Promise 8, at the desk: what waits for one page is bounded, and it goes on with a whole frame."""
    from parley.desk.pages.picture import Outbox

    async def story() -> None:
        outbox = Outbox()
        frame = bytes(200_000)
        assert [outbox.picture(7, whole, frame) for whole in (True, False, False, False, True)] == [
            True, True, False, False, False,
        ]  # fmt: skip
        outbox._frames.clear()
        outbox._bytes = 0
        assert [outbox.picture(7, False, frame), outbox.picture(7, True, frame)] == [False, True]

    asyncio.run(story())


def send(north: Side, count: int, session: str = SESSION, payload: bytes = b"") -> None:
    """Send frames past our own node's gate, as a changed node would."""
    head = write_origin(Origin("leaders", session, "edda", ""))
    for number in range(count):
        frame = write_picture(
            What(Form.WHOLE, Source.SCREEN, Size.MIDDLE), 9, number, number, head, payload or whole()
        )  # fmt: skip
        for link in north.node.links_up():
            north.node.pictures._links.send(link, Lane.BULK, frame)


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        (lambda north: send(north, 80, session="77" * 16), "line.picture-turn"),
        (lambda north: send(north, 200), "line.picture-flood"),
        (lambda north: send(north, 1, payload=whole(9_000, 9_000)), "line.picture"),
    ],
)
def test_a_peer_that_breaks_the_rules_is_not_seen_and_named(attack: Callable[[Side], None], code: str) -> None:
    """Out of turn, faster than anybody films, larger than it says: contained, and noted without a picture."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (_, there):
            await placed(north, south)
            samira = await there.page("samira", path=PATH)
            attack(north)
            await until(lambda: code in faults(south))
            assert len(samira.sound) <= limits.PICTURE_BURST

    asyncio.run(story())
