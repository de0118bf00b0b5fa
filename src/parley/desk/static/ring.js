// Sounds while something that cannot wait is told to this desk: the most urgent of it, each kind in its own way and pace.
// Our node says what rings here, step by step (docs/operating/notifications.md); this page answers only once it can be
// heard. Without that word, as after a cut, it rings for whatever stands above the page: in doubt it rings.
// The key s silences what sounds now, and only on this page. Where the browser keeps sound off, the page says so.
// @ts-check
import { after, every, whenBack } from "./clocked.js";
import { direct } from "./direct.js";
import { SIGNALS, play, signalOf } from "./signals.js";
import { heardStop } from "./stop-sound.js";
import { heardRinging } from "./voice-ring.js";

/** @typedef {{key: string, kind: string, channel: string, precedence: string, session: string}} Ring */

/** Which kind an alert above the page belongs to; one of no kind has no steps, and sounds at every desk.
 * @type {Record<string, string>} */
const KINDS = { call: "call", flash: "message", immediate: "message", release: "draft", "line-down": "line", "roll-asked": "roll-call", incident: "incident", "stop-decision": "stop-decision" };

const WAKES_MS = 400;

/** @type {AudioContext|null} */
let audio = null;
/** What our node says rings here. @type {Ring[]} */
let told = [];

function sayHeld() {
  document.getElementById("sound-held")?.toggleAttribute("hidden", audio?.state === "running");
}

/** The context, or null while the browser holds it back. @returns {AudioContext|null} */
export function sounding() {
  if (audio === null) {
    audio = new AudioContext();
    audio.addEventListener("statechange", sayHeld);
  }
  if (audio.state !== "running") {
    void audio.resume();
    after(WAKES_MS, sayHeld); // one that may sound is often held for a moment
  } else sayHeld();
  return audio.state === "running" ? audio : null;
}

/** @returns {HTMLElement[]} what sounds because it stands above the page */
function alerts() {
  const shown = [...document.querySelectorAll(".alert[data-alert]")].map((alert) => /** @type {HTMLElement} */ (alert));
  return direct().open ? shown.filter((alert) => !((alert.dataset.alert ?? "") in KINDS)) : shown;
}

/** @returns {string} what sounds now, as one text; "" when nothing does */
function ringing() {
  const shown = alerts().map((alert) => `${alert.dataset.alert} ${alert.querySelector("a")?.getAttribute("href")}`);
  return [...told.map((one) => one.key), ...shown].join("|");
}

/** @param {Ring} one @returns {string} */
function alertOf(one) {
  if (one.kind === "message") return one.precedence === "FLASH" ? "flash" : "immediate";
  return one.kind === "draft" ? "release" : one.kind;
}

/** The signal of the most urgent. A call rings by itself at a desk that has a handset. @returns {string} */
function signal() {
  const handset = document.getElementById("handset")?.dataset.state;
  const heard = handset === "ready" || handset === "open";
  const all = [
    ...told.map((one) => ({ alert: alertOf(one), precedence: one.precedence || undefined })),
    ...alerts().map(({ dataset }) => ({ alert: dataset.alert ?? "", precedence: dataset.precedence })),
  ];
  // A call and a stop ring by themselves; of the rest the table of signals has the most urgent first.
  const others = all.filter(({ alert }) => !((alert === "call" && heard) || alert === "stop"));
  const names = others.map(({ alert, precedence }) => signalOf(alert, precedence));
  return Object.keys(SIGNALS).find((name) => names.includes(name)) ?? "";
}

/** @param {boolean} on */
export function keepRinging(on) {
  const line = direct();
  let silenced = "";
  let rungMs = -Infinity;
  let rung = "";
  /** For what our node knows that this page rings. @type {Set<string>} */
  const answered = new Set();

  function check() {
    const now = ringing();
    if (!on || !now || now === silenced) return;
    const fresh = told.filter((one) => !answered.has(one.key));
    const name = signal();
    if (name && (fresh.length || name !== rung || performance.now() - rungMs >= SIGNALS[name].everyMs)) {
      const context = sounding();
      if (!context) return;
      [rung, rungMs] = [name, performance.now()];
      play(context, name);
      document.dispatchEvent(new CustomEvent("parley:sounded", { detail: name }));
    }
    const rings = fresh.filter((one) => (one.kind === "stop" ? heardStop() : name ? true : heardRinging())).map((one) => one.key);
    if (rings.length && line.say("ringing", { keys: rings })) for (const key of rings) answered.add(key);
  }

  line.addEventListener("rings", (event) => {
    told = /** @type {CustomEvent} */ (event).detail.rings;
    for (const key of [...answered]) if (!told.some((one) => one.key === key)) answered.delete(key);
    check();
  });
  line.addEventListener("closed", () => {
    told = [];
    answered.clear(); // what rings is told anew when the connection is back
  });
  document.addEventListener("parley:silence", () => (silenced = ringing()));
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => sounding(), { once: true, capture: true });
  document.addEventListener("parley:changed", check);
  every(500, check);
  whenBack(check);
}
