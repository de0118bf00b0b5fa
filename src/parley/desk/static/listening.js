// What this desk listens to: the floor, or the interpreters of one language with the floor under their voice. Chosen
// once and kept in the browser. Who is at which microphone comes from our node.
// @ts-check
import { direct } from "./direct.js";
import { gainOf } from "./listening-levels.js";
import { keep, settings } from "./voice-settings.js";

/** @typedef {{channel: string, session: string, ours: boolean, person: string, name: string, office: string, from: string,
 *   to: string, via: string, since: string, on: boolean}} Booth */

export class Listening extends EventTarget {
  /** @type {Map<string, Booth>} who is at a microphone */
  booths = new Map();
  #mine = "";
  /** Calls that go on in turns: there everybody hears the speaker and then the interpreter. @type {Set<string>} */
  inTurns = new Set();
  /** Whose turn it is in each. @type {Map<string, import("./turns.js").Turn>} */
  turns = new Map();

  constructor() {
    super();
    const line = direct();
    line.addEventListener("interpreter", (event) => this.#heard(/** @type {CustomEvent} */ (event).detail));
    line.addEventListener("closed", () => {
      this.booths.clear(); // told anew when the connection is back
      this.#changed();
    });
  }

  /** @param {Booth} booth */
  #heard(booth) {
    const key = `${booth.session}/${booth.ours}/${booth.person}`;
    if (booth.on) this.booths.set(key, booth);
    else this.booths.delete(key);
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
    const mine = [...this.booths.values()].filter((booth) => this.#isMe(booth)).map((booth) => `${booth.channel} ${booth.to}`).join();
    if (mine === this.#mine) return;
    this.#mine = mine;
    this.dispatchEvent(new Event("mine"));
  }

  /** @param {Booth} booth */
  #isMe(booth) {
    return booth.ours && booth.person === document.documentElement.dataset.who;
  }

  /** Where this person is at a microphone in a channel. @param {string} channel @returns {Booth|undefined} */
  mine(channel) {
    return [...this.booths.values()].find((booth) => booth.channel === channel && this.#isMe(booth));
  }

  /** Says whether what is said at this desk now would be held back, because it is the turn of others.
   * @param {string} channel @returns {boolean} */
  waits(channel) {
    const turn = [...this.turns.values()].find((one) => one.channel === channel);
    return !!turn && !(turn.ours && (turn.phase === "interpreter") === !!this.mine(channel));
  }

  /** Says whether anybody is at a microphone of a language there.
   * @param {string} channel @param {string} tag @returns {boolean} */
  interpreted(channel, tag) {
    return [...this.booths.values()].some((booth) => booth.channel === channel && booth.to === tag);
  }

  /** "" is the floor. */
  get language() {
    return settings().listen;
  }

  /** @param {{listen?: string, under?: number}} chosen */
  choose(chosen) {
    keep(chosen);
    this.dispatchEvent(new Event("change"));
  }

  /** What this desk listens to now, as plain values. @returns {import("./listening-levels.js").Listens} */
  get listens() {
    const { listen, under } = settings();
    const interpreted = [...this.booths.values()].map(({ session, to }) => ({ session, to }));
    return { wanted: listen, under, inTurns: [...this.inTurns], interpreted };
  }

  /** How loud a voice is heard here, 0 to 1. @param {string} session @param {string} language of its stream @returns {number} */
  gain(session, language) {
    return gainOf(this.listens, session, language);
  }
}

/** @type {Listening|null} */
let only = null;

/** What this page listens to. @returns {Listening} */
export function listening() {
  only ??= new Listening();
  return only;
}
