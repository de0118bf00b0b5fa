// The list of signals on the page of sound and devices: each is heard by its button.
// @ts-check
import { play } from "./signals.js";

export function keepSignals() {
  /** @type {AudioContext|null} */
  let audio = null;
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-signal]"))) {
    button.addEventListener("click", () => {
      audio ??= new AudioContext();
      play(audio, button.dataset.signal ?? "");
    });
  }
}
