// Keeps the direct connection to our own node: words both ways at once, and that this page is on watch. Sound passes
// by the same connection without coming through here (voice-worker.js).
// After a cut it comes back and says again what it is on watch of; each part says again what it needs on "open".
// @ts-check
import { after, every, whenBack } from "./clocked.js";
import { FarSocket } from "./direct-socket.js";

/** @typedef {{told: string, [field: string]: any}} Told */

const BEAT_MS = 1500;
const SILENT_MS = 5000;
const AGAIN_MS = [100, 200, 500, 1000];

export class Direct extends EventTarget {
  /** @type {FarSocket|null} */
  #socket = null;
  /** @type {string[]} */
  #watches = [];
  #tries = 0;
  #heardMs = performance.now();
  /** Half of the shortest way there and back lately, in milliseconds; null until measured. @type {number|null} */
  wayMs = null;

  constructor() {
    super();
    this.#open();
    every(BEAT_MS, () => this.#beat());
    whenBack(() => this.#beat());
  }

  get open() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Says something; false if it could not be said now. @param {string} say @param {object} fields @returns {boolean} */
  say(say, fields = {}) {
    if (!this.open) return false;
    this.#socket?.send(JSON.stringify({ say, ...fields }));
    return true;
  }

  /** Is on watch of these channels from now on, through every cut. @param {string[]} channels */
  watch(channels) {
    this.#watches = channels;
    this.say("watch", { channels });
  }

  #open() {
    const address = new URL("/direct", location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const opened = new FarSocket(address);
    this.#socket = opened;
    opened.addEventListener("open", () => {
      this.#heardMs = performance.now();
      this.#beat();
      if (this.#watches.length) this.watch(this.#watches);
      this.dispatchEvent(new Event("open"));
    });
    opened.addEventListener("message", (event) => {
      this.#heardMs = performance.now();
      this.#hear(JSON.parse(/** @type {MessageEvent} */ (event).data));
    });
    opened.addEventListener("close", (event) => {
      const { code, reason } = /** @type {CloseEvent} */ (event);
      if (this.#socket !== opened) return;
      this.#socket = null;
      this.dispatchEvent(new CustomEvent("closed", { detail: reason }));
      if (code === 1008 && reason === "the session ended") {
        document.addEventListener("parley:signed-in", () => this.#open(), { once: true }); // the live connection shows the way in
        return;
      }
      after(AGAIN_MS[Math.min(this.#tries++, AGAIN_MS.length - 1)], () => this.#open());
    });
  }

  /** @param {Told} told */
  #hear(told) {
    this.#tries = 0;
    if (told.told === "beat") this.wayMs = Math.min(this.wayMs ?? Infinity, (performance.now() - told.at) / 2);
    this.dispatchEvent(new CustomEvent(told.told, { detail: told }));
  }

  #beat() {
    if (this.open && performance.now() - this.#heardMs > SILENT_MS) this.#socket?.close();
    this.say("beat", { at: Math.round(performance.now()) });
  }
}

/** @type {Direct|null} */
let only = null;

/** The one direct connection of this page. @returns {Direct} */
export function direct() {
  only ??= new Direct();
  return only;
}
