// Puts an emergency stop in front of whoever sits here at once, and says to our node that it does. The first words come
// over the direct connection; what the server draws takes their place a moment later, and without a script it is all
// there is.
// @ts-check
import { say, sayText } from "./announce.js";
import { direct } from "./direct.js";
import { heardStop, ringStops } from "./stop-sound.js";

/** @typedef {{channel: string, subject: string, code: string, step: string, state: string, status: string, ours: boolean,
 *   name: string, office: string, at: string, what: string, where: string, since: string, language: string}} Stop */

const GUARD_MS = 700; // who was writing when the screen came must not take the stop with the next letter

/** @param {(topic: string) => void} refresh @param {boolean} sound */
export function keepStops(refresh, sound) {
  const found = document.getElementById("stops");
  if (!found) return;
  const place = found;
  /** @type {Set<string>} */
  let known = new Set();
  /** @type {Set<string>} stops that a person has put aside on this page */
  const aside = new Set();
  /** @type {Set<string>} stops of which our node was told that this page shows them */
  const told = new Set();
  let guardedMs = 0;

  function look() {
    announce();
    const rings = /** @type {HTMLElement[]} */ ([...place.querySelectorAll(".stop-ring")]);
    const ring = rings.find((one) => !aside.has(one.dataset.stop ?? "")); // what was put aside hides no other
    for (const one of rings) one.hidden = one !== ring;
    for (const other of document.querySelectorAll("main, nav.side, .alerts, .bar-row, .stop-strip")) other.toggleAttribute("inert", !!ring);
    if (!ring) return;
    for (const each of ring.querySelectorAll("[data-needs-script]")) each.removeAttribute("hidden");
    if (!ring.contains(document.activeElement)) {
      if (document.activeElement?.matches("input, textarea, select")) guardedMs = performance.now() + GUARD_MS;
      ring.focus({ preventScroll: true });
    }
    tellRings(ring.dataset.stop ?? "", ring.hasAttribute("data-early"));
  }

  function announce() {
    const now = new Set();
    for (const line of /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll(".stop-line"))) {
      const key = line.dataset.stopLine ?? "";
      now.add(key);
      if (known.has(key)) continue;
      const overdue = key.split("|").length > 3;
      const real = line.dataset.status === "actual";
      if (overdue) say("stopOverdue", true);
      else if (line.dataset.stopRing === "alarm") say(real ? "stop" : "stopDrill", true);
      else if (line.dataset.stopRing === "step") say("stopStep", true);
      else sayText(line.querySelector(".kind")?.textContent ?? "", false);
    }
    known = now;
  }

  /** Only a page that is seen or heard says that it rings. @param {string} key @param {boolean} early */
  function tellRings(key, early) {
    if (told.has(key) || early || (document.visibilityState !== "visible" && !heardStop())) return;
    const [channel, subject] = key.split("|");
    told.add(key);
    if (direct().say("stop-rings", { channel, subject })) return;
    void fetch(`/stops/${channel}/${subject.replace(/^stop\//, "")}/rings`, { method: "POST", body: new URLSearchParams() });
  }

  /** @param {Stop} stop */
  function heard(stop) {
    refresh("stops");
    const key = `${stop.channel}|${stop.subject}`;
    if (stop.code !== "raised" || stop.ours || stop.state !== "raised" || place.querySelector(".stop-ring:not([hidden])")) return;
    const drawn = quick(stop, key);
    if (!drawn) return;
    place.append(drawn);
    look();
    ringNow();
  }

  const ringNow = ringStops(place, sound);
  place.addEventListener("parley:changed", look);
  document.addEventListener("visibilitychange", look);
  place.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("[data-stop-aside]")) putAside();
  });
  addEventListener(
    "keydown",
    (event) => {
      const ring = place.querySelector(".stop-ring:not([hidden])");
      if (!ring) return;
      if (event.key === "Escape") putAside();
      else if (performance.now() < guardedMs) {
        guardedMs = performance.now() + GUARD_MS; // still writing
        event.preventDefault();
        event.stopPropagation();
      }
    },
    true,
  );

  function putAside() {
    const ring = /** @type {HTMLElement|null} */ (place.querySelector(".stop-ring:not([hidden])"));
    if (!ring) return;
    aside.add(ring.dataset.stop ?? "");
    look();
  }

  direct().addEventListener("stop", (event) => heard(/** @type {CustomEvent} */ (event).detail));
  look();
}

/** Draws the ringing screen from words of the other side; they go into text nodes only.
 * @param {Stop} stop @param {string} key @returns {HTMLElement|null} */
function quick(stop, key) {
  const template = /** @type {HTMLTemplateElement|null} */ (document.getElementById("stop-quick"));
  const ring = /** @type {HTMLElement|undefined} */ (template?.content.firstElementChild?.cloneNode(true));
  if (!ring) return null;
  ring.dataset.stop = key;
  ring.dataset.status = stop.status;
  ring.dataset.early = ""; // our node is told that it rings once the drawn one is here: this one may be ahead of its log
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (ring.querySelectorAll("[data-for]"))) line.hidden = line.dataset.for !== stop.status;
  for (const name of /** @type {const} */ (["what", "where", "name"])) {
    const node = /** @type {HTMLElement|null} */ (ring.querySelector(`[data-word="${name}"]`));
    if (!node) continue;
    node.textContent = stop[name];
    if (name !== "name") node.lang = stop.language;
  }
  const since = /** @type {HTMLElement} */ (ring.querySelector("[data-since]"));
  since.dataset.since = stop.at;
  const form = /** @type {HTMLFormElement} */ (ring.querySelector("form"));
  form.action = `/stops/${stop.channel}/${stop.subject.replace(/^stop\//, "")}/take`;
  return ring;
}
