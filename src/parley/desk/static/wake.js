// Keeps the screen on while this desk is on watch, and says so where the browser will not: a dark screen shows no FLASH.
// @ts-check
import { whenBack } from "./clocked.js";

export function keepAwake() {
  if (!document.querySelector(".me .watch[data-on]")) return;
  const note = document.getElementById("screen-dark");
  /** @type {WakeLockSentinel|null} */
  let held = null;
  async function hold() {
    if (document.visibilityState !== "visible" || (held && !held.released)) return;
    try {
      held = await navigator.wakeLock.request("screen");
      held.addEventListener("release", () => void hold()); // taken away while somebody looks: to save the battery, say
      if (note) note.hidden = true;
    } catch {
      if (note) note.hidden = false; // a machine that saves its battery, or a browser that has no such lock
    }
  }
  whenBack(() => void hold());
  void hold();
}
