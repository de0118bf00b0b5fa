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
  #one = new Float32Array(128);
  /** @type {Map<string, {wanted: number, now: number}>} how loud each voice is wanted, and is */
  #gains = new Map();
  #told = 0;
  /** @type {MessagePort|null} */
  #from = null;
  #left = 1;
  #right = 1;

  constructor() {
    super();
    this.port.onmessage = ({ data: { ears, voices } }) => {
      if (ears) [this.#left, this.#right] = ears;
      if (voices) this.#hear(voices);
    };
  }

  /** @param {MessagePort} voices where voices come from, straight from the thread that decodes them */
  #hear(voices) {
    this.#from = voices;
    voices.onmessage = ({ data: { voice, at, frame, gain, again } }) => {
      if (again) this.#tellAgain();
      else if (gain !== undefined) this.#gains.set(voice, { wanted: gain, now: this.#gains.get(voice)?.now ?? gain });
      else this.#voice(voice)?.take(at, frame, currentFrame);
    };
  }

  /** Our node may have been restarted and knows of nothing that was played: what is played from now on is told anew. */
  #tellAgain() {
    for (const voice of this.#voices.values()) voice.played = voice.toldPlayed = false;
  }

  /** @param {string} key @returns {VoiceBuffer|undefined} */
  #voice(key) {
    let voice = this.#voices.get(key);
    if (!voice && this.#voices.size < VOICES_MAX) this.#voices.set(key, (voice = new VoiceBuffer(this.#learnt())));
    return voice;
  }

  /** How long voices lately had to wait: on a calm line a new one need not find that out again. @returns {number|undefined} ms */
  #learnt() {
    return this.#voices.size ? Math.max(...[...this.#voices.values()].map((voice) => voice.waitMs)) : undefined;
  }

  /** @param {Float32Array[][]} _ @param {Float32Array[][]} outputs @returns {boolean} */
  process(_, outputs) {
    const mixed = this.#mixed.fill(0);
    for (const [key, voice] of this.#voices) {
      const gain = this.#gains.get(key);
      if (!gain || (gain.now === 1 && gain.wanted === 1)) voice.mix(mixed, currentFrame);
      else this.#mixAt(gain, voice, mixed);
      if (voice.played && !voice.toldPlayed && (gain?.now ?? 1) > 0) {
        voice.toldPlayed = true;
        this.#from?.postMessage({ played: key });
      }
      if (currentFrame - voice.heardAt > FORGET) {
        this.#voices.delete(key);
        this.#gains.delete(key);
      }
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

  /** Adds a voice that is not heard in full; its level follows what is wanted within 50 ms, without a click.
   * @param {{wanted: number, now: number}} gain @param {VoiceBuffer} voice @param {Float32Array} mixed */
  #mixAt(gain, voice, mixed) {
    const one = this.#one.fill(0);
    voice.mix(one, currentFrame);
    gain.now += Math.max(-0.05, Math.min(0.05, gain.wanted - gain.now));
    for (let at = 0; at < mixed.length; at++) mixed[at] += one[at] * gain.now;
  }

  #tell() {
    this.#told = currentFrame;
    const voices = [...this.#voices].map(([key, voice]) => {
      const told = { key, peak: voice.peak, waitMs: voice.waitMs, late: voice.late, filled: voice.filled };
      voice.peak = 0;
      return told;
    });
    if (voices.length) this.#from?.postMessage({ voices });
  }
}

registerProcessor("parley-playout", Playout);
