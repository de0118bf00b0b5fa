// Rings while something that cannot wait is on the page: FLASH without pause, the rest every half minute.
// The tone is made here; the key s silences what rings now, and only on this page.
// @ts-check
import { say } from "./announce.js";

/** @type {AudioContext|null} */
let audio = null;

/** Two short tones, an octave apart for FLASH so that it is told from the rest by ear. @param {boolean} urgent */
function tone(urgent) {
  audio ??= new AudioContext();
  if (audio.state === "suspended") {
    void audio.resume();
    return false;
  }
  const start = audio.currentTime;
  for (const [at, pitch] of urgent ? [[0, 880], [0.22, 440], [0.44, 880]] : [[0, 440], [0.3, 440]]) {
    const voice = new OscillatorNode(audio, { frequency: pitch, type: "triangle" });
    const level = new GainNode(audio, { gain: 0 });
    level.gain.setTargetAtTime(urgent ? 0.5 : 0.25, start + at, 0.01);
    level.gain.setTargetAtTime(0, start + at + 0.16, 0.02);
    voice.connect(level).connect(audio.destination);
    voice.start(start + at);
    voice.stop(start + at + 0.3);
  }
  return true;
}

/** @returns {string} what rings now, as one text; "" when nothing does */
function ringing() {
  return [...document.querySelectorAll(".alert[data-alert]")]
    .map((alert) => `${/** @type {HTMLElement} */ (alert).dataset.alert} ${alert.querySelector("a")?.getAttribute("href")}`)
    .join("|");
}

/** @param {boolean} on */
export function keepRinging(on) {
  if (!on) return;
  let silenced = "";
  let rung = 0;
  let told = false;
  document.addEventListener("parley:silence", () => (silenced = ringing()));
  setInterval(() => {
    const now = ringing();
    if (!now || now === silenced) return;
    const urgent = document.querySelector(".alert.urgent") !== null;
    if (performance.now() - rung < (urgent ? 2500 : 30_000)) return;
    rung = performance.now();
    if (!tone(urgent) && !told) {
      told = true;
      say("sound", false);
    }
  }, 500);
}
