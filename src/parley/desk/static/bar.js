// Keeps the line bar true between two changes: how long ago each link was heard, and whether our own node answers.
// @ts-check
import { span } from "./ticks.js";
import { say } from "./announce.js";

/** @param {number} seconds @returns {string} */
function age(seconds) {
  return seconds < 100 ? `${seconds.toFixed(1)} s` : span(seconds);
}

/** @param {number} ms @returns {string} */
function trip(ms) {
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

export function keepBar() {
  /** @type {boolean|null} */
  let up = null;
  const lostNote = /** @type {HTMLElement|null} */ (document.getElementById("desk-lost"));

  return {
    /** @param {import("./live.js").Beat} beat */
    beat(beat) {
      for (const [name, , heard, rtt] of beat.links) {
        for (const cell of document.querySelectorAll(`[data-link="${CSS.escape(name)}"]`)) {
          const heardAt = cell.querySelector("[data-heard]");
          if (heardAt && heard !== null) heardAt.textContent = age(heard);
          const rttAt = cell.querySelector("[data-rtt]");
          if (rttAt && rtt !== null) rttAt.textContent = trip(rtt);
        }
      }
      if (up !== null && up !== beat.up) say(beat.up ? "up" : "down", !beat.up);
      up = beat.up;
    },
    /** @param {number|null} sinceMs when our node was last heard (performance.now), or null when it is back */
    lost(sinceMs) {
      const gone = sinceMs !== null;
      document.body.classList.toggle("is-lost", gone);
      if (!lostNote) return;
      lostNote.hidden = !gone;
      const count = lostNote.querySelector("[data-lost-for]");
      if (gone && count) count.textContent = span((performance.now() - sinceMs) / 1000);
    },
  };
}
