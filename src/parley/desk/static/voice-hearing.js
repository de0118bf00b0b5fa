// What comes from the other desks: a decoder for each voice, its samples to the loudspeaker, and the word to our node
// that the loudspeaker really played it.
// @ts-check
import { direct } from "./direct.js";
import { listening } from "./listening.js";
import { Decoder } from "./voice-codecs.js";
import { read } from "./voice-frames.js";

const VOICES_MAX = 32;

/** @typedef {{key: string, peak: number, waitMs: number, late: number, filled: number}} VoiceNow */
/** @typedef {{decoder: Decoder, channel: string, session: string, stream: number, ours: boolean, language: string}} Heard */

export class Hearing {
  /** @type {Map<string, Heard>} */
  #voices = new Map();
  #playout;
  #tell;
  /** Ready before anybody speaks: making one takes longer than the whole way. @type {Decoder|null} */
  #spare = new Decoder();

  /** @param {AudioWorkletNode} playout @param {(voices: VoiceNow[]) => void} tell how each voice is, five times a second */
  constructor(playout, tell) {
    this.#playout = playout;
    this.#tell = tell;
    playout.port.onmessage = (event) => this.#told(event.data);
    listening().addEventListener("change", this.#levels);
  }

  #levels = () => {
    for (const [key, voice] of this.#voices) this.#level(key, voice);
  };

  /** How loud a voice is heard: by what this desk listens to. @param {string} key @param {Heard} voice */
  #level(key, voice) {
    this.#playout.port.postMessage({ voice: key, gain: listening().gain(voice.session, voice.language) });
  }

  /** @param {ArrayBuffer} data a binary frame of the direct connection */
  take(data) {
    const frame = read(data);
    if (!frame) return;
    const key = `${frame.session}/${frame.stream}`;
    let voice = this.#voices.get(key);
    if (!voice) {
      voice = { decoder: this.#decoder(key), channel: frame.channel, session: frame.session, stream: frame.stream, ours: frame.ours, language: frame.language };
      if (this.#voices.size >= VOICES_MAX) this.#forgetOldest();
      this.#voices.set(key, voice);
      this.#level(key, voice);
    }
    voice.decoder.take(frame.codec, frame.at, frame.payload);
  }

  close() {
    listening().removeEventListener("change", this.#levels);
    for (const voice of this.#voices.values()) voice.decoder.close();
    this.#spare?.close();
    this.#voices.clear();
  }

  /** @param {string} key */
  #decoder(key) {
    const found = this.#spare ?? new Decoder();
    this.#spare = null;
    setTimeout(() => (this.#spare ??= new Decoder()), 500);
    found.done = (at, samples) => this.#playout.port.postMessage({ voice: key, at, frame: samples }, [samples.buffer]);
    return found;
  }

  #forgetOldest() {
    for (const [key, voice] of this.#voices) {
      voice.decoder.close();
      this.#voices.delete(key);
      return;
    }
  }

  /** @param {{played?: string, voices?: VoiceNow[]}} told */
  #told(told) {
    if (told.voices) this.#tell(told.voices);
    const voice = told.played ? this.#voices.get(told.played) : undefined;
    if (voice && !voice.ours) direct().say("heard", { channel: voice.channel, session: voice.session, stream: voice.stream });
  }
}
