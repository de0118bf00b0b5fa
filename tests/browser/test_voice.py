"""A call in two real browsers: real sound in and out, and what a desk says when there is none."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median

import pytest
from tests.actions.pair import Side, talking
from tests.browser.desks import Desk, play

from parley.cli import sounding
from parley.cli.chromium import Chromium, Page
from parley.people import accounts, keys

pytestmark = pytest.mark.browser
NO_ENCODER = "delete globalThis.AudioEncoder"
NO_WEBCODECS = "delete globalThis.AudioEncoder; delete globalThis.AudioDecoder"
PLAIN = "localStorage.setItem('parley-sound', JSON.stringify({echo: false, quiet: false}))"
STATE = "document.getElementById('handset').dataset.state"
NOW = "performance.timeOrigin + performance.now()"
# What these tests wait for is sound, which has no other sign that it is over than the time that it takes.
TAPS_S = 0.6  # taps hand over twice a second
SILENCE_S = 0.5  # before the lift, and nothing of it may cross
NEXT_PRESS_S = 0.35  # two presses of a headset within 0.3 s are one (headset.js)


@asynccontextmanager
async def at_desk(
    side: Side, person: str, microphone: Path, *, ready: str = "ready", allowed: str = "granted", before: str = ""
) -> AsyncIterator[Page]:
    """Give a desk on watch in a browser of its own, once its voice is `ready`, or says why not."""
    desk = Desk(side.node.us, side_at=side)
    await desk.open()
    try:
        made = keys.open_session(accounts.get(side.node.store, person), os.urandom(64), side.node.moment(), desk="desk")
        await side.node.keep(made.rows)
        async with Chromium(microphone) as browser:
            cookies = {"parley": made.secret, "parley-view": "watch=on&language=en&sound=off"}
            page = await browser.page(desk.origin, cookies, microphone=allowed)
            await page.do("Page.addScriptToEvaluateOnNewDocument", source=f"{PLAIN};{before}")
            await page.go("/channels/leaders")
            await page.until(f"{STATE} === '{ready}'")
            yield page
    finally:
        await desk.close()


async def lift(page: Page, for_s: float) -> tuple[float, float]:
    """Hold the handset's key for so long; gives when it went down and up."""
    down = {"type": "rawKeyDown", "key": "F8", "code": "F8", "windowsVirtualKeyCode": 119}
    began = await page.run(NOW)
    await page.do("Input.dispatchKeyEvent", **down)
    await page.until(f"{STATE} === 'open'")
    await asyncio.sleep(for_s)
    await page.do("Input.dispatchKeyEvent", **(down | {"type": "keyUp"}))
    await page.until(f"{STATE} === 'ready'")
    return began, await page.run(NOW)


class Hearing:
    """A desk that keeps what it is given."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []

    def tell(self, told: Mapping[str, object]) -> None:
        """Words are not looked at."""

    def sound(self, frame: bytes) -> None:
        self.frames.append(frame)

    def ask_again(self) -> None:
        """It may stay."""


async def followed(said: Page, heard: Page, times: tuple[float, float]) -> list[sounding.Found]:
    microphone, loudspeaker = (await sounding.take(said))["microphone"], (await sounding.take(heard))["loudspeaker"]
    return sounding.follow(microphone, loudspeaker, times[0] + 500, times[1] - 200, most_ms=600)


def test_two_desks_hear_each_other_in_real_browsers(tmp_path: Path) -> None:
    """DESIGN 6, whole: microphone, encoder, both nodes, decoder, loudspeaker; nothing before the lift or after it."""

    async def story() -> None:
        async with talking() as (north, south), AsyncExitStack() as stack:
            desks = []
            for side, person in ((north, "edda"), (south, "samira")):
                file = tmp_path / f"{person}.wav"
                sounding.write_microphone(file, len(person))
                page = await stack.enter_async_context(at_desk(side, person, file))
                await sounding.install(page)
                desks.append(page)
            edda, samira = desks
            before = await edda.run(NOW)
            await asyncio.sleep(SILENCE_S)
            out = await lift(edda, 1.5)
            await samira.until("document.getElementById('handset-call').textContent.includes('Edda')")
            await edda.until("document.getElementById('handset-call').textContent.includes('they hear us')")
            back = await lift(samira, 1.5)
            await asyncio.sleep(TAPS_S)
            for said, heard, times in ((edda, samira, out), (samira, edda, back)):
                found = await followed(said, heard, times)
                delays = [one.later_ms for one in found if one.later_ms is not None]
                assert len(delays) >= 0.5 * len(found) >= 20  # of what was not said hardly any would be found
                assert median(delays) < 300  # the figures are the benchmark's; here the machine may be shared
            silent = (await sounding.take(samira))["loudspeaker"]
            assert not any(silent.sounds(at) for at in range(silent.at(before), silent.at(out[0] - 40), sounding.BLOCK))

    play(story())


# Tells the page of other calls in the very turn in which the key goes down, before it knows the call it lifts for.
OTHERS = """
(async () => {
  const base = document.querySelector('script[type=module]').src.replace(/[^/]*$/, '');
  const {direct} = await import(base + 'direct.js');
  const over = {session: 'cd'.repeat(16), subject: 'call/south/0/9', ours: false, name: 'X', state: 'ended'};
  const tell = (told, more) => direct().dispatchEvent(new CustomEvent(told, {detail: {channel: 'leaders', ...more}}));
  addEventListener('keydown', () => {
    tell('ringing', {session: 'ab'.repeat(16)});
    tell('call', over);
  });
})()
"""


def test_the_first_words_go_on_whatever_is_told_before_the_page_knows_their_call(tmp_path: Path) -> None:
    """A far desk often rings before the record has the call; that once closed the gate after 60 ms, key still down."""

    async def story() -> None:
        async with talking() as (north, south), AsyncExitStack() as stack:
            file = tmp_path / "edda.wav"
            sounding.write_microphone(file, 4)
            page = await stack.enter_async_context(at_desk(north, "edda", file))
            desk = south.node.desks.open("samira", sink := Hearing())
            south.node.desks.watch(desk, ["leaders"])
            await page.run(OTHERS)
            await lift(page, 0.6)
            assert len(sink.frames) >= 25  # of some 32; it was 3

    play(story())


# A spurt as a lift sends it: two frames of before at once, the others as captured; each sample says which it is.
SPURT = """
(async () => {
  const base = document.querySelector('script[type=module]').src.replace(/[^/]*$/, '');
  const {VoiceBuffer} = await import(base + 'voice-buffer.js');
  const gaps = [];
  for (let after = 0; after < 960; after += 96) {
    const buffer = new VoiceBuffer(), heard = [], frames = [];
    const say = (first, count, sent) => {
      for (let number = first; number < first + count; number++) {
        const samples = Float32Array.from({length: 960}, (_, at) => ((number - first) * 960 + at) / 65536);
        frames.push([Math.max(sent, (number + 1) * 960) + 240, number, samples]);
      }
    };
    say(0, 600, 0); // 12 s of a calm line: the wait becomes its shortest
    const lift = 652 * 960 + after;
    say(650, 40, lift);
    for (let clock = 0; clock < 690 * 960; clock += 128) {
      for (; frames.length && frames[0][0] <= clock; frames.shift())
        buffer.take(frames[0][1] * 20, frames[0][2], clock);
      const out = new Float32Array(128);
      buffer.mix(out, clock);
      if (clock > lift) heard.push(...out);
    }
    const from = 1920 + after, at = heard.findIndex((one) => Math.abs(one - from / 65536) < 0.5 / 65536);
    let whole = 0;
    while (at >= 0 && whole < 4800 && Math.abs(heard[at + whole] - (from + whole) / 65536) < 2 / 65536) whole++;
    gaps.push(whole);
  }
  return gaps;
})()
"""

# The first spurt on a line, of which all that is under way at some moment comes late at once; gives, for each of the
# first five frames from the lift on and each such case, how many of its samples were played in one piece.
HELD_UP = """
(async () => {
  const base = document.querySelector('script[type=module]').src.replace(/[^/]*$/, '');
  const {VoiceBuffer} = await import(base + 'voice-buffer.js');
  const longest = (heard, frame) => {
    let most = 0;
    for (let at = 0, run = 0; at < heard.length; at++) {
      const sample = Math.round(heard[at] * 65536);
      const here = sample >= frame * 960 && sample < (frame + 1) * 960;
      run = here && (run === 0 || Math.round(heard[at - 1] * 65536) === sample - 1) ? run + 1 : here ? 1 : 0;
      most = Math.max(most, run);
    }
    return most;
  };
  const cases = [];
  for (let late = 0; late <= 80; late += 20) {
    for (let held = 2; held < 7; held++) {
      const buffer = new VoiceBuffer(), heard = [], lift = 2 * 960 + 300;
      const frames = Array.from({length: 40}, (_, number) => {
        const samples = Float32Array.from({length: 960}, (_, at) => (number * 960 + at) / 65536);
        const sent = Math.max(lift, (number + 1) * 960) + 240 + (number % 3) * 60;
        return [number < held ? sent : Math.max(sent, (held + 1) * 960 + late * 48), number, samples];
      });
      for (let clock = 0; clock < 46 * 960; clock += 128) {
        for (; frames.length && frames[0][0] <= clock; frames.shift())
          buffer.take(frames[0][1] * 20, frames[0][2], clock);
        const out = new Float32Array(128);
        buffer.mix(out, clock);
        heard.push(...out);
      }
      for (let frame = 2; frame < 7; frame++) cases.push([late, held, frame, longest(heard, frame)]);
    }
  }
  return cases;
})()
"""


LEVELS = """
(async () => {
  const base = document.querySelector('script[type=module]').src.replace(/[^/]*$/, '');
  const {FLOOR, gainOf} = await import(base + 'listening-levels.js');
  const listens = {wanted: 'zh', under: 0.2, inTurns: ['c'], interpreted: [{session: 'a', to: 'zh'}]};
  const asked = [['a', 'zh'], ['a', ''], ['a', 'ar'], ['b', '']];
  return [...asked.map(([session, language]) => gainOf(listens, session, language)), gainOf(FLOOR, 'a', '')];
})()
"""


# How long a voice waits, in ms: on a calm line, after a burst held up for 260 ms, 10 s later, on a way 100 ms longer.
WAITS = """
(async () => {
  const base = document.querySelector('script[type=module]').src.replace(/[^/]*$/, '');
  const {VoiceBuffer} = await import(base + 'voice-buffer.js');
  const waits = [], buffer = new VoiceBuffer();
  let number = 0;
  const say = (count, arrives) => {
    for (; count > 0; count--, number++) {
      const clock = arrives((number + 1) * 960);
      buffer.take(number * 20, new Float32Array(960), clock);
    }
    waits.push(Math.round(buffer.waitMs));
  };
  say(700, (captured) => captured);
  const end = (number + 13) * 960;
  say(13, () => end);
  say(500, (captured) => captured);
  say(20, (captured) => captured + 4800);
  return waits;
})()
"""


@pytest.mark.long
def test_a_burst_after_a_lost_packet_does_not_make_the_whole_talk_late_and_a_longer_way_does(tmp_path: Path) -> None:
    """On two links that lose one packet in a hundred, mouth to ear once grew by 120 ms for a minute."""

    async def story() -> None:
        async with talking() as (north, _), AsyncExitStack() as stack:
            file = tmp_path / "edda.wav"
            sounding.write_microphone(file, 4)
            page = await stack.enter_async_context(at_desk(north, "edda", file))
            calm, burst, after, longer = await page.run(WAITS)
            assert calm == 24
            assert burst <= 80  # it was 264
            assert after <= 36
            assert 100 <= longer <= 110

    play(story())


def test_the_first_syllable_is_whole_though_frames_come_late_together(tmp_path: Path) -> None:
    """What came late was filled, left out or bent: the first 20 ms of five lifts in forty were not found again."""

    async def story() -> None:
        async with talking() as (north, _), AsyncExitStack() as stack:
            file = tmp_path / "edda.wav"
            sounding.write_microphone(file, 4)
            page = await stack.enter_async_context(at_desk(north, "edda", file))
            torn = [case for case in await page.run(HELD_UP) if case[3] < 960 - 240]  # it fades in after a pause, 5 ms
            assert torn == []

    play(story())


def test_from_the_lift_on_every_sample_is_played_once_and_in_order(tmp_path: Path) -> None:
    """Catching up with what comes late by design took up to 20 ms out of the first syllable."""

    async def story() -> None:
        async with talking() as (north, _), AsyncExitStack() as stack:
            file = tmp_path / "edda.wav"
            sounding.write_microphone(file, 4)
            page = await stack.enter_async_context(at_desk(north, "edda", file))
            assert await page.run(SPURT) == [4800] * 10
            # Chinese wanted: its interpreter in full, the floor low under them, another language not at all.
            assert await page.run(LEVELS) == [1, 0.2, 0, 1, 1]

    play(story())


# What a page asks its browser's media session for, kept where the test can press it as the browser would.
SESSION = """window.pressed = {}; const set = MediaSession.prototype.setActionHandler;
MediaSession.prototype.setActionHandler = function (name, run) { set.call(this, name, run); pressed[name] = run; };
window.played = []; const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () { played.push(this); return play.call(this); };"""


def test_a_headset_button_opens_the_microphone_and_the_next_press_closes_it(tmp_path: Path) -> None:
    """Whoever wears one has it at the ear; it cannot be held, and one press that comes in twice is one press."""

    async def story() -> None:
        file = tmp_path / "edda.wav"
        sounding.write_microphone(file, 4)
        async with talking() as (north, _south), at_desk(north, "edda", file, before=SESSION) as page:
            await page.run("document.querySelector('#c-text').focus()")  # while somebody writes, too
            key = {
                "type": "rawKeyDown",
                "key": "MediaPlayPause",
                "code": "MediaPlayPause",
                "windowsVirtualKeyCode": 179,
            }
            for press, state in (
                (lambda: page.do("Input.dispatchKeyEvent", **key), "open"),
                (lambda: page.run("pressed.play()"), "ready"),  # what a browser that keeps the keys calls
                (lambda: page.run("pressed.pause()"), "open"),
                (lambda: page.do("Input.dispatchKeyEvent", **(key | {"key": "HeadsetHook"})), "ready"),
            ):
                await press()
                await page.until(f"{STATE} === '{state}'")
                assert await page.run("navigator.mediaSession.playbackState") == (
                    "playing" if state == "open" else "paused"
                )
                await page.run("pressed.togglemicrophone()")  # the same press, by another way
                assert await page.run(STATE) == state
                await asyncio.sleep(NEXT_PRESS_S)
            # The browser gives its keys to a page that plays something of more than five seconds, and to no other.
            assert await page.run("played.some((one) => !one.paused && one.loop && one.duration > 5)")

    play(story())


# The way to our own node takes long; what the handset claims is looked at all the while.
SLOW_WAY = """(() => {
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (said, ...more) {
    setTimeout(() => post.call(this, said, ...more), said && said.connect ? 1500 : 0);
  };
  window.claimed = [];
  setInterval(() => {
    const [state, talk] = ["handset-state", "handset-talk"].map((id) => document.getElementById(id));
    const words = state?.textContent;
    if (state && window.claimed.at(-1)?.[0] !== words) window.claimed.push([words, talk.disabled]);
  }, 5);
})()"""


def test_a_desk_whose_way_to_its_node_is_not_open_yet_does_not_say_that_it_is_ready(tmp_path: Path) -> None:
    """Its "ready: press and speak" stood over a control that could not be pressed."""

    async def story() -> None:
        async with talking() as (north, _):
            file = tmp_path / "edda.wav"
            sounding.write_microphone(file, 4)
            async with at_desk(north, "edda", file, before=SLOW_WAY) as page:
                await page.until("!document.getElementById('handset-talk').disabled")
                await page.until("claimed.at(-1)[0].startsWith('Ready')")
                claimed = await page.run("claimed")
                assert [words for words, disabled in claimed if words.startswith("Ready") and disabled] == []
                assert any(words.startswith("Connecting to our own node") for words, _ in claimed)

    play(story())


@pytest.mark.long
def test_a_browser_without_an_encoder_is_heard_and_one_without_a_microphone_says_so_and_hears(tmp_path: Path) -> None:
    """Nobody may believe that they are heard when they are not; and what others say is heard all the same."""

    async def story() -> None:
        async with talking() as (north, south), AsyncExitStack() as stack:
            file = tmp_path / "edda.wav"
            sounding.write_microphone(file, 4)
            edda = await stack.enter_async_context(at_desk(north, "edda", file, before=NO_ENCODER))
            denied = at_desk(south, "samira", file, ready="forbidden", allowed="denied")
            samira = await stack.enter_async_context(denied)
            assert "no encoder" in await edda.run("document.getElementById('handset-state').textContent")
            assert "forbids the microphone" in await samira.run("document.getElementById('handset-state').textContent")
            assert await samira.run("document.getElementById('handset-talk').disabled")
            assert await samira.run("document.getElementById('handset-help').checkVisibility()")
            assert await edda.run("document.getElementById('handset-help').hidden")
            for page in (edda, samira):
                await sounding.install(page)
            times = await lift(edda, 1.5)
            await asyncio.sleep(TAPS_S)
            found = await followed(edda, samira, times)
            assert sum(one.later_ms is not None for one in found) >= 0.5 * len(found) >= 20

    play(story())


@pytest.mark.long
def test_a_browser_without_webcodecs_speaks_and_hears(tmp_path: Path) -> None:
    """It asks for sound as it is; the first words before that are lost, and it must take no more than a moment."""

    async def story() -> None:
        async with talking() as (north, south), AsyncExitStack() as stack:
            desks = []
            for side, person, before in ((north, "edda", ""), (south, "samira", NO_WEBCODECS)):
                file = tmp_path / f"{person}.wav"
                sounding.write_microphone(file, len(person))
                page = await stack.enter_async_context(at_desk(side, person, file, before=before))
                await sounding.install(page)
                desks.append(page)
            edda, samira = desks
            await lift(edda, 1.0)
            out, back = await lift(edda, 1.5), await lift(samira, 1.5)
            await asyncio.sleep(TAPS_S)
            for said, heard, times in ((edda, samira, out), (samira, edda, back)):
                found = await followed(said, heard, times)
                # How much of it arrives in time is the benchmark's; on a busy machine half is proof enough of the way.
                assert sum(one.later_ms is not None for one in found) >= 0.5 * len(found) >= 20

    play(story())
