// When a stop sounds: a real one before a drill, a drill before what only waits for a step. How each sounds is in
// signals.js. The key s silences what rings now, on this page; what comes after it rings again.
// @ts-check
import { every, whenBack } from "./clocked.js";
import { sounding } from "./ring.js";
import { SIGNALS, play } from "./signals.js";

/** @param {HTMLElement} place @returns {{name: string, key: string}} the signal of what rings now, and what it is */
function ringing(place) {
  const rings = /** @type {HTMLElement[]} */ ([...place.querySelectorAll(".stop-line, .stop-ring")]).filter(
    (line) => line.matches(".stop-ring") || line.dataset.stopRing,
  );
  const alarms = rings.filter((line) => line.matches(".stop-ring") || line.dataset.stopRing === "alarm");
  const real = alarms.some((line) => line.dataset.status === "actual");
  const name = real ? "stop" : alarms.length ? "stop-drill" : rings.length ? "stop-step" : "";
  return { name, key: rings.map((line) => line.dataset.stopLine ?? "").filter(Boolean).join() };
}

let heard = false;

/** @returns {boolean} whether what rings now could be heard */
export function heardStop() {
  return heard;
}

/** @param {HTMLElement} place @param {boolean} on @returns {() => void} rings at once */
export function ringStops(place, on) {
  let silenced = "";
  let rungMs = -Infinity;
  let rung = "";
  function look() {
    const { name, key } = ringing(place);
    if (!name) heard = false;
    if (!on || !name || (key && key === silenced)) return;
    if (name === rung && performance.now() - rungMs < SIGNALS[name].everyMs) return;
    const context = sounding();
    heard = context !== null;
    if (!context) return;
    [rung, rungMs] = [name, performance.now()];
    play(context, name);
    document.dispatchEvent(new CustomEvent("parley:sounded", { detail: name }));
  }
  document.addEventListener("parley:silence", () => (silenced = ringing(place).key));
  every(250, look);
  whenBack(look);
  return look;
}
