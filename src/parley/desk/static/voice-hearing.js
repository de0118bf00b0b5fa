// What comes from the other desks: a decoder for each voice, its samples to the loudspeaker, and the word to our node
// that the loudspeaker really played it.
// @ts-check
import { FLOOR, SILENT, SILENT_MS, gainOf } from "./listening-levels.js";
import { Decoder } from "./voice-codecs.js";
import { OPUS, read } from "./voice-frames.js";

const VOICES_MAX = 32;
const ASK_EVERY_MS = 2000;

/** @typedef {{key: string, peak: number, waitMs: number, late: number, filled: number}} VoiceNow */
/** @typedef {{decoder: Decoder, channel: string, session: string, stream: number, ours: boolean, language: string,
 *   soundAt: number}} Heard `soundAt`: when the loudspeaker last had any sound of it */

export class Hearing {
  /** @type {Map<string, Heard>} */
  #voices = new Map();
  #playout;
  #tell;
  #played;
  #listens = FLOOR;
  #speaking = ""; // the interpreters who are heard
  #cannot;
  /** @type {Map<string, number>} when each call was last asked for sound without a codec */
  #asked = new Map();
  /** Ready before anybody speaks: making one takes longer than the whole way. @type {Decoder|null} */
  #spare = new Decoder();

  /** @param {MessagePort} playout @param {(voices: VoiceNow[]) => void} tell how each voice is, five times a second
   * @param {(voice: {channel: string, session: string, stream: number}) => void} played once the loudspeaker has played it
   * @param {((call: {channel: string, session: string}) => void)|null} cannot asks for sound without a codec, where this browser has no
   * decoder; null where it has */
  constructor(playout, tell, played, cannot) {
    this.#cannot = cannot;
    this.#playout = playout;
    this.#tell = tell;
    this.#played = played;
    playout.onmessage = (event) => this.#told(event.data);
  }

  /** Takes over what this desk listens to. @param {import("./listening-levels.js").Listens} listens */
  listen(listens) {
    this.#listens = listens;
    for (const [key, voice] of this.#voices) this.#level(key, voice);
  }

  /** A new connection to our node: what is really played from now on is told to it anew. */
  again() {
    this.#playout.postMessage({ again: true });
  }

  /** How loud a voice is heard: by what this desk listens to. @param {string} key @param {Heard} voice */
  #level(key, voice) {
    const listens = { ...this.#listens, interpreted: this.#heardNow() };
    this.#playout.postMessage({ voice: key, gain: gainOf(listens, voice.session, voice.language) });
  }

  /** Who is at a microphone and is heard there: under one that gives no sound, or was let go, the floor would be lost. */
  #heardNow() {
    const since = performance.now() - SILENT_MS;
    const voices = [...this.#voices.values()].filter((one) => one.language && one.soundAt > since);
    return this.#listens.interpreted.filter(({ session, to }) => voices.some((one) => one.session === session && one.language === to));
  }

  /** An interpreter is heard, or no more. @param {VoiceNow[]} now */
  #sounds(now) {
    for (const { key, peak } of now) {
      const voice = this.#voices.get(key);
      if (voice && peak > SILENT) voice.soundAt = performance.now();
    }
    const speaking = JSON.stringify(this.#heardNow());
    if (speaking === this.#speaking) return;
    this.#speaking = speaking;
    this.listen(this.#listens);
  }

  /** @param {ArrayBuffer} data a binary frame of the direct connection */
  take(data) {
    const frame = read(data);
    if (!frame) return;
    if (frame.codec === OPUS && this.#cannot) {
      this.#ask(frame.channel, frame.session);
      return;
    }
    const key = `${frame.session}/${frame.stream}`;
    let voice = this.#voices.get(key);
    if (!voice) {
      voice = { decoder: this.#decoder(key), channel: frame.channel, session: frame.session, stream: frame.stream, ours: frame.ours, language: frame.language, soundAt: -Infinity };
      if (this.#voices.size >= VOICES_MAX) this.#forgetOldest();
      this.#voices.set(key, voice);
      this.#level(key, voice);
    }
    voice.decoder.take(frame.codec, frame.at, frame.payload);
  }

  /** @param {string} channel @param {string} session */
  #ask(channel, session) {
    const now = performance.now();
    if (now - (this.#asked.get(session) ?? -ASK_EVERY_MS) < ASK_EVERY_MS) return;
    this.#asked.set(session, now);
    if (this.#asked.size > VOICES_MAX) this.#asked.delete(/** @type {string} */ (this.#asked.keys().next().value));
    this.#cannot?.({ channel, session });
  }

  close() {
    for (const voice of this.#voices.values()) voice.decoder.close();
    this.#spare?.close();
    this.#voices.clear();
  }

  /** @param {string} key */
  #decoder(key) {
    const found = this.#spare ?? new Decoder();
    this.#spare = null;
    setTimeout(() => (this.#spare ??= new Decoder()), 500);
    found.done = (at, samples) => this.#playout.postMessage({ voice: key, at, frame: samples }, [samples.buffer]);
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
    if (told.voices) {
      this.#tell(told.voices);
      this.#sounds(told.voices);
    }
    const voice = told.played ? this.#voices.get(told.played) : undefined;
    if (voice && !voice.ours) this.#played({ channel: voice.channel, session: voice.session, stream: voice.stream });
  }
}
