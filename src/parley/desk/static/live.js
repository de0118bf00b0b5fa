// Keeps one connection to our own node. Hints say that something changed; a beat says that the node is there.
// Each time the connection opens everything is asked for again: what came between the drawing of a page and its first
// connection, or during a cut, gave no hint.
// @ts-check
import { after, every, whenBack } from "./clocked.js";
import { sessionEnded } from "./ended.js";

/** @typedef {{beat: string, who: string, up: boolean, links: [string, boolean, number|null, number|null][]}} Beat */
/** @typedef {{topic: string, urgent: string, channel: string}} Hint */
/** @typedef {{beat: (beat: Beat) => void, hint: (hint: Hint) => void, back: () => void, lost: (sinceMs: number|null) => void}} Hearer */

const SILENT_MS = 4500; // three beats
const AGAIN_MS = [200, 500, 1000, 2000]; // then every 2 s: there is one node, and it matters

/** Gives whether our node is heard now. @param {Hearer} hearer @returns {() => boolean} */
export function openLive(hearer) {
  let heardMs = performance.now();
  let lost = false;
  let tries = 0;
  /** @type {WebSocket|null} */
  let socket = null;

  function open() {
    let first = true;
    const address = new URL("/live", location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const opened = new WebSocket(address);
    socket = opened;
    opened.addEventListener("message", (event) => {
      heardMs = performance.now();
      tries = 0;
      if (lost) {
        lost = false;
        hearer.lost(null);
      }
      if (first) {
        first = false;
        hearer.back();
      }
      const told = JSON.parse(String(event.data));
      if ("beat" in told) hearer.beat(told);
      else hearer.hint(told);
    });
    opened.addEventListener("close", (event) => {
      if (socket !== opened) return;
      socket = null;
      if (event.code === 1008) {
        document.addEventListener("parley:signed-in", open, { once: true });
        return sessionEnded();
      }
      after(AGAIN_MS[Math.min(tries++, AGAIN_MS.length - 1)], open);
    });
  }

  function check() {
    if (performance.now() - heardMs < SILENT_MS) return;
    if (!lost) {
      lost = true;
      socket?.close();
    }
    hearer.lost(heardMs);
  }
  every(500, check);
  // A laptop that was asleep, or a page brought back: look at once rather than at the next try.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  whenBack(check);
  open();
  return () => !lost && socket?.readyState === WebSocket.OPEN;
}
