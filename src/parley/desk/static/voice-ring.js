// Rings for a call of the other side, and says so to our node only once it really rings: the caller is told "a desk is
// ringing" by nothing else. Ends when the call is taken or over, never by itself.
// @ts-check
import { every, whenBack } from "./clocked.js";
import { direct } from "./direct.js";
import { holdStill } from "./fragments.js";
import { play } from "./signals.js";

const EVERY_MS = 2000;
const BARS = ["FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE"];

let rungMs = -Infinity;

/** Says whether a call was heard ringing here a moment ago. @returns {boolean} */
export function heardRinging() {
  return performance.now() - rungMs < EVERY_MS + 500;
}

/** @typedef {{channel: string, subject: string, session: string, ours: boolean, person: string, name: string, office: string,
 *   precedence: string, state: string, at: string, recording: string, answered: string, answered_office: string, rings?: boolean, rang?: boolean, heard?: boolean, hears?: boolean}} Call */

/** @param {() => AudioContext|null} audio @param {(calls: Call[], lost?: boolean) => void} show what rings or goes on, after each change;
 * `lost` while nothing is known of the call that was, because our own node does not answer */
export function keepCalls(audio, show) {
  /** @type {Map<string, Call>} */
  const calls = new Map();
  /** @type {Map<string, {rings?: boolean, rang?: boolean, heard?: boolean, hears?: boolean}>} */
  const facts = new Map();
  const line = direct();
  let silenced = "";
  let rung = ""; // the session for which it rang last

  const rings = () => [...calls.values()].filter((call) => call.state === "ringing" && !call.ours);
  line.addEventListener("call", (event) => {
    const call = /** @type {Call} */ (/** @type {CustomEvent} */ (event).detail);
    const before = calls.get(call.session);
    if (!before && !call.ours) holdStill();
    if (call.state === "ringing" || call.state === "active") calls.set(call.session, { ...facts.get(call.session), ...before, ...call });
    else calls.delete(call.session);
    show([...calls.values()]);
    if (call.state === "ringing" && !call.ours && (rung === call.session || ring())) line.say("rings", { channel: call.channel, session: call.session, subject: call.subject });
  });
  // What a far desk really does may be told before the record has the call.
  for (const told of ["ringing", "heard"]) {
    line.addEventListener(told, (event) => {
      const { session, here, desks } = /** @type {CustomEvent} */ (event).detail;
      const fact = told === "ringing" ? { rings: desks > 0, ...(desks > 0 && { rang: true }) } : here ? { hears: true } : { heard: true };
      const call = calls.get(session);
      if (call) calls.set(session, { ...call, ...fact });
      else facts.set(session, { ...facts.get(session), ...fact });
      if (facts.size > 16) facts.delete(/** @type {string} */ (facts.keys().next().value));
      show([...calls.values()]);
    });
  }
  line.addEventListener("closed", () => {
    const lost = calls.size > 0;
    calls.clear(); // what is open is told anew when the connection is back
    if (lost) show([], true);
  });
  line.addEventListener("open", () => show([...calls.values()]));
  document.addEventListener("parley:silence", () => (silenced = rings().map((call) => call.session).join()));
  every(EVERY_MS, () => rings().length && ring());
  whenBack(() => void audio()?.resume().catch(() => {}));

  /** @returns {boolean} whether it can be heard */
  function ring() {
    const now = rings();
    const context = audio();
    if (!context || context.state !== "running" || !now.length || now.map((call) => call.session).join() === silenced) return false;
    rung = now[now.length - 1].session;
    rungMs = performance.now();
    const most = BARS.find((one) => now.some((call) => call.precedence === one)) ?? "IMMEDIATE";
    play(context, `call-${most}`);
    document.dispatchEvent(new CustomEvent("parley:sounded", { detail: `call-${most}` }));
    return true;
  }
}
