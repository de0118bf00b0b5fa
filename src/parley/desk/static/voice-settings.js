// What this browser uses for sound: which microphone, which loudspeaker, one ear or two, echo cancelled or not.
// Kept in the browser, since devices belong to the machine and not to a person; lost when somebody signs out.
// @ts-check

const KEY = "parley-sound";

/** @typedef {{microphone: string, speaker: string, ears: "both"|"left"|"right", echo: boolean, quiet: boolean}} Settings */

/** @type {Settings} */
const USUAL = { microphone: "", speaker: "", ears: "both", echo: true, quiet: true };

/** @returns {Settings} */
export function settings() {
  try {
    return { ...USUAL, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { ...USUAL };
  }
}

/** @param {Partial<Settings>} changed @returns {Settings} */
export function keep(changed) {
  const kept = { ...settings(), ...changed };
  localStorage.setItem(KEY, JSON.stringify(kept));
  return kept;
}

/** The share of each ear. @param {Settings} chosen @returns {[number, number]} */
export function ears(chosen) {
  return chosen.ears === "left" ? [1, 0] : chosen.ears === "right" ? [0, 1] : [1, 1];
}
