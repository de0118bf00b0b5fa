// Sounds while something that cannot wait is on the page: the most urgent of it, each kind in its own way and pace.
// The key s silences what sounds now, and only on this page. Where the browser keeps sound off, the page says so.
// @ts-check
import { every, whenBack } from "./clocked.js";
import { SIGNALS, play, signalOf } from "./signals.js";

/** @type {AudioContext|null} */
let audio = null;

/** The context, or null while the browser holds it back. @returns {AudioContext|null} */
function sounding() {
  audio ??= new AudioContext();
  if (audio.state !== "running") void audio.resume();
  document.getElementById("sound-held")?.toggleAttribute("hidden", audio.state === "running");
  return audio.state === "running" ? audio : null;
}

/** @returns {HTMLElement[]} what stands above every page */
function alerts() {
  return [...document.querySelectorAll(".alert[data-alert]")].map((alert) => /** @type {HTMLElement} */ (alert));
}

/** @returns {string} what sounds now, as one text; "" when nothing does */
function ringing() {
  return alerts()
    .map((alert) => `${alert.dataset.alert} ${alert.querySelector("a")?.getAttribute("href")}`)
    .join("|");
}

/** The signal of the most urgent. A call rings by itself at a desk that has a handset. @returns {string} */
function signal() {
  const handset = document.getElementById("handset")?.dataset.state;
  const heard = handset === "ready" || handset === "open";
  for (const { dataset } of alerts()) {
    if (dataset.alert === "call" && heard) continue;
    const name = signalOf(dataset.alert ?? "", dataset.precedence);
    if (name) return name;
  }
  return "";
}

/** @param {boolean} on */
export function keepRinging(on) {
  if (!on) return;
  let silenced = "";
  let rungMs = -Infinity;
  let rung = "";
  function check() {
    const now = ringing();
    if (!now || now === silenced) return;
    const name = signal();
    if (!name || (name === rung && performance.now() - rungMs < SIGNALS[name].everyMs)) return;
    const context = sounding();
    if (!context) return;
    [rung, rungMs] = [name, performance.now()];
    play(context, name);
    document.dispatchEvent(new CustomEvent("parley:sounded", { detail: name }));
  }
  document.addEventListener("parley:silence", () => (silenced = ringing()));
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => sounding(), { once: true, capture: true });
  document.addEventListener("parley:changed", check);
  every(500, check);
  whenBack(check);
}
