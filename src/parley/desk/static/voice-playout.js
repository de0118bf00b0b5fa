// The loudspeaker's end, on the audio thread: a buffer for each voice, all of them mixed, and what was played told.
// @ts-check
import { VoiceBuffer } from "./voice-buffer.js";

const RATE = 48_000;
const TELL = RATE / 5;
const FORGET = 60 * RATE; // a voice that has been silent for a minute
const VOICES_MAX = 32;

/** Louder than this is bent, not cut: twelve voices at once stay words. @param {number} sample @returns {number} */
function soft(sample) {
  const loud = Math.abs(sample);
  return loud <= 0.8 ? sample : Math.sign(sample) * (0.8 + 0.2 * Math.tanh((loud - 0.8) / 0.2));
}

class Playout extends AudioWorkletProcessor {
  /** @type {Map<string, VoiceBuffer>} */
  #voices = new Map();
  #mixed = new Float32Array(128);
  #told = 0;
  #left = 1;
  #right = 1;

  constructor() {
    super();
    this.port.onmessage = (event) => {
      const { voice, at, frame, ears } = event.data;
      if (ears) [this.#left, this.#right] = ears;
      else this.#voice(voice)?.take(at, frame, currentFrame);
    };
  }

  /** @param {string} key @returns {VoiceBuffer|undefined} */
  #voice(key) {
    let voice = this.#voices.get(key);
    if (!voice && this.#voices.size < VOICES_MAX) this.#voices.set(key, (voice = new VoiceBuffer()));
    return voice;
  }

  /** @param {Float32Array[][]} _ @param {Float32Array[][]} outputs @returns {boolean} */
  process(_, outputs) {
    const mixed = this.#mixed.fill(0);
    for (const [key, voice] of this.#voices) {
      voice.mix(mixed, currentFrame);
      if (voice.played && !voice.toldPlayed) {
        voice.toldPlayed = true;
        this.port.postMessage({ played: key });
      }
      if (currentFrame - voice.heardAt > FORGET) this.#voices.delete(key);
    }
    const [left, right] = outputs[0];
    for (let at = 0; at < mixed.length; at++) {
      const sample = soft(mixed[at]);
      left[at] = sample * this.#left;
      right[at] = sample * this.#right;
    }
    if (currentFrame - this.#told > TELL) this.#tell();
    return true;
  }

  #tell() {
    this.#told = currentFrame;
    const voices = [...this.#voices].map(([key, voice]) => {
      const told = { key, peak: voice.peak, waitMs: voice.waitMs, late: voice.late, filled: voice.filled };
      voice.peak = 0;
      return told;
    });
    if (voices.length) this.port.postMessage({ voices });
  }
}

registerProcessor("parley-playout", Playout);
