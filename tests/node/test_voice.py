"""Voice through two real nodes: heard where it may be, by whichever link, and a peer that breaks the rules named."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import pytest
from tests.actions.pair import Side, state, talking, until
from tests.desk.sitting import Page, served

from parley import limits
from parley.actions import calls, channels, direct
from parley.line import voice
from parley.link import Lane
from parley.subjects.calls import CallView

SESSION = "5e" * 16
OPUS = bytes((9 << 3,)) + b"\x02" * 70


def spoken(number: int, payload: bytes = OPUS, codec: int = 1) -> bytes:
    """Give a frame as a page sends it."""
    return bytes((1, codec)) + number.to_bytes(4, "big") + (number * 20).to_bytes(4, "big") + payload


def played(sound: bytes) -> tuple[bool, voice.VoiceFrame]:
    """Give whose a frame on its way to a page is, and the frame."""
    assert sound[0] == 1
    return sound[1] == 0, voice.read_voice(b"\x1d" + sound[2:])


async def lift(page: Page, session: str = SESSION, precedence: str = "IMMEDIATE") -> dict[str, object]:
    await page.say("lift", channel="leaders", session=session, precedence=precedence, language="")
    return await page.hear("lifted")


class Kept:
    """A desk that keeps what it is told."""

    def __init__(self) -> None:
        self.words: list[Mapping[str, object]] = []

    def tell(self, told: Mapping[str, object]) -> None:
        self.words.append(told)

    def sound(self, frame: bytes) -> None:
        """Sound is not looked at."""

    def ask_again(self) -> None:
        """It may stay."""


def faults(side: Side) -> list[str]:
    return [each.code for each in side.node.faults(50)]


def test_who_lifts_is_heard_at_every_desk_on_watch_before_anybody_answers() -> None:
    """DESIGN 6: pick up the phone and be heard; the record follows, and at the end says how much was heard."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, tomas = await here.on_watch("edda", "leaders"), await here.on_watch("tomas", "leaders")
            samira = await there.on_watch("samira", "leaders")
            elsewhere = await there.page("rafael")
            await edda.say("lift", channel="leaders", session=SESSION, precedence="FLASH", language="")
            for number in range(40):  # fewer than wait for a page at once
                await edda.socket.send_bytes(spoken(number))
            for page, ours in ((samira, False), (tomas, True)):
                heard = [played(sound) for sound in await page.hear_sound(40)]
                assert [frame.number for _, frame in heard] == list(range(40))
                assert {(mine, frame.origin, frame.payload) for mine, frame in heard} == {
                    (ours, voice.Origin("leaders", SESSION, "edda", ""), OPUS)
                }
            speaking = next(word for word in samira.words if word["told"] == "speaking")
            assert (speaking["name"], speaking["ours"], speaking["channel"]) == ("Edda", False, "leaders")

            ringing = next(word for word in samira.words if word["told"] == "call")
            assert (ringing["state"], ringing["ours"], ringing["name"]) == ("ringing", False, "Edda")
            await samira.say("rings", channel="leaders", session=SESSION, subject="")
            assert (await edda.hear("ringing"))["session"] == SESSION
            stream = speaking["stream"]
            for page, heard in ((samira, (stream + 1) % 2**32), (tomas, stream)):  # no voice at all; a colleague's
                await page.say("heard", channel="leaders", session=SESSION, stream=heard)
                await page.say("beat", at=1)
                await page.hear("beat")
            assert not north.node.lifting.heard_at(SESSION) and not south.node.lifting.heard_at(SESSION)
            await samira.say("heard", channel="leaders", session=SESSION, stream=stream)
            assert (await edda.hear("heard"))["here"] is False

            await until(lambda: south.node.calling.is_open(SESSION))
            await lift(samira)  # answers
            await samira.socket.send_bytes(spoken(0))
            assert played((await edda.hear_sound(1))[0])[1].origin.person == "samira"
            await until(lambda: [one.state for one in calls.calls(north.node, north["edda"], "leaders")] == ["active"])
            (call,) = calls.calls(north.node, north["edda"], "leaders")
            await edda.say("hang-up", channel="leaders", subject=call.subject)

            def told() -> list[tuple[bool, int, int]]:
                (row,) = calls.calls(north.node, north["edda"], "leaders")
                return sorted((one.by_us, one.frames, one.missing) for one in row.heard)

            await until(lambda: told() == [(False, 40, 0), (True, 1, 0)])
            assert elsewhere.sound == [] and faults(north) == faults(south) == []

    asyncio.run(story())


def test_two_who_lift_at_once_both_stay_heard_when_their_calls_become_one() -> None:
    """Whose call was the second was cut off in the middle of a word, key still down."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira = await here.on_watch("edda", "leaders"), await there.on_watch("samira", "leaders")
            pages = {SESSION: edda, "6f" * 16: samira}
            for session, page in pages.items():
                await page.say("lift", channel="leaders", session=session, precedence="IMMEDIATE", language="")

            def one() -> bool:
                rows = [calls.calls(at.node, at[by], "leaders") for at, by in ((north, "edda"), (south, "samira"))]
                return all(sorted(row.state for row in each) == ["active", "ended"] for each in rows)

            await until(one)
            going = next(row for row in calls.calls(north.node, north["edda"], "leaders") if row.state == "active")
            second = next(page for session, page in pages.items() if session != going.session)
            assert (await second.hear("lifted"))["session"] != going.session
            assert (await second.hear("lifted"))["session"] == going.session  # told before it is told of the end
            for page, other in ((edda, samira), (samira, edda)):
                before = len(other.sound)
                await page.socket.send_bytes(spoken(7))
                heard = played((await other.hear_sound(before + 1))[-1])[1]
                assert (heard.number, heard.origin.session) == (7, going.session)
            assert len(going.there) == 2
            assert faults(north) == faults(south) == []

    asyncio.run(story())


def test_nobody_breaks_in_on_the_call_they_are_in_by_pressing_to_talk() -> None:
    """A handset stood at IMMEDIATE: at the second press a ROUTINE call ended as broken in on, and the far desk rang."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira = await here.on_watch("edda", "leaders"), await there.on_watch("samira", "leaders")
            await lift(edda, precedence="ROUTINE")
            await until(lambda: south.node.calling.is_open(SESSION))
            for page, session in ((samira, "6f" * 16), (samira, "70" * 16), (edda, "71" * 16)):
                assert (await lift(page, session))["session"] == SESSION  # the first of these answers
                await until(lambda: [one.state for one in calls.calls_now(north.node, north["edda"])] == ["active"])
            assert len(calls.calls(south.node, south["samira"], "leaders")) == 1
            await lift(edda, "72" * 16, "FLASH")  # on purpose
            for side, who in ((north, "edda"), (south, "samira")):
                await until(
                    lambda side=side, who=who: [
                        (one.state, one.end_reason) for one in calls.calls(side.node, side[who], "leaders")
                    ] == [("ringing", ""), ("ended", "pre-empted")]
                )  # fmt: skip
            assert faults(north) == faults(south) == []

    asyncio.run(story())


def test_a_lift_that_meets_their_call_speaks_in_it_and_leaves_nothing_ringing_there() -> None:
    """Their desk went on ringing for the lift that became no call, and heard nobody in the call that it was."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (_, there):
            samira = await there.on_watch("samira", "leaders")
            desk = north.node.desks.open("edda", sink := Kept())
            north.node.desks.watch(desk, ["leaders"])
            lifted = direct.lift(north.node, north["edda"], desk, "leaders", session=SESSION, precedence="IMMEDIATE")
            assert (await samira.hear("call"))["session"] == SESSION
            sent = await calls.lift(south.node, south["samira"], "leaders")
            await until(lambda: any(word.get("subject") == sent.subject for word in sink.words))
            await lifted.recorded  # it finds their call, and answers it

            theirs = south.node.book.view("leaders", sent.subject)
            assert isinstance(theirs, CallView)
            assert ("lifted", theirs.session) in [(word["told"], word.get("session")) for word in sink.words]
            direct.speak(north.node, desk, spoken(3))
            assert played((await samira.hear_sound(1))[0])[1].origin.session == theirs.session
            await until(lambda: not south.node.calling.knows("leaders", SESSION))
            while (word := await samira.hear("call"))["session"] != SESSION:
                pass
            assert word["state"] == "ended"
            assert faults(north) == faults(south) == []

    asyncio.run(story())


def test_a_desk_that_comes_on_watch_while_somebody_speaks_is_told_who() -> None:
    """A voice is told of as it begins; whoever comes in the middle of it, or comes back, must not hear a nobody."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira = await here.on_watch("edda", "leaders"), await there.on_watch("samira", "leaders")
            await lift(edda)
            await edda.socket.send_bytes(spoken(0))
            await samira.hear_sound(1)
            late = await there.on_watch("rafael", "leaders")
            assert [word["name"] for word in late.words if word["told"] == "speaking"] == ["Edda"]

    asyncio.run(story())


def test_nothing_is_heard_without_a_lift_nor_after_the_call() -> None:
    """The microphone is open all day; what it hears stays at its desk until somebody lifts, and from the end on."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira = await here.on_watch("edda", "leaders"), await there.on_watch("samira", "leaders")
            await edda.socket.send_bytes(spoken(0))
            await lift(edda)
            await edda.socket.send_bytes(spoken(1))
            assert played((await samira.hear_sound(1))[0])[1].number == 1
            call = await samira.hear("call")
            while not call["subject"]:
                call = await samira.hear("call")
            await edda.say("hang-up", channel="leaders", subject=call["subject"])
            while call["state"] == "ringing":
                call = await samira.hear("call")
            await edda.socket.send_bytes(spoken(2))
            await edda.say("beat", at=1)
            await edda.hear("beat")
            await samira.say("beat", at=1)
            await samira.hear("beat")
            assert len(samira.sound) == 1
            assert not north.node.calling.may_speak("north", "leaders", SESSION, "edda")
            assert not south.node.calling.may_speak("north", "leaders", SESSION, "edda")

    asyncio.run(story())


def test_the_session_of_a_call_that_goes_on_opens_nothing_in_another_channel() -> None:
    """A session is all that a frame names: taken twice, a call in one room could be recorded as another's."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            await channels.propose_channel(north.node, north["edda"], channel="staff", title="Staff")
            await until(lambda: south.node.book.channel("staff"))
            await channels.agree_channel(south.node, south["samira"], channel="staff")
            await until(lambda: state(north, "staff") == "agreed")
            edda, samira = await here.on_watch("edda", "leaders", "staff"), await there.on_watch("samira", "leaders")
            await lift(edda)
            await edda.socket.send_bytes(spoken(0))
            await samira.hear_sound(1)
            await until(lambda: south.node.calling.is_open(SESSION))

            # a page of ours lifts in another room with it, or says that it heard it there
            await edda.say("lift", channel="staff", session=SESSION, precedence="IMMEDIATE", language="")
            assert (await edda.hear("refused"))["code"] == "voice.turn"
            stream = next(word["stream"] for word in samira.words if word["told"] == "speaking")
            await samira.say("heard", channel="staff", session=SESSION, stream=stream)
            # their node places a second call with it, and ends that one
            second = await calls.lift(north.node, north["tomas"], "staff", session=SESSION)
            await until(lambda: south.node.book.view("staff", second.subject))
            for node in (north.node, south.node):
                assert node.calling.may_speak("north", "leaders", SESSION, "edda")
                assert not node.calling.may_speak("north", "staff", SESSION, "tomas")
            await calls.hang_up(north.node, north["tomas"], "staff", second.subject)
            await until(lambda: not south.node.book.view("staff", second.subject).open)
            assert south.node.calling.may_speak("north", "leaders", SESSION, "edda")
            await samira.say("heard", channel="leaders", session=SESSION, stream=stream)
            told = await edda.hear("heard")
            assert (told["channel"], told["here"]) == ("leaders", False)  # the first of them said nothing

    asyncio.run(story())


def test_who_may_not_speak_is_refused_and_not_heard() -> None:
    """A recorder may listen; somebody taken off the channel may not even that."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            await north.add("ruth", "Ruth", "recorder")
            ruth, edda = await here.on_watch("ruth", "leaders"), await here.on_watch("edda", "leaders")
            samira = await there.on_watch("samira", "leaders")
            await ruth.say("lift", channel="leaders", session=SESSION, precedence="FLASH", language="")
            assert (await ruth.hear("refused"))["code"] == "people.right"
            await lift(edda)
            await edda.socket.send_bytes(spoken(0))
            await samira.hear_sound(1)
            await channels.set_members(north.node, north["edda"], channel="leaders", persons=("tomas",))
            await edda.socket.send_bytes(spoken(1))
            await edda.say("beat", at=1)
            await edda.hear("beat")
            await samira.say("beat", at=1)
            await samira.hear("beat")
            assert len(samira.sound) == 1

    asyncio.run(story())


NOISE = {
    "nothing": b"", "another kind": b"\x02" + spoken(0)[1:], "no payload": spoken(0, b""),
    "no Opus": spoken(0, b"\xff" * 60), "short PCM": spoken(0, bytes(639), 2), "codec 9": spoken(0, OPUS, 9),
}  # fmt: skip


@pytest.mark.parametrize("data", NOISE.values(), ids=NOISE)
def test_a_page_that_sends_noise_is_closed_before_the_line_hears_it(data: bytes) -> None:
    """What our node passes on it answers for: their node would close the link for it."""

    async def story() -> None:
        async with talking() as (north, south), served(north) as (here,):
            edda = await here.on_watch("edda", "leaders")
            await lift(edda)
            await edda.socket.send_bytes(data)
            await edda.closed()
            assert faults(south) == []
            assert south.node.status().line_up

    asyncio.run(story())


# --- a hostile node -----------------------------------------------------------------------------------------------


def line_frame(number: int, session: str = SESSION, person: str = "edda", at_ms: int = -1) -> bytes:
    head = voice.write_origin(voice.Origin("leaders", session, person, ""))
    return voice.write_voice(7, number, number * 20 if at_ms < 0 else at_ms, 1, head, OPUS)


def send(north: Side, *frames: bytes) -> None:
    """Be a North that says what it likes."""
    for frame in frames:
        assert north.node._host.send("cable", Lane.URGENT, frame)


async def attacked(
    attack: Callable[[Side, Page], object], code: str, *, lifted: bool = True, heard: range = range(1)
) -> None:
    """Play a story against South: it names North for `code`, and its desk has heard as many frames as it may."""
    async with talking() as (north, south), served(north, south) as (here, there):
        samira = await there.on_watch("samira", "leaders")
        if lifted:
            edda = await here.on_watch("edda", "leaders")
            await lift(edda)
            await until(lambda: south.node.calling.is_open(SESSION))
        attack(north, samira)
        await until(lambda: code in faults(south))
        await samira.say("beat", at=1)
        await samira.hear("beat")
        assert len(samira.sound) in heard
        assert OPUS[1:20] not in b"".join(value for _, value in south.node.store.values("fault", count=10))


def test_a_peer_that_sends_what_is_no_voice_loses_the_link() -> None:
    """Wrong framing: nobody can say what else on that connection means what it seems to."""
    asyncio.run(attacked(lambda north, _: send(north, line_frame(0)[:-72]), "line.voice"))


def test_a_link_that_still_has_sound_to_send_gets_no_more_of_it() -> None:
    """What is urgent goes by the same lane: behind a second of old sound a FLASH would be a second late."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira = await here.on_watch("edda", "leaders"), await there.on_watch("samira", "leaders")
            await lift(edda)
            backlog, links = limits.VOICE_UNSENT_BYTES_MAX + 1, north.node.voice._links
            links.backlog = lambda link, lane: backlog  # type: ignore[method-assign]
            for number in range(5):
                await edda.socket.send_bytes(spoken(number))
            await until(lambda: north.node.voice.left_out == 5)
            backlog = limits.VOICE_UNSENT_BYTES_MAX
            await edda.socket.send_bytes(spoken(5))
            assert played((await samira.hear_sound(1))[0])[1].number == 5

    asyncio.run(story())


def test_a_peer_that_replays_a_voice_is_named() -> None:
    """An old "stop" must not be heard as a new one."""
    frames = [line_frame(0), line_frame(1), line_frame(0)]
    asyncio.run(attacked(lambda north, _: send(north, *frames), "line.voice-replay", heard=range(2, 3)))


def test_a_peer_that_floods_is_cut_and_named() -> None:
    """A thousand frames at once would be twenty seconds that nobody can speak into."""
    frames = [line_frame(number) for number in range(limits.VOICE_OVER_MAX + int(limits.VOICE_BURST) + 50)]
    heard = range(limits.DESK_SOUND_FRAMES_MAX, int(limits.VOICE_BURST) + 2)
    asyncio.run(attacked(lambda north, _: send(north, *frames), "line.voice-flood", heard=heard))


def test_a_peer_that_talks_out_of_turn_is_not_heard_and_named() -> None:
    """No call, somebody not on their roster, another channel's session: the gate says no unless the record says yes."""
    stray = [line_frame(number, person="nobody") for number in range(limits.VOICE_STRAY_MAX)]
    asyncio.run(attacked(lambda north, _: send(north, *stray), "line.voice-turn"))
    without = [line_frame(number) for number in range(limits.VOICE_STRAY_MAX)]
    asyncio.run(attacked(lambda north, _: send(north, *without), "line.voice-turn", lifted=False))


def test_a_lift_that_no_call_follows_opens_the_gate_once_and_not_again() -> None:
    """Sound goes before its entry; a node that never writes the entry could talk for ever beside the record."""

    async def story() -> None:
        async with talking() as (north, south):
            node = south.node
            now = node.now()
            node.now = lambda: now  # type: ignore[method-assign]
            node.desks.watch(node.desks.open("samira", rung := Kept()), ["leaders"])

            def lifts(session: str) -> None:
                fields = {"channel": "leaders", "session": session, "person": "edda", "precedence": "FLASH"}
                north.node.signal("lift", 3000, fields)

            lifts(SESSION)
            await until(lambda: node.calling.may_speak("north", "leaders", SESSION, "edda"))
            assert not node.calling.may_speak("north", "leaders", SESSION, "nobody")
            assert not node.calling.may_speak("north", "line", SESSION, "edda")
            now = type(now)(now + 3.1)
            assert not node.calling.may_speak("north", "leaders", SESSION, "edda")
            node.calling.look()  # as it does by itself every few seconds
            ended = [word for word in rung.words if word["told"] == "call" and word["state"] == "ended"]
            assert [word["session"] for word in ended] == [SESSION]  # it rang there for ever
            lifts("6f" * 16)
            await until(lambda: "line.voice-lift" in faults(south))
            assert not node.calling.may_speak("north", "leaders", "6f" * 16, "edda")

    asyncio.run(story())


def test_a_page_without_a_decoder_is_sent_sound_as_it_is() -> None:
    """Who cannot decode must not sit there hearing nothing; of a call that is not open nobody is told anything."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, tomas = await here.on_watch("edda", "leaders"), await here.on_watch("tomas", "leaders")
            samira = await there.on_watch("samira", "leaders")
            await samira.say("plain", channel="leaders", session="aa" * 16)  # no such call
            await lift(edda)
            await edda.socket.send_bytes(spoken(0))
            await samira.hear_sound(1)
            await samira.say("plain", channel="leaders", session=SESSION)
            for page in (edda, tomas):
                assert (await page.hear("plain"))["session"] == SESSION
            await edda.socket.send_bytes(spoken(1, bytes(640), 2))
            assert played((await samira.hear_sound(2))[1])[1].codec is voice.Codec.PCM
            assert not any(word["told"] == "plain" and word["session"] != SESSION for word in edda.words)
            assert faults(north) == faults(south) == []

    asyncio.run(story())
