"""Sound, picture and text of a call, sent by who may not: from a page to its own node, and from a node to the other.

docs/security.md has the table. What a hostile node sends is judged at ours, before any desk has it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest
from tests.actions.pair import Side, later, state, talking, until
from tests.desk.sitting import Page, Room, served
from tests.line.test_picture import whole
from tests.node import test_picture, test_texting
from tests.node.test_picture import PATH, shown
from tests.node.test_voice import OPUS, SESSION, faults, lift, played, send, spoken

from parley import limits
from parley.actions import calls, channels, people, recordings
from parley.errors import Refused
from parley.line import voice
from parley.line.picture import Form, Size, Source, What, write_picture
from parley.link import Lane

MANY = limits.VOICE_STRAY_MAX


@dataclass
class InCall:
    """A call that goes on between Edda and Samira, in `leaders`."""

    north: Side
    south: Side
    here: Room
    there: Room
    edda: Page
    samira: Page
    subject: str

    async def quiet(self) -> None:
        """Let what is on its way to Samira's page come there."""
        await self.samira.say("beat", at=1)
        await self.samira.hear("beat")

    async def not_heard(self, code: str = "", frames: int = 0) -> None:
        """South names North for `code`, and Samira's page has heard no more than so many frames."""
        await until(lambda: not code or code in faults(self.south))
        await self.quiet()
        assert len(self.samira.sound) == frames, faults(self.south)

    async def over(self) -> None:
        await calls.hang_up(self.north.node, self.north["edda"], "leaders", self.subject)
        for side in (self.north, self.south):
            await until(lambda side=side: not side.node.calling.is_open(SESSION))


@asynccontextmanager
async def in_call() -> AsyncIterator[InCall]:
    async with talking() as (north, south), served(north, south) as (here, there):
        edda, samira = await here.on_watch("edda", "leaders"), await there.on_watch("samira", "leaders")
        await lift(edda)
        await until(lambda: south.node.calling.is_open(SESSION))
        await lift(samira)
        for side in (north, south):
            await until(lambda side=side: side.node.calling.goes_on(SESSION))
        (row,) = calls.calls(north.node, north["edda"], "leaders")
        yield InCall(north, south, here, there, edda, samira, row.subject)


def play(told: Callable[[InCall], Awaitable[None]]) -> None:
    async def story() -> None:
        async with in_call() as call:
            await told(call)

    asyncio.run(story())


def voiced(
    count: int = MANY, *, person: str = "edda", channel: str = "leaders", session: str = SESSION, language: str = "",
    stream: int = 7,
) -> list[bytes]:  # fmt: skip
    """Give frames as a node sends them."""
    head = voice.write_origin(voice.Origin(channel, session, person, language))
    return [voice.write_voice(stream, number, number * 20, 1, head, OPUS) for number in range(count)]


def pictured(
    north: Side, *numbers: int, channel: str = "leaders", person: str = "edda", session: str = SESSION
) -> None:
    """Send pictures past our own node's gate."""
    head = voice.write_origin(voice.Origin(channel, session, person, ""))
    for number in numbers:
        what = What(Form.WHOLE, Source.CAMERA, Size.MIDDLE)
        frame = write_picture(what, 9, number, number, head, whole())
        assert north.node._host.send("cable", Lane.BULK, frame)


# --- after the end ------------------------------------------------------------------------------------------------


def test_after_the_end_nothing_of_a_call_passes_at_either_hop() -> None:
    """Hanging up is the one promise that everybody in a room relies on."""

    async def told(call: InCall) -> None:
        camera = await test_picture.show(call.here, "edda")
        looks = await call.there.page("samira", path=PATH)
        await call.over()
        await call.edda.socket.send_bytes(spoken(1))
        await call.edda.say("text", channel="leaders", session=SESSION, text="Still here.")
        assert (await call.edda.hear("refused"))["code"] == "voice.turn"
        await camera.hear("over")
        await camera.socket.send_bytes(shown(1))
        await call.not_heard()
        assert faults(call.south) == []

        send(call.north, *voiced())
        await call.not_heard("line.voice-turn")
        pictured(call.north, *range(limits.PICTURE_OVER_MAX))
        await until(lambda: "line.picture-turn" in faults(call.south))
        for number in range(limits.TEXT_STRAY_MAX):
            test_texting.send(call.north, edit=number + 1)
        await until(lambda: "line.text-turn" in faults(call.south))
        await call.not_heard()
        assert looks.sound == []
        assert not [word for word in call.samira.words if word["told"] in ("text", "text-line")]

    play(told)


# --- as somebody else, somewhere else -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "code"),
    [
        ({"person": "samira"}, "line.voice-turn"),  # one of ours, at her own desk
        ({"person": "nobody"}, "line.voice-turn"),
        ({"channel": "staff"}, "line.voice-turn"),  # the call is of another channel
        ({"channel": "line"}, "line.voice-turn"),
        ({"session": "77" * 16}, "line.voice-turn"),
        ({"language": "zh"}, "line.voice-stream"),  # no interpreter
        ({"person": "samira", "language": "zh"}, "line.voice-turn"),
    ],
)
def test_a_node_that_sends_a_voice_as_who_or_where_it_is_not_is_cut_and_named(
    origin: dict[str, str], code: str
) -> None:
    """In a call that goes on, and with the right to speak there as oneself."""

    async def told(call: InCall) -> None:
        await channels.propose_channel(call.north.node, call.north["edda"], channel="staff", title="Staff")
        await until(lambda: call.south.node.book.channel("staff"))
        await channels.agree_channel(call.south.node, call.south["samira"], channel="staff")
        await until(lambda: state(call.south, "staff") == "agreed")
        await call.samira.say("watch", channels=["leaders", "staff"])
        await call.samira.hear("watch")
        send(call.north, *voiced(**origin))  # type: ignore[arg-type]
        await call.not_heard(code)
        pictured(call.north, *range(limits.PICTURE_OVER_MAX), **{k: v for k, v in origin.items() if k != "language"})
        assert "samira" not in [word.get("person") for word in call.samira.words if word["told"] == "speaking"]

    play(told)


def test_a_page_speaks_as_the_person_of_its_session_and_as_nobody_else() -> None:
    """A stolen session is one person's: no field and no byte of a page says who speaks."""

    async def told(call: InCall) -> None:
        await call.edda.say("lift", channel="leaders", session=SESSION, precedence="FLASH", language="", person="tomas")
        assert "person" in await call.edda.closed()
        tomas = await call.here.on_watch("tomas", "leaders")
        await tomas.socket.send_bytes(spoken(0))  # Edda's call goes on, and he has not lifted
        await lift(tomas)
        await tomas.say("lift", channel="leaders", session=SESSION, precedence="IMMEDIATE", language="zh")
        assert (await tomas.hear("refused"))["code"] == "voice.stream"
        await tomas.socket.send_bytes(spoken(1))
        ((_, frame),) = [played(sound) for sound in await call.samira.hear_sound(1)]
        assert (frame.origin.person, frame.origin.language, frame.number) == ("tomas", "", 1)

    play(told)


# --- disabled in the middle of it ---------------------------------------------------------------------------------


def test_who_is_disabled_in_mid_call_is_cut_at_their_page_and_at_the_other_node() -> None:
    """The page is closed and what it sends with it; a node that goes on in their name is named for it."""

    async def told(call: InCall) -> None:
        camera = await test_picture.show(call.here, "edda")
        await call.edda.socket.send_bytes(spoken(1))
        await call.samira.hear_sound(1)
        desk = next(one for one in call.north.node.desks.everyone() if one.person == "edda")
        await people.disable(call.north.node, call.north["admin"], "edda")
        await call.edda.closed()
        await camera.closed()
        await until(lambda: "edda" not in [one.person for one in call.north.node.desks.everyone()])
        call.north.node.voice.speak(desk, spoken(2))  # what was read before the page was closed
        await people.withdraw_person(call.north.node, call.north["admin"], "edda")
        await until(lambda: not call.south.node.calling.may_speak("north", "leaders", SESSION, "edda"))
        send(call.north, *voiced())
        await call.not_heard("line.voice-turn", frames=1)
        pictured(call.north, *range(limits.PICTURE_OVER_MAX))
        await until(lambda: "line.picture-turn" in faults(call.south))

    play(told)


def test_who_is_taken_off_a_channel_hears_sees_and_reads_nothing_more_of_it() -> None:
    """Their page stayed on watch, and went on hearing every word until it was loaded anew."""

    async def told(call: InCall) -> None:
        tomas = await call.here.on_watch("tomas", "leaders")
        looks = await call.here.page("tomas", path=PATH)
        await tomas.say("follow", channel="leaders")
        await call.samira.socket.send_bytes(spoken(1))
        await tomas.hear_sound(1)
        await channels.set_members(call.north.node, call.north["edda"], channel="leaders", persons=("edda",))
        assert (await tomas.hear("watch"))["channels"] == []
        assert await looks.closed() == "the channel is not yours any more"
        await tomas.say("watch", channels=["leaders"])
        assert (await tomas.hear("refused"))["code"] == "people.member"
        words = len(tomas.words)
        for number in range(2, 8):
            await call.samira.socket.send_bytes(spoken(number))
        await call.samira.say("text", channel="leaders", session=SESSION, text="Secret.")
        await call.edda.hear_sound(2)
        await call.edda.hear("text")
        await tomas.say("beat", at=1)
        await tomas.hear("beat")
        assert len(tomas.sound) == 1
        assert [word["told"] for word in tomas.words[words:]] == ["beat"]

    play(told)


def test_a_session_that_ends_by_time_ends_every_connection_that_it_has_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that only looks says nothing, so nobody asked again who it was: it saw pictures for ever."""
    monkeypatch.setattr("parley.desk.pages.picture._ASKED_EVERY_S", 0.1)

    async def told(call: InCall) -> None:
        pages = [await call.here.page("tomas", path=path) for path in ("/direct", PATH, "/live")]
        later(call.north, 13 * 3_600_000)
        await pages[0].say("beat", at=1)
        assert [await page.closed() for page in pages] == ["the session ended"] * 3
        assert "tomas" not in [desk.person for desk in call.north.node.desks.everyone()]

    play(told)


# --- again, and too much ------------------------------------------------------------------------------------------


def test_a_frame_is_heard_once_also_when_it_comes_again_by_another_connection() -> None:
    """An old "stop" played anew: by the same link it closes the link; by a new one it is dropped."""

    async def told(call: InCall) -> None:
        send(call.north, *voiced(5))
        await call.samira.hear_sound(5)
        seen = [side.node.subscribe() for side in (call.north, call.south)]
        call.north.node._host.close_link("cable", "link.closed", "begun anew")
        for events in seen:
            async for event in events:
                if event.kind == "link" and event.fields["up"]:
                    break
        send(call.north, *voiced(5))
        await call.not_heard(frames=5)
        send(call.north, voiced(5)[4])
        await call.not_heard("line.voice-replay", frames=5)

    play(told)


def test_a_page_that_sends_a_frame_again_is_closed() -> None:
    """It counts upwards, or is not ours."""

    async def told(call: InCall) -> None:
        camera = await test_picture.show(call.here, "edda")
        for page, frame in ((call.edda, spoken(3)), (camera, shown(3))):
            await page.socket.send_bytes(frame)
            await page.socket.send_bytes(frame)
            assert "must rise" in await page.closed()

    play(told)


def test_a_picture_that_comes_a_second_time_closes_the_link_and_is_not_seen() -> None:
    """A picture goes by one link: what comes twice was kept and sent again."""

    async def told(call: InCall) -> None:
        looks = await call.there.page("samira", path=PATH)
        await until(lambda: call.south.node.pictures._looking)
        pictured(call.north, 0, 1, 3, 2)  # one that was overtaken is no fault
        await looks.hear_sound(3)
        assert faults(call.south) == []
        pictured(call.north, 1)
        await until(lambda: "line.picture-replay" in faults(call.south))
        assert len(looks.sound) == 3

    play(told)


def test_a_page_that_sends_more_than_it_has_or_larger_is_closed_and_nobody_else_notices() -> None:
    """Each frame costs the node a look at the session, also where the frame itself is dropped."""

    async def told(call: InCall) -> None:
        tomas = await call.here.on_watch("tomas", "leaders")  # has not lifted: all of it is dropped
        with pytest.raises((aiohttp.ClientError, ConnectionError, AssertionError)):
            for number in range(int(limits.DIRECT_SOUND_BURST) + 300):
                await tomas.socket.send_bytes(spoken(number))
            assert "frames of sound a second" not in await tomas.closed()
        camera = await call.here.page("tomas", path=PATH)
        with pytest.raises((aiohttp.ClientError, ConnectionError, AssertionError)):
            for number in range(int(limits.DIRECT_PICTURE_BURST) + 200):
                await camera.socket.send_bytes(shown(number))
            assert "frames of picture a second" not in await camera.closed()
        words = await call.here.page("tomas", path=PATH)
        for _ in range(int(limits.DIRECT_BURST) + 20):
            await words.say("hide")
        assert "messages a second" in await words.closed()
        large = await call.here.page("tomas")
        await large.socket.send_bytes(spoken(0, OPUS * 100))
        await large.closed()
        await call.edda.socket.send_bytes(spoken(1))
        await call.samira.hear_sound(1)
        assert faults(call.south) == []

    play(told)


def test_one_session_opens_a_few_connections_and_leaves_the_others_theirs() -> None:
    """Whoever has one stolen session must not be able to take every place that there is for a picture, or for hints."""

    async def told(call: InCall) -> None:
        secret = await call.here.session("tomas")
        looks = [
            await call.here.page("tomas", secret=secret, path=PATH) for _ in range(limits.PICTURE_PAGES_PERSON_MAX)
        ]
        assert await (await call.here.page("tomas", secret=secret, path=PATH)).closed() == "picture.full"
        await call.here.page("edda", path=PATH)
        for page in looks:
            await page.socket.close()
        hints = [
            await call.here.page("tomas", secret=secret, path="/live") for _ in range(2 * limits.DIRECT_SOCKETS_MAX)
        ]
        assert await (await call.here.page("tomas", secret=secret, path="/live")).closed() == "desks.full"
        assert len(hints) == 2 * limits.DIRECT_SOCKETS_MAX
        beat = await (await call.here.page("edda", path="/live")).socket.receive_json()
        assert beat["who"] == "edda"

    play(told)


def test_a_node_that_floods_by_many_streams_is_not_read_beyond_what_all_voices_have_and_named() -> None:
    """Each stream below its own rate, and more of them than people: only the sum gives it away."""

    async def told(call: InCall) -> None:
        link = call.south.node.links_now()[0].name
        for stream in range(150):  # as the link hands them up: through sockets a busy machine brings no flood about
            for frame in voiced(180, stream=stream):
                call.south.node._hearing.frame(link, Lane.URGENT, frame)
        await until(lambda: "line.voice-flood" in faults(call.south))
        await call.quiet()  # the desk goes on

    play(told)


def test_a_node_that_spreads_what_it_may_not_send_over_many_sessions_is_named() -> None:
    """Sixty-four sessions with one frame each filled the list, and nobody was named for anything from then on."""

    async def told(call: InCall) -> None:
        for _ in range(limits.VOICE_STRAYS_KEPT + 1):
            send(call.north, *voiced(1, session=secrets.token_hex(16)))
        send(call.north, *voiced(session="77" * 16))
        await call.not_heard("line.voice-turn")

    play(told)


def test_a_frame_that_is_too_large_closes_the_link_and_keeps_no_sound() -> None:
    """The longest voice has 805 bytes; what is longer was never one."""

    async def told(call: InCall) -> None:
        send(call.north, voiced(1)[0] + OPUS * 20)
        await call.not_heard("line.voice")
        assert OPUS[1:20] not in b"".join(value for _, value in call.south.node.store.values("fault", count=10))

    play(told)


def test_a_flood_of_signals_and_one_without_form_are_named() -> None:
    """Both were contained, and nobody was told; the words of a text are no evidence."""

    async def told(call: InCall) -> None:
        for number in range(100):  # until they are named: how fast a flood is depends on the machine
            for field in range(200):
                call.north.node.signal("of-another-program", 1_000, {"field": 200 * number + field})
            await asyncio.sleep(0.01)
            if "line.signal-flood" in faults(call.south):
                break
        await until(lambda: "line.signal-flood" in faults(call.south))

    play(told)

    async def malformed(call: InCall) -> None:
        test_texting.send(call.north, line=-1)
        await until(lambda: "codec.field" in faults(call.south))
        kept = b"".join(value for _, value in call.south.node.store.values("fault", count=10))
        assert test_texting.CANARY.encode() not in kept

    play(malformed)


# --- what nobody agreed to ----------------------------------------------------------------------------------------


def test_no_picture_passes_before_a_call_is_answered_at_either_hop() -> None:
    """Whoever rings is heard, that is what a call is for; nobody has to look at what they did not answer."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            looks = await there.page("samira", path=PATH)
            await calls.lift(north.node, north["edda"], "leaders", session=SESSION)
            await until(lambda: south.node.calling.is_open(SESSION))
            page = await here.page("edda", path=PATH)
            await page.say("show", session=SESSION)
            assert (await page.hear("refused"))["code"] == "voice.turn"
            pictured(north, *range(limits.PICTURE_OVER_MAX))
            await until(lambda: "line.picture-turn" in faults(south))
            assert looks.sound == []
            fields = {"channel": "leaders", "session": "6f" * 16, "person": "edda", "precedence": "FLASH"}
            north.node.signal("lift", 3_000, fields)
            await until(lambda: south.node.calling.may_speak("north", "leaders", "6f" * 16, "edda"))
            pictured(north, 1_000, session="6f" * 16)  # on a lift alone there is not even a call
            send(north, *voiced(1))
            await until(lambda: south.node.voice.report(SESSION))
            assert looks.sound == []

    asyncio.run(story())


def test_nobody_agrees_to_a_recording_for_the_other_side_or_from_outside_the_call() -> None:
    """At our own node by the rule; what the other side's node writes all the same is not valid here."""

    async def told(call: InCall) -> None:
        with pytest.raises(Refused, match=r"calls\.state"):
            await recordings.ask(call.north.node, call.north["tomas"], "leaders", call.subject)
        await recordings.ask(call.north.node, call.north["edda"], "leaders", call.subject)
        with pytest.raises(Refused, match=r"calls\.side"):
            await recordings.agree(call.north.node, call.north["edda"], "leaders", call.subject)
        await until(lambda: calls.calls(call.south.node, call.south["samira"], "leaders")[0].recordings)
        with pytest.raises(Refused, match=r"calls\.state"):
            await recordings.agree(call.south.node, call.south["rafael"], "leaders", call.subject)
        assert not any(side.node.recorder.runs(SESSION) for side in (call.north, call.south))

    play(told)
