"""Sound in which every 20 ms can be told from every other, and finding what of it was heard where and when.

Owns: the microphone's file, the taps in a page (what the microphone hears and the loudspeaker plays, with the time),
the comparison of two taps. Nothing here runs in the product; it is how the product is measured.
"""

from __future__ import annotations

import array
import base64
import bisect
import json
import math
import operator
import random
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from parley.cli.chromium import Page

RATE: Final = 8_000  # of the taps: speech as a telephone has it is enough to tell blocks apart
BLOCK: Final = RATE // 50  # 20 ms
_FILE_RATE: Final = 48_000
_FILE_S: Final = 40
LIKE: Final = 0.45  # blocks of other noise reach 0.3 at most; the same block through the codec 0.6 to 0.95

# Taps what a node of the page's sound carries: every sample at 8 kHz, and every 64 ms at which sample its clock was:
# on a machine that was held up the clock of a page's sound leaves out what it missed, and says nothing of it.
_TAP: Final = """
class Tap extends AudioWorkletProcessor {
  constructor() { super(); this.sum = this.n = this.count = this.turns = 0; this.out = []; this.marks = []; }
  process(inputs) {
    const heard = inputs[0] && inputs[0][0];
    if (this.turns++ % 24 === 0) this.marks.push([this.count, currentFrame / 48, Infinity]);
    const mark = this.marks.at(-1);
    mark[2] = Math.min(mark[2], Date.now() - currentFrame / 48);
    for (let at = 0; at < 128; at++) {
      this.sum += heard ? heard[at] : 0;
      if (++this.n === 6) { this.out.push(this.sum / 6); this.count++; this.sum = this.n = 0; }
    }
    if (this.out.length < 4000) return true;
    this.port.postMessage({marks: this.marks, out: this.out});
    this.out = []; this.marks = []; this.turns = 0;
    return true;
  }
}
registerProcessor('parley-tap', Tap);
"""
_INSTALL: Final = """
(async () => {
  const base = document.querySelector('script[type=module]').src.replace(/[^/]*$/, '');
  const {voice} = await import(base + 'voice.js');
  const own = voice(), audio = own.audio;
  const url = URL.createObjectURL(new Blob([TAP], {type: 'text/javascript'}));
  await audio.context.audioWorklet.addModule(url);
  window.taps = {};
  for (const [name, node] of [['microphone', audio.source], ['loudspeaker', audio.playout]]) {
    if (!node) continue;
    const tap = new AudioWorkletNode(audio.context, 'parley-tap', {numberOfOutputs: 0});
    const got = window.taps[name] = {marks: [], out: []};
    tap.port.onmessage = ({data: {marks, out}}) => {
      got.marks.push(...marks);
      got.out.push(Float32Array.from(out));
    };
    node.connect(tap);
  }
  window.own = own;
})()
"""
_TAKE: Final = """
(() => { const taken = {};
  for (const [name, tap] of Object.entries(window.taps)) {
    const all = new Int16Array(tap.out.reduce((sum, part) => sum + part.length, 0)); let at = 0;
    for (const part of tap.out) for (const sample of part) all[at++] = Math.max(-1, Math.min(1, sample)) * 32767;
    const bytes = new Uint8Array(all.buffer), size = bytes.length, step = 32768; let text = "";
    for (let at = 0; at < size; at += step) text += String.fromCharCode(...bytes.subarray(at, at + step));
    taken[name] = {marks: tap.marks, data: btoa(text)};
  } return taken; })()
"""


def write_microphone(path: Path, seed: int) -> None:
    """Write a file of noise like a voice's in band and strength, no 20 ms of it like any other."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_FILE_RATE)
        file.writeframes(_noise(seed))


@cache
def _noise(seed: int) -> bytes:
    """Give the samples, the same each time. They take a second or two to make: once a process and seed."""
    any_ = random.Random(seed).random  # noqa: S311  # nothing secret
    samples = array.array("h")
    low = high = band = 0.0
    cut_high, cut_low = 1 - math.exp(-2 * math.pi * 2_800 / _FILE_RATE), 1 - math.exp(-2 * math.pi * 300 / _FILE_RATE)
    for _ in range(_FILE_RATE * _FILE_S):
        low += cut_high * (2 * any_() - 1 - low)
        high += cut_high * (low - high)
        band += cut_low * (high - band)
        samples.append(int(max(-1.0, min(1.0, (high - band) * 1.6)) * 20_000))
    return samples.tobytes()


@dataclass(frozen=True, slots=True)
class Tap:
    """What was heard at one place: samples at 8 kHz, and marks that say at which moment of the calendar clock each was.

    A mark is (a sample, its moment in ms), in order of both; from one to the next the samples follow without a gap.
    """

    marks: Sequence[tuple[int, float]]
    samples: list[float]

    def at(self, moment_ms: float) -> int:
        """Give the sample at a moment; of a moment that the page's clock left out, the one after it."""
        place = max(0, bisect.bisect_right(self.marks, moment_ms, key=lambda mark: mark[1]) - 1)
        sample, began = self.marks[place]
        found = sample + round((moment_ms - began) * RATE / 1000)
        return found if place + 1 == len(self.marks) else min(found, self.marks[place + 1][0])

    def moment(self, sample: int) -> float:
        """Give the moment of a sample."""
        place = max(0, bisect.bisect_right(self.marks, sample, key=lambda mark: mark[0]) - 1)
        first, began = self.marks[place]
        return began + (sample - first) * 1000 / RATE

    def sounds(self, start: int) -> bool:
        """Say whether the 20 ms from a sample on are more than silence."""
        return sum(abs(one) for one in self.samples[start : start + BLOCK]) > BLOCK * 200


async def install(page: Page) -> None:
    """Put taps into a page whose sound is ready; `window.own` is its voice from then on."""
    await page.run(_INSTALL.replace("TAP", json.dumps(_TAP)))


async def take(page: Page) -> dict[str, Tap]:
    """Give what the taps of a page have heard: `microphone` and `loudspeaker`."""
    return {name: _tap(told) for name, told in (await page.run(_TAKE)).items()}


def _tap(told: dict[str, Any]) -> Tap:
    samples = array.array("h")
    samples.frombytes(base64.b64decode(told["data"]))
    return Tap(moments(told["marks"]), [float(one) for one in samples])


def moments(told: Sequence[tuple[int, float, float]]) -> list[tuple[int, float]]:
    """Give when each mark was: of (sample, its time by the sound's clock, how far that was behind at least; in ms).

    A clock that leaves something out falls behind and never catches up, and whoever reads it may only be late: at each
    mark it was behind by the least that was seen there or at any later one.
    """
    found: list[tuple[int, float]] = []
    behind = math.inf
    for sample, time_ms, least_ms in reversed(told):
        behind = min(behind, least_ms)
        found.append((sample, time_ms + behind))
    return found[::-1]


def find(block: list[float], there: Tap, start: int, end: int) -> tuple[int, float]:
    """Give the sample from `start` to `end` at which 20 ms of `there` are most like `block`, and how like (-1 to 1)."""
    size, samples = len(block), there.samples
    start, end = max(0, start), min(end, len(samples) - size)
    power = math.sqrt(sum(map(operator.mul, block, block))) or 1.0
    best, most = start, -1.0
    energy = sum(one * one for one in samples[start : start + size])
    for at in range(start, end):
        part = samples[at : at + size]
        if energy > 1e4:
            like = sum(map(operator.mul, block, part)) / (power * math.sqrt(energy))
            if like > most:
                best, most = at, like
        energy += samples[at + size] ** 2 - samples[at] ** 2
    return best, most


@dataclass(frozen=True, slots=True)
class Found:
    """One block of 20 ms: when the microphone had it, and how much later the loudspeaker; None if it never did."""

    said_ms: float
    later_ms: float | None


def follow(
    said: Tap, heard: Tap, from_ms: float, to_ms: float, *, least_ms: float = 0.0, most_ms: float = 400.0
) -> list[Found]:
    """Follow every 20 ms between two moments from the microphone to the loudspeaker.

    The first is looked for between `least_ms` and `most_ms` later, those after it near where the last one was.
    """
    found = []
    guess: float | None = None
    for start in range(said.at(from_ms), said.at(to_ms) - BLOCK, BLOCK):
        block = said.samples[start : start + BLOCK]
        if len(block) < BLOCK:
            break
        moment = said.moment(start)
        near = [(guess - width, guess + width) for width in (2, 25)] if guess is not None else []
        for low, high in [*near, (least_ms, most_ms)]:
            at, like = find(block, heard, heard.at(moment + low), heard.at(moment + high))
            if like >= LIKE:
                guess = heard.moment(at) - moment
                found.append(Found(moment, guess))
                break
        else:
            found.append(Found(moment, None))
    return found
