// What this browser uses for sound: which microphone, which loudspeaker, one ear or two, echo cancelled or not.
// Kept in the browser, since devices belong to the machine and not to a person. Signing out clears a browser's storage,
// so a cookie keeps it too; browsers then give devices new ids, so each is remembered by its name as well.
// @ts-check

const KEY = "parley-sound";
const YEAR_S = 31_536_000;

/** @typedef {{microphone: string, microphoneName: string, speaker: string, speakerName: string,
 *   ears: "both"|"left"|"right", echo: boolean, quiet: boolean, listen: string, under: number}} Settings: `listen` is the
 *   language whose interpreters are heard ("" the floor), `under` how loud the floor stays beneath them, 0 to 1 */

/** @type {Settings} */
const USUAL = { microphone: "", microphoneName: "", speaker: "", speakerName: "", ears: "both", echo: true, quiet: true, listen: "", under: 0.2 };

/** @returns {string} what was kept, "" if nothing was */
function kept() {
  const stored = localStorage.getItem(KEY);
  if (stored) return stored;
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${KEY}=`));
  return found ? decodeURIComponent(found.slice(KEY.length + 1)) : "";
}

/** @returns {Settings} */
export function settings() {
  try {
    return { ...USUAL, ...JSON.parse(kept() || "{}") };
  } catch {
    return { ...USUAL };
  }
}

/** @param {Partial<Settings>} changed @returns {Settings} */
export function keep(changed) {
  const now = { ...settings(), ...changed };
  const text = JSON.stringify(now);
  localStorage.setItem(KEY, text);
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${KEY}=${encodeURIComponent(text)}; Path=/; Max-Age=${YEAR_S}; SameSite=Strict${secure}`;
  return now;
}

/** The share of each ear. @param {Settings} chosen @returns {[number, number]} */
export function ears(chosen) {
  return chosen.ears === "left" ? [1, 0] : chosen.ears === "right" ? [0, 1] : [1, 1];
}

/** The id of a remembered device as this browser calls it now: by id, else by name; "" if it is not there.
 * @param {MediaDeviceInfo[]} devices @param {"audioinput"|"audiooutput"} kind @param {string} id @param {string} name */
export function found(devices, kind, id, name) {
  const there = devices.filter((one) => one.kind === kind);
  return (there.find((one) => one.deviceId === id) ?? there.find((one) => name && one.label === name))?.deviceId ?? "";
}
