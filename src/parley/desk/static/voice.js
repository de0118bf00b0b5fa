// The voice of this desk. From going on watch until leaving it the microphone, its encoder, the connection and the
// loudspeaker are ready; lifting only opens the gate. One tab of a browser has the voice, the others say where it is.
// The sound itself passes on a thread of its own (voice-worker.js); here is what the page shows and wants of it.
// @ts-check
import { direct } from "./direct.js";
import { Audio, NoSound, permission } from "./voice-audio.js";
import { soundThread } from "./direct-socket.js";
import { listening } from "./listening.js";
import { canOpus } from "./voice-codecs.js";

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
  #begins = false;
  /** Why there is no microphone. @type {import("./voice-audio.js").Reason|null} */
  #without = null;
  #thread = soundThread();
  /** @type {string[]} */
  #channels = [];
  /** @type {(() => void)|null} */
  #letGo = null;
  #direct = direct();
  /** Kept, so that it goes on telling. @type {PermissionStatus|null} */
  #allowed = null;

  constructor() {
    super();
    this.#thread.addEventListener("message", (event) => this.#hear(event.data));
    listening().addEventListener("change", () => this.#thread.postMessage({ listens: listening().listens }));
    this.#direct.addEventListener("plain", (event) => this.#plainly(/** @type {CustomEvent} */ (event).detail.session));
    this.#direct.addEventListener("lifted", (event) => (this.line = /** @type {CustomEvent} */ (event).detail));
    this.#direct.addEventListener("refused", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.say === "lift") this.release();
    });
    for (const told of ["let-go", "closed"]) this.#direct.addEventListener(told, () => this.release());
    navigator.mediaDevices?.addEventListener("devicechange", () => void this.#perhaps());
    void permission().then((status) => {
      this.#allowed = status;
      status?.addEventListener("change", () => status.state === "granted" && void this.#perhaps());
    });
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
    this.#set("asking");
    await this.#end();
    await this.#begin();
  }

  /** A microphone was put in, or is allowed again: whoever saw to that need press nothing here. */
  async #perhaps() {
    const microphones = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "audioinput");
    if (this.#without && this.state === this.#without && microphones.length) await this.again();
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
    this.#begins = true;
    this.#set("asking");
    this.#direct.watch(this.#channels);
    try {
      const audio = (this.audio = await Audio.open());
      audio.context.onstatechange = () => this.#sounds();
      this.opus = await canOpus();
      const [blocks, voices] = [new MessageChannel(), new MessageChannel()];
      audio.playout.port.postMessage({ voices: voices.port1 }, [voices.port1]);
      const begin = { opus: this.opus, decodes: "AudioDecoder" in globalThis, capture: blocks.port1, playout: voices.port2, listens: listening().listens };
      this.#thread.postMessage({ begin }, [blocks.port1, voices.port2]);
      await audio.listen(blocks.port2, (reason) => audio === this.audio && this.#silent(reason));
      this.#without = null;
      this.#begins = false;
      this.#sounds();
    } catch (error) {
      this.#silent(error instanceof NoSound ? error.reason : "failed"); // what others say is heard all the same
    }
  }

  /** @param {import("./voice-audio.js").Reason} reason */
  #silent(reason) {
    this.#begins = false;
    this.#without = reason; // before the gate closes: nobody may see it ready on the way
    this.release();
    this.#sounds();
  }

  async #end() {
    this.release();
    this.#thread.postMessage({ end: true });
    const audio = this.audio;
    this.audio = null;
    if (audio) audio.context.onstatechange = null;
    await audio?.close();
  }

  #sounds() {
    if (this.#begins) return; // the loudspeaker may be there before the microphone is
    const held = this.audio?.held ?? false;
    this.#set(this.#without ?? (held ? "held" : this.#open ? "open" : "ready"));
    if (!held) return;
    const touch = () => void this.audio?.context.resume();
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touch, { once: true, capture: true });
  }

  /** @param {{level?: number, plain?: boolean, voices?: import("./voice-hearing.js").VoiceNow[]}} told */
  #hear({ level, plain, voices }) {
    if (level !== undefined) this.dispatchEvent(new CustomEvent("level", { detail: level }));
    if (voices) this.dispatchEvent(new CustomEvent("voices", { detail: voices }));
    if (plain) {
      this.opus = false;
      this.dispatchEvent(new CustomEvent("state", { detail: this.state }));
    }
  }

  /** Somebody in the call has no decoder: from now on this desk sends its sound as it is. @param {string} session */
  #plainly(session) {
    if (!this.opus || session !== this.line?.session) return;
    this.opus = false;
    this.#thread.postMessage({ plain: true });
  }

  // --- speaking

  /** Opens the gate: this desk is heard from a little before now on. @param {string} channel @param {string} precedence
   * @param {string} language @returns {boolean} */
  lift(channel, precedence = "IMMEDIATE", language = "") {
    if (this.state !== "ready") return false;
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const session = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (!this.#direct.open) return false;
    this.#open = true;
    this.line = null; // of the call before this one there may be late word; it must not close this gate
    this.#thread.postMessage({ lift: JSON.stringify({ say: "lift", channel, session, precedence, language }) });
    this.#set("open");
    return true;
  }

  /** Closes the gate; the call goes on. */
  release() {
    if (!this.#open) return;
    this.#open = false;
    this.#thread.postMessage({ release: true });
    if (this.state === "open") this.#sounds();
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
