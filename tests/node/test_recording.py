"""Recording through two real nodes: only with a yes of both, nothing after a stop, one root over what each keeps."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from pathlib import Path

import pytest
from tests.actions.pair import Side, talking, until
from tests.desk.sitting import Page, served
from tests.node.test_voice import OPUS, SESSION, lift, spoken

from parley.actions import calls, recordings
from parley.actions.call_rows import CallRow
from parley.actions.recording_rows import RecordingRow
from parley.errors import Refused
from parley.line import voice
from parley.link import Lane
from parley.node.recording import HELD_S
from parley.record import ogg
from parley.record.names import LogId
from parley.record.recorded import root_of
from parley.storage.recordings import read_tracks
from parley.subjects.calls import recording_facts as said
from parley.times import moment_text

LOUD = OPUS[:1] + b"\x55" * 60


def now(side: Side, who: str) -> CallRow:
    (row,) = calls.calls(side.node, side[who], "leaders")
    return row


def only(side: Side, who: str) -> RecordingRow:
    (row,) = now(side, who).recordings
    return row


async def in_call(here: object, there: object, north: Side) -> tuple[Page, Page, str]:
    """Edda has called, Samira has answered; gives both pages and the call."""
    edda = await here.on_watch("edda", "leaders")  # type: ignore[attr-defined]
    samira = await there.on_watch("samira", "leaders")  # type: ignore[attr-defined]
    await lift(edda)
    while not (await samira.hear("call"))["subject"]:
        pass  # so far only the signal
    await lift(samira)
    await until(lambda: [one.state for one in calls.calls(north.node, north["edda"], "leaders")] == ["active"])
    return edda, samira, now(north, "edda").subject


async def agreed(north: Side, south: Side, subject: str) -> None:
    """Edda asks, Samira agrees, both nodes record."""
    await recordings.ask(north.node, north["edda"], "leaders", subject)
    await until(lambda: now(south, "samira").recordings)
    await recordings.agree(south.node, south["samira"], "leaders", subject)
    await until(lambda: all(side.node.recorder.runs(SESSION) for side in (north, south)))


async def say(side: Side, page: Page, heard: Page, first: int, count: int, payload: bytes = LOUD) -> None:
    """Send frames of sound and wait until they came to the other desk, and a moment passed: a stop is said later.

    The moment is longer than the clocks' distance is uncertain, which on a busy machine is many milliseconds.
    """
    before = len(heard.sound)
    for number in range(first, first + count):
        await page.socket.send_bytes(spoken(number, payload))
    await heard.hear_sound(before + count)
    then = side.node.moment()
    await until(lambda: side.node.moment() > then + 20 + 2 * side.node.offset_error_ms())


def folder(side: Side) -> Path:
    (found,) = (side.node.recordings._folder).iterdir()  # type: ignore[union-attr]
    return found


def sound_of(side: Side, speaker: str) -> list[bytes]:
    """Give the packets that a node keeps of one side's voice, without what fills pauses."""
    (file,) = folder(side).glob(f"{speaker}-*.opus")
    pages = ogg.read_pages(io.BytesIO(file.read_bytes()).read, int(file.stem.split("-")[1], 16))
    every = [packet for page in pages if page.sequence > 1 for packet in page.packets]
    return [packet for packet in every if len(packet) > 8]


def test_both_nodes_keep_the_same_frames_and_state_one_root() -> None:
    """The same sound at both sides leads to the same root; what each missed is in its own statement."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira, subject = await in_call(here, there, north)
            await say(north, edda, samira, 0, 10, OPUS)  # before anybody agreed
            await agreed(north, south, subject)
            await say(north, edda, samira, 10, 30)
            await say(south, samira, edda, 0, 20)
            with pytest.raises(Refused, match="no such"):
                recordings.files(south.node, south["samira"], "leaders", subject, 1)
            await recordings.stop(south.node, south["rafael"], "leaders", subject)  # somebody who is not in the call
            await until(lambda: len(only(north, "edda").kept) == len(only(south, "samira").kept) == 2)
            row = only(north, "edda")
            assert (row.state, row.stopped_by, row.stopped_ours) == ("stopped", "Rafael", False)
            assert {(one.frames, one.voices, one.missed) for one in row.kept} == {(50, 2, 0)}
            assert len({one.root for one in row.kept}) == 1
            for side, who in ((north, "edda"), (south, "samira")):
                assert sound_of(side, "north") == [LOUD] * 30 and sound_of(side, "south") == [LOUD] * 20
                kept = await recordings.voices(side.node, side[who], "leaders", subject, 1)
                assert sorted((one.name, one.frames, one.ours) for one in kept) == [
                    ("Edda", 30, side is north),
                    ("Samira", 20, side is south),
                ]
                tracks = side.node.recordings.tracks(folder(side).name)  # type: ignore[union-attr]
                assert root_of(tracks).hex() == row.kept[0].root
            await say(north, edda, samira, 40, 5)  # the call goes on; the recording does not
            assert not any(side.node.recorder.runs(SESSION) for side in (north, south))
            assert sound_of(south, "north") == sound_of(north, "north") == [LOUD] * 30

    asyncio.run(story())


def test_what_never_ran_for_both_is_deleted_and_nothing_is_kept_while_the_line_is_down() -> None:
    """The other side must always be able to say stop, and whoever said it unknowing of our yes is not kept."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira, subject = await in_call(here, there, north)
            await agreed(north, south, subject)
            await say(north, edda, samira, 0, 5)
            up = south.node.links_up
            south.node.links_up = lambda: ()  # type: ignore[method-assign]
            await say(north, edda, samira, 5, 5)
            south.node.links_up = up  # type: ignore[method-assign]
            tape = south.node.recorder._tapes[SESSION]
            assert [len(one.held) for one in tape._voices.values()] == [5]
            assert folder(south).exists()
            view = tape.call
            crossed = replace(view, recordings=(replace(view.recordings[-1], state="withdrawn"),))
            assert view.recordings[-1].state == "running"
            south.node.recorder.call_now(crossed)
            assert list(south.node.recordings._folder.iterdir()) == []  # type: ignore[union-attr]
            assert not south.node.recorder.runs(SESSION)

    asyncio.run(story())


def test_what_came_after_their_stop_was_said_is_dropped() -> None:
    """Sound is faster than an entry: words spoken after a stop must not be kept because the stop was on its way."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira, subject = await in_call(here, there, north)
            await agreed(north, south, subject)
            await say(south, samira, edda, 0, 5)
            said_at = moment_text(north.node.moment())
            await say(south, samira, edda, 5, 5)
            tape = north.node.recorder._tapes[SESSION]
            assert [sorted(one.held) for one in tape._voices.values()] == [list(range(10))]
            stop = replace(tape.call.recordings[-1], state="stopped", stopped_side="south", stopped_at=said_at)
            north.node.recorder._write(tape, float("inf"), north.node.recorder._stopped_at(stop))
            tape.files.close()
            (track,) = read_tracks(folder(north))
            assert [number for number, _, _ in track.each()] == list(range(5))
            del north.node.recorder._tapes[SESSION]

    asyncio.run(story())


def test_what_the_clocks_leave_open_goes_to_whoever_said_stop() -> None:
    """How far apart the clocks are is known to half a round trip: a word that may have come after it is not kept."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira, subject = await in_call(here, there, north)
            await agreed(north, south, subject)
            await say(south, samira, edda, 0, 5)
            tape, said_at = north.node.recorder._tapes[SESSION], moment_text(north.node.moment())
            stop = replace(tape.call.recordings[-1], state="stopped", stopped_side="south", stopped_at=said_at)
            for error_ms, before in ((0.0, True), (HELD_S * 1000, False)):
                north.node.offset_error_ms = lambda known=error_ms: known  # type: ignore[method-assign,misc]
                stopped = north.node.recorder._stopped_at(stop)
                held = [frame.arrived for voice in tape._voices.values() for frame in voice.held.values()]
                assert [arrived < stopped for arrived in held] == [before] * 5

    asyncio.run(story())


def test_nothing_is_kept_without_a_yes_of_both() -> None:
    """Asked, declined, asked again and taken back: not one frame reaches a disk."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira, subject = await in_call(here, there, north)
            await recordings.ask(north.node, north["edda"], "leaders", subject)
            await until(lambda: now(south, "samira").recordings)
            assert now(south, "samira").may >= {"recording-agree", "recording-decline"}
            assert "recording-stop" in now(north, "edda").may
            await say(north, edda, samira, 0, 5)
            await recordings.decline(south.node, south["samira"], "leaders", subject, reason="Not now.")
            await until(lambda: only(north, "edda").state == "declined")
            await recordings.ask(south.node, south["samira"], "leaders", subject)
            await until(lambda: len(now(north, "edda").recordings) == 2)
            await recordings.stop(south.node, south["samira"], "leaders", subject)
            await say(north, edda, samira, 5, 5)
            await calls.hang_up(north.node, north["edda"], "leaders", subject)
            await until(lambda: now(south, "samira").state == "ended")
            for side in (north, south):
                assert list(side.node.recordings._folder.iterdir()) == []  # type: ignore[union-attr]

    asyncio.run(story())


def test_a_peer_that_goes_on_after_the_stop_or_agrees_for_us_is_not_recorded() -> None:
    """Their node may run another program: its yes to itself is not valid, what it sends after a stop not kept."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira, subject = await in_call(here, there, north)
            south.node.book.judge = lambda entry: None  # type: ignore[method-assign]  # a node that asks no rule
            await recordings.ask(south.node, south["samira"], "leaders", subject)
            ref = south.node.book.view("leaders", subject).recordings[0].ref  # type: ignore[union-attr, attr-defined]
            await south.node.state(said.agree("leaders", subject, ref), "samira")  # to its own asking
            await until(lambda: only(north, "edda").state == "asked")
            await say(south, samira, edda, 0, 5)
            assert not north.node.recorder.runs(SESSION)
            await recordings.agree(north.node, north["edda"], "leaders", subject)
            await until(lambda: all(side.node.recorder.runs(SESSION) for side in (north, south)))
            await say(south, samira, edda, 5, 10)
            await recordings.stop(north.node, north["edda"], "leaders", subject)
            stream = next(iter(south.node.voice._speaking.values()))
            origin = voice.write_origin(stream.origin)
            for number in range(100, 140):  # by its node alone, past its own desks
                frame = voice.write_voice(stream.stream, number, number * 20, 1, origin, LOUD)
                for link in south.node.links_up():
                    south.node._host.send(link, Lane.URGENT, frame)
            await edda.hear_sound(15 + 40)  # it is heard, for the call goes on
            await until(lambda: len(only(north, "edda").kept) == 2)
            assert sound_of(north, "south") == [LOUD] * 10
            (track,) = (one for one in read_tracks(folder(north)) if one.side == "south")
            assert [number for number, _, _ in track.each()] == list(range(5, 15))

    asyncio.run(story())


def test_a_node_killed_in_the_call_keeps_what_it_had_and_states_it() -> None:
    """The recorder's own restart: the files are found, the call is over meanwhile, root and frames are stated."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            edda, samira, subject = await in_call(here, there, north)
            await agreed(north, south, subject)
            await say(north, edda, samira, 0, 40)
            recorder = south.node.recorder
            await until(lambda: recorder._tapes[SESSION].files._tracks and _written(recorder) >= 25)
            tape = recorder._tapes.pop(SESSION)  # as a killed node: nothing is closed, what was held back is gone
            tape.files._tracks.clear()
            await calls.hang_up(north.node, north["edda"], "leaders", subject)
            await until(lambda: only(south, "samira").state == "over")
            await until(lambda: len(only(north, "edda").kept) == 2)
            row = only(north, "edda")
            mine, theirs = (next(one for one in row.kept if one.ours is ours) for ours in (True, False))
            assert mine.frames == 40 and 25 <= theirs.frames <= 40
            assert len(sound_of(south, "north")) == theirs.frames

    asyncio.run(story())


def _written(recorder: object) -> int:
    files = recorder._tapes[SESSION].files._tracks.values()  # type: ignore[attr-defined]
    return min(one.last + 1 for one in files)


def test_our_copy_is_deleted_by_somebody_who_may_and_its_root_stays_at_both_sides() -> None:
    """What was said in a call may have to go, while both sides go on holding that it was recorded."""

    async def story() -> None:
        async with talking() as (north, south), served(north, south) as (here, there):
            await north.add("aldo", "Aldo", "auditor")
            edda, samira, subject = await in_call(here, there, north)
            await agreed(north, south, subject)
            await say(north, edda, samira, 0, 10)
            wish = ("leaders", subject, 1)
            with pytest.raises(Refused, match=r"recording\.unknown"):
                await recordings.delete(north.node, north["edda"], *wish)  # it runs
            await recordings.stop(north.node, north["edda"], "leaders", subject)
            await until(lambda: len(only(north, "edda").kept) == len(only(south, "samira").kept) == 2)
            root, used = only(north, "edda").kept[0].root, north.node.recordings.used  # type: ignore[union-attr]
            with pytest.raises(Refused, match=r"people\.right"):
                await recordings.delete(north.node, north["aldo"], *wish)
            entries = north.node.store.size(LogId("leaders", "north", 0))
            done = await recordings.delete(north.node, north["edda"], *wish)
            row = only(north, "edda")
            assert (done.root, row.deleted_by, row.deleted_at) == (root, "Edda", done.at)
            assert {one.root for one in row.kept} == {root}
            assert await recordings.voices(north.node, north["edda"], *wish) == []
            assert north.node.recordings.used < used and list(north.node.recordings._folder.iterdir()) == []  # type: ignore[union-attr]
            with pytest.raises(Refused, match=r"recording\.unknown"):
                await recordings.delete(north.node, north["edda"], *wish)
            assert len(await recordings.voices(south.node, south["samira"], *wish)) == 1  # theirs is theirs
            assert only(south, "samira").deleted_at is None
            assert north.node.store.size(LogId("leaders", "north", 0)) == entries  # nothing of it crosses

    asyncio.run(story())
