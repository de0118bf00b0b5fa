// The interpreters of the call this page shows, and the console of one: the microphone and its direction, what to listen
// to, asking for a pause or a repeat, handing over, a private word. What is said aloud goes by the handset.
// @ts-check
import { say } from "./announce.js";
import { direct } from "./direct.js";
import { languageName } from "./handset-listen.js";
import { listening } from "./listening.js";
import { session } from "./text.js";
import { nodeNow } from "./ticks.js";
import { voice } from "./voice.js";

const KEPT = "parley-interprets";
const KEPT_MS = 30_000; // who comes back to this page later than that takes the microphone by hand
const GONE = ["forbidden", "missing", "busy", "failed"]; // what becomes of a microphone that was there
const BACK_MS = 500; // after a cut: by then our node has said who is where

/** @template {HTMLElement} T @param {string} id @returns {T} */
function part(id) {
  return /** @type {T} */ (document.getElementById(id));
}

export function keepInterpreters() {
  const pane = document.getElementById("interpreters");
  if (!pane) return;
  const channel = pane.dataset.channel ?? "";
  const words = part("interpreter-words").dataset;
  const remindMs = () => Number(pane?.dataset.remindMs);
  /** @type {Set<string>} */
  const reminded = new Set();

  function show() {
    const here = [...listening().booths.values()].filter((booth) => booth.channel === channel);
    part("interpreter-list").replaceChildren(...here.map((booth) => shown(booth, words, remindMs(), reminded)));
    if (pane) pane.hidden = !here.length && !(document.getElementById("interpreter-console") && session());
  }

  listening().addEventListener("change", show);
  document.addEventListener("parley:changed", show);
  setInterval(show, 10_000);
  keepConsole(channel, words);
  show();
}

/** Who it is, of which side, in which direction, by which way, and for how long.
 * @param {import("./listening.js").Booth} booth @param {DOMStringMap} words @param {number} remindMs @param {Set<string>} reminded */
function shown(booth, words, remindMs, reminded) {
  const item = document.createElement("li");
  const name = document.createElement("bdi");
  name.textContent = booth.name;
  const spentMs = Math.max(0, nodeNow() - Date.parse(booth.since)); // a page may read its node's clock a little late
  const minutes = Math.floor(spentMs / 60_000);
  const there = !booth.via || listening().interpreted(booth.channel, booth.via); // a pivot that is not there is none
  const way = booth.via ? ` · ${words.via} ${languageName(booth.via)}${there ? "" : ` (${words.viaNobody})`}` : "";
  item.append(name, ` · ${languageName(booth.from)} → ${languageName(booth.to)}${way} · ${minutes} ${words.minutes}`);
  if (booth.ours && spentMs >= remindMs) {
    item.append(` · ${words.remind}`);
    item.dataset.remind = "1";
    const key = `${booth.person} ${booth.since}`;
    if (!reminded.has(key)) say("interpreter-remind", false);
    reminded.add(key);
  }
  return item;
}

/** @param {string} channel @param {DOMStringMap} words */
function keepConsole(channel, words) {
  const form = /** @type {HTMLFormElement|null} */ (document.getElementById("interpreter-console"));
  if (!form) return;
  const [from, to, via] = ["from", "to", "via"].map((name) => /** @type {HTMLSelectElement} */ (part(`interpreter-${name}`)));
  const line = direct();

  /** @param {string} what @param {object} more */
  const tell = (what, more = {}) => line.say(what, { channel, session: session(), ...more });
  /** By the language spoken into: which pivot was listened to. Who comes back to a direction listens as before.
   * @type {Map<string, string>} */
  const ways = new Map();
  let wanted = false; // until they leave or are relieved, also through a cut
  let silenced = false; // their sound failed while they were at the microphone
  let had = false; // and there was sound before
  const take = () => (wanted = tell("interpret", { from: from.value, to: to.value, via: via.value }));

  // A page that is opened anew, in another language or theme, is a cut like any other: they are there again after it.
  const who = document.documentElement.dataset.who ?? "";
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  sessionStorage.removeItem(KEPT);
  if (kept && kept.who === who && kept.session === session() && Date.now() - kept.at < KEPT_MS) {
    [from.value, to.value, via.value] = kept.direction;
    wanted = true;
  }
  addEventListener("pagehide", () => {
    if (wanted) sessionStorage.setItem(KEPT, JSON.stringify({ who, session: session(), at: Date.now(), direction: [from.value, to.value, via.value] }));
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take();
  });
  /** @type {Record<string, () => void>} */
  const doing = {
    switch() {
      ways.set(to.value, via.value);
      [from.value, to.value] = [to.value, from.value];
      const way = ways.get(to.value) ?? via.value;
      via.value = way === to.value ? "" : way;
      if (via.value !== listening().language) listening().choose({ listen: via.value });
      if (listening().mine(channel)) take();
    },
    leave() {
      wanted = silenced = false;
      tell("interpret-end");
    },
    pause: () => tell("interpret-ask", { what: "pause" }),
    repeat: () => tell("interpret-ask", { what: "repeat" }),
    "hand-over": () => tell("aside", { what: "hand-over", text: "" }),
  };
  for (const button of form.querySelectorAll("button[data-do]")) {
    button.addEventListener("click", () => doing[/** @type {HTMLElement} */ (button).dataset.do ?? ""]?.());
  }
  for (const select of [from, to, via]) select.addEventListener("change", () => listening().mine(channel) && take());
  // A relay is heard, not only shown: who interprets from another interpreter listens to that stream.
  via.addEventListener("change", () => listening().choose({ listen: via.value }));
  // It is one choice, also when it was made in the handset or before this page was opened: what we hear is what is told.
  function sameAsHeard() {
    const heard = listening().language;
    if (via.value === heard || heard === to.value || ![...via.options].some((option) => option.value === heard)) return;
    via.value = heard;
    if (listening().mine(channel)) take();
  }

  function show() {
    const mine = listening().mine(channel);
    const off = silenced ? words.silenced : words.off;
    part("interpreter-state").textContent = mine ? `${words.at} ${languageName(mine.from)} → ${languageName(mine.to)}` : off ?? "";
    form?.toggleAttribute("data-on", !!mine);
  }
  listening().addEventListener("change", sameAsHeard);
  listening().addEventListener("change", show);
  line.addEventListener("refused", (event) => {
    const { say: said, sentence } = /** @type {CustomEvent} */ (event).detail;
    if (["interpret", "interpret-ask", "aside"].includes(said)) part("interpreter-state").textContent = sentence;
  });
  // Our node forgot us with the connection. Unless a colleague has taken the microphone meanwhile, we are there again.
  line.addEventListener("open", () => {
    if (!wanted || !session()) return;
    setTimeout(back, BACK_MS);
  });
  function back() {
    const taken = [...listening().booths.values()].some((booth) => booth.channel === channel && booth.ours && booth.to === to.value);
    if (wanted && !taken && !silenced) take();
  }

  // Nobody is at a microphone that is not there: both sides see it, and whoever listened to it hears the floor.
  voice().addEventListener("state", () => {
    const { state } = voice();
    if (state === "ready" || state === "open") {
      had = true;
      if (!silenced) return;
      silenced = false;
      back();
    } else if (had && GONE.includes(state) && !silenced && listening().mine(channel)) {
      silenced = true;
      tell("interpret-end");
    }
    show();
  });
  line.addEventListener("interpreter", (event) => {
    const told = /** @type {CustomEvent} */ (event).detail;
    if (!told.on && told.ours && told.person === document.documentElement.dataset.who && !silenced) wanted = false; // relieved
  });
  keepAsides(tell, words);
  sameAsHeard();
  show();
}

/** The private word: to colleagues of our own side, never across.
 * @param {(what: string, more?: object) => boolean} tell @param {DOMStringMap} words */
function keepAsides(tell, words) {
  const form = /** @type {HTMLFormElement} */ (part("aside-form"));
  const field = /** @type {HTMLInputElement} */ (part("aside-field"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim() && tell("aside", { what: "word", text: field.value.normalize("NFC") })) field.value = "";
  });
  direct().addEventListener("aside", (event) => {
    const told = /** @type {CustomEvent} */ (event).detail;
    const item = document.createElement("li");
    const [name, text] = [document.createElement("b"), document.createElement("bdi")];
    name.textContent = told.name;
    text.dir = "auto";
    text.textContent = told.what === "hand-over" ? words.wants ?? "" : told.text;
    item.append(name, ": ", text);
    if (!told.others) item.append(Object.assign(document.createElement("span"), { className: "care", textContent: ` · ${words.nobody}` }));
    const list = part("aside-list");
    list.append(item);
    while (list.children.length > 50) list.firstElementChild?.remove();
  });
}
