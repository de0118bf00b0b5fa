// Asks again for the parts of a page that changed, and puts in only what differs, so that focus, an open note and
// the place one reads at all stay. The server's answer is what is shown; nothing is drawn here.
// @ts-check
import { sessionEnded } from "./ended.js";

/** A part is asked for at once when something changes, and then not again for so long: much that happens at one moment, as a
 * call that begins, is a few answers to draw and not a dozen while the sound needs the machine. */
const PACE_MS = 120;
/** Nothing is drawn anew for so long after a voice has begun: its first syllable needs the machine more. */
const STILL_MS = 200;
let stillUntil = 0;

/** A voice begins here, or is about to be heard. */
export function holdStill() {
  stillUntil = performance.now() + STILL_MS;
}

/** @type {WeakMap<Element, string>} what the server last said, before clocks and focus touched it */
const said = new WeakMap();
/** @type {Set<HTMLElement>} parts that somebody was writing in when an answer came: asked for again once they have left */
const putOff = new Set();

/** Somebody is writing inside it (a focused field, an open form), or is in the middle of a video or a sound.
 * @param {Element} part @returns {boolean} */
function inUse(part) {
  const here = document.activeElement;
  const media = /** @type {NodeListOf<HTMLMediaElement>} */ (part.querySelectorAll("video, audio"));
  if ([...media].some((one) => one.currentTime > 0 && !one.ended)) return true;
  return (part.contains(here) && here?.matches("input, textarea, select")) || !!part.querySelector("details[open] form");
}

/** What somebody has typed here and left, and what a refusal gave back to them.
 * @param {Element} part @returns {(HTMLInputElement|HTMLTextAreaElement)[]} */
function typedIn(part) {
  const fields = /** @type {NodeListOf<HTMLInputElement|HTMLTextAreaElement>} */ (part.querySelectorAll(":is(textarea, input[type=text])[id]"));
  return [...fields].filter((field) => field.value !== field.defaultValue || field.dataset.again !== undefined);
}

/** Put `next` where `now` is, the focus back to what had it, and what was typed to where it was. @param {Element} now
 * @param {() => void} change */
function keepingFocus(now, change) {
  const here = document.activeElement;
  const had = here && now.contains(here) ? here : null;
  const typed = typedIn(now);
  change();
  for (const before of typed) {
    const field = document.getElementById(before.id);
    if ((field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) && field !== before) field.value = before.value;
  }
  if (!had || had.isConnected) return;
  const same = had.id ? document.getElementById(had.id) : document.querySelector(`a[href="${CSS.escape(had.getAttribute("href") ?? "")}"]`);
  if (same instanceof HTMLElement) same.focus({ preventScroll: true });
}

/** Keep children that are the same; match them by id where they have one.
 * @param {Element} now @param {Element} next @returns {boolean} nothing of the answer was left out */
function replaceKeyed(now, next) {
  let whole = true;
  const known = new Map([...now.children].filter((child) => child.id).map((child) => [child.id, child]));
  /** @type {Element[]} */
  const wanted = [];
  for (const child of [...next.children]) {
    const before = child.id ? known.get(child.id) : undefined;
    const same = before && said.get(before) === child.outerHTML;
    if (before && (same || inUse(before))) {
      whole &&= !!same;
      const line = before.querySelector(":scope > [data-fresh]"); // true meanwhile, as whose disk has the film that is playing
      const fresh = child.querySelector(":scope > [data-fresh]");
      if (!same && line && fresh) line.replaceWith(fresh);
      wanted.push(before);
    } else {
      said.set(child, child.outerHTML);
      wanted.push(child);
    }
  }
  const keep = new Set(wanted);
  for (const child of [...now.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((child, at) => {
    if (now.children[at] !== child) now.insertBefore(child, now.children[at] ?? null);
  });
  return whole;
}

/** @param {Element} place @param {Document} answer @returns {boolean} the whole of the answer is shown now */
function putIn(place, answer) {
  let whole = true;
  const keyed = place.dataset.keyed || ".thread"; // whose children are put in one by one
  const now = place.querySelector(keyed);
  const next = answer.querySelector(keyed);
  if (place.hasAttribute("data-keyed") && now && next) {
    keepingFocus(place, () => {
      whole = replaceKeyed(now, next);
    });
    const lists = [place.querySelector(".waits-list"), answer.querySelector(".waits-list")];
    lists[0]?.remove();
    if (lists[1]) place.prepend(lists[1]);
  } else if (inUse(place)) whole = false;
  else keepingFocus(place, () => place.replaceChildren(...answer.body.childNodes));
  return whole;
}

/** Out of sight nothing is drawn, and a timer may take a minute there. @param {number} ms @returns {Promise<void>} */
async function pause(ms) {
  if (ms > 0 && !document.hidden) await new Promise((done) => setTimeout(done, ms));
}

/** @param {HTMLElement} place */
async function ask(place) {
  const answer = await fetch(place.dataset.live ?? "", { headers: { Accept: "text/html" } });
  if (answer.status === 401) return sessionEnded();
  if (!answer.ok) return;
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  const text = parsed.body.innerHTML.trim();
  const same = said.get(place) === text;
  if (!same) {
    if (putIn(place, parsed)) said.set(place, text);
    else putOff.add(place);
  }
  place.dispatchEvent(new CustomEvent("parley:asked"));
  if (!same) place.dispatchEvent(new CustomEvent("parley:changed", { bubbles: true }));
}

/** @returns {(topic: string) => void} asks again for every part that has to do with a topic */
export function keepFragments() {
  for (const child of document.querySelectorAll("[data-keyed] :is(.thread, .t-units, .evidence, tbody) > *")) said.set(child, child.outerHTML);
  for (const place of document.querySelectorAll("[data-live]")) said.set(place, place.innerHTML.trim());
  /** @type {Map<HTMLElement, "idle"|"asking"|"again">} */
  const state = new Map();

  /** One question at a time for each part; what comes meanwhile is one more question. @param {HTMLElement} place */
  async function once(place) {
    if (state.get(place) === "asking" || state.get(place) === "again") {
      state.set(place, "again");
      return;
    }
    do {
      state.set(place, "asking");
      await pause(stillUntil - performance.now());
      const paced = pause(PACE_MS);
      await ask(place).catch(() => undefined);
      await paced;
    } while (state.get(place) === "again");
    state.set(place, "idle");
  }

  /** Somebody has left a field, closed a form or seen a video to its end: show what came meanwhile. */
  function left() {
    setTimeout(() => {
      for (const place of [...putOff]) {
        putOff.delete(place);
        if (place.isConnected) void once(place);
      }
    });
  }
  document.addEventListener("focusout", left);
  document.addEventListener("toggle", left, true);
  document.addEventListener("ended", left, true);

  return (topic) => {
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-live]"))) {
      const topics = (place.dataset.topics ?? "").split(" ");
      if (topic === "all" || topics.includes(topic) || topics.includes(topic.split(":")[0])) void once(place);
    }
  };
}
