// The voice of this desk. From going on watch until leaving it the microphone, its encoder, the connection and the
// loudspeaker are ready; lifting only opens the gate. One tab of a browser has the voice, the others say where it is.
// @ts-check
import { direct } from "./direct.js";
import { Audio, NoSound } from "./voice-audio.js";
import { canOpus, makeEncoder } from "./voice-codecs.js";
import { written } from "./voice-frames.js";
import { Hearing } from "./voice-hearing.js";

const BEFORE = 2; // frames captured before the lift that go with it: a syllable begins before the finger is down

/** off: not on watch · elsewhere: in another tab · asking · held: the browser waits for a touch · ready · open, or why
 * there is none. @typedef {"off"|"elsewhere"|"asking"|"held"|"ready"|"open"|import("./voice-audio.js").Reason} State */
/** @typedef {{channel: string, session: string, stream: number}} Line */

export class Voice extends EventTarget {
  /** @type {State} */
  state = "off";
  /** @type {Audio|null} */
  audio = null;
  /** The call this desk last spoke into. @type {Line|null} */
  line = null;
  opus = true;
  #open = false;
  /** Why there is no microphone. @type {import("./voice-audio.js").Reason|null} */
  #without = null;
  #number = 0;
  /** @type {{codec: number, at: number, payload: Uint8Array}[]} */
  #before = [];
  /** @type {ReturnType<typeof makeEncoder>|null} */
  #encoder = null;
  /** @type {Hearing|null} */
  #hearing = null;
  /** @type {string[]} */
  #channels = [];
  /** @type {(() => void)|null} */
  #letGo = null;
  #direct = direct();

  constructor() {
    super();
    this.#direct.addEventListener("sound", (event) => this.#hearing?.take(/** @type {CustomEvent} */ (event).detail));
    this.#direct.addEventListener("lifted", (event) => (this.line = /** @type {CustomEvent} */ (event).detail));
    this.#direct.addEventListener("refused", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.say === "lift") this.release();
    });
    this.#direct.addEventListener("closed", () => this.release());
  }

  /** Goes on watch of these channels, with sound. @param {string[]} channels */
  async start(channels) {
    this.#channels = channels;
    if (this.state !== "off") return;
    this.#set("asking");
    const waiting = setTimeout(() => this.state === "asking" && !this.audio && !this.#letGo && this.#set("elsewhere"), 300);
    void navigator.locks.request("parley-voice", async () => {
      clearTimeout(waiting);
      const left = new Promise((/** @type {(value?: unknown) => void} */ done) => (this.#letGo = done));
      await this.#begin();
      await left;
    });
  }

  /** Tries again after a refusal, or with other devices. */
  async again() {
    if (!this.#letGo || this.state === "off" || this.state === "elsewhere") return;
    await this.#end();
    await this.#begin();
  }

  /** Leaves the watch: nothing is heard here nor from here. */
  async stop() {
    await this.#end();
    this.#direct.watch([]);
    this.#letGo?.();
    this.#letGo = null;
    this.#set("off");
  }

  async #begin() {
    this.#set("asking");
    this.#direct.watch(this.#channels);
    try {
      const audio = (this.audio = await Audio.open());
      this.#hearing = new Hearing(audio.playout, (voices) => this.dispatchEvent(new CustomEvent("voices", { detail: voices })));
      audio.context.onstatechange = () => this.#sounds();
      this.opus = await canOpus();
      this.#encoder = makeEncoder(this.opus, (codec, at, payload) => this.#gate(codec, at, payload), () => this.#fallBack());
      await audio.listen((block) => this.#captured(block), () => this.#silent("missing"));
      this.#without = null;
      this.#sounds();
    } catch (error) {
      this.#silent(error instanceof NoSound ? error.reason : "failed"); // what others say is heard all the same
    }
  }

  /** @param {import("./voice-audio.js").Reason} reason */
  #silent(reason) {
    this.release();
    this.#without = reason;
    this.#sounds();
  }

  async #end() {
    this.release();
    this.#encoder?.close();
    this.#hearing?.close();
    this.#hearing = null;
    const audio = this.audio;
    this.audio = null;
    if (audio) audio.context.onstatechange = null;
    await audio?.close();
  }

  #sounds() {
    const held = this.audio?.held ?? false;
    this.#set(this.#without ?? (held ? "held" : this.#open ? "open" : "ready"));
    if (!held) return;
    const touch = () => void this.audio?.context.resume();
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touch, { once: true, capture: true });
  }

  /** The browser's encoder gave up: go on without it. */
  #fallBack() {
    this.opus = false;
    this.#encoder = makeEncoder(false, (codec, at, payload) => this.#gate(codec, at, payload), () => {});
  }

  // --- speaking

  /** Opens the gate: this desk is heard from a little before now on. @param {string} channel @param {string} precedence
   * @param {string} language @returns {boolean} */
  lift(channel, precedence = "IMMEDIATE", language = "") {
    if (this.state !== "ready") return false;
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const session = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (!this.#direct.say("lift", { channel, session, precedence, language })) return false;
    this.#open = true;
    for (const { codec, at, payload } of this.#before.splice(0)) this.#send(codec, at, payload);
    this.#set("open");
    return true;
  }

  /** Closes the gate; the call goes on. */
  release() {
    if (!this.#open) return;
    this.#open = false;
    if (this.state === "open") this.#set("ready");
  }

  /** @param {Float32Array} block */
  #captured(block) {
    let peak = 0;
    for (const sample of block) peak = Math.max(peak, Math.abs(sample));
    this.dispatchEvent(new CustomEvent("level", { detail: peak }));
    this.#encoder?.take(block);
  }

  /** @param {number} codec @param {number} at @param {Uint8Array} payload */
  #gate(codec, at, payload) {
    if (this.#open) {
      this.#send(codec, at, payload);
      return;
    }
    this.#before.push({ codec, at, payload });
    if (this.#before.length > BEFORE) this.#before.shift();
  }

  /** @param {number} codec @param {number} at @param {Uint8Array} payload */
  #send(codec, at, payload) {
    this.#direct.sound(written(codec, this.#number++, at, payload));
  }

  /** @param {State} state */
  #set(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}

/** @type {Voice|null} */
let only = null;

/** The voice of this page. @returns {Voice} */
export function voice() {
  only ??= new Voice();
  return only;
}
