// The part of the handset that says what is listened to: the floor or a language, and how loud the floor stays under it;
// and what an interpreter asks of those who talk.
// @ts-check
import { direct } from "./direct.js";
import { listening } from "./listening.js";
import { settings } from "./voice-settings.js";

const ASK_SHOWN_MS = 15_000;
const ASIDE_SHOWN_MS = 60_000; // a colleague who is to come has more to leave than one who is to pause

export function keepListening() {
  showAsks();
  const choice = /** @type {HTMLSelectElement|null} */ (document.getElementById("handset-listen"));
  const under = /** @type {HTMLInputElement|null} */ (document.getElementById("handset-under"));
  if (!choice || !under) return;
  const heard = listening();
  const row = document.getElementById("handset-under-row");

  /** A language that is interpreted, or was chosen before, can be chosen even if no side named it as its own.
   * @param {string} tag */
  function offer(tag) {
    if ([...choice?.options ?? []].some((option) => option.value === tag)) return;
    choice?.append(new Option(languageName(tag), tag));
  }

  function show() {
    offer(heard.language);
    for (const booth of heard.booths.values()) offer(booth.to);
    if (choice) choice.value = heard.language;
    if (row) row.hidden = !heard.language;
  }

  under.value = String(settings().under);
  choice.addEventListener("change", () => heard.choose({ listen: choice.value }));
  under.addEventListener("input", () => heard.choose({ under: Number(under.value) }));
  heard.addEventListener("change", show);
  show();
}

/** A language's name in the language of the desk. @param {string} tag @returns {string} */
export function languageName(tag) {
  try {
    return new Intl.DisplayNames([document.documentElement.lang], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Those who talk must see it wherever they are: in the handset, else on the call's page. A colleague's private word, too,
 * where there is no console to show it. */
function showAsks() {
  const words = document.getElementById("interpreter-words")?.dataset ?? {};
  const places = ["handset-asks", "interpreter-asks"].map((id) => document.getElementById(id)).filter((place) => place !== null);
  let timer = 0;

  /** @param {string} text @param {number} lastsMs */
  function show(text, lastsMs) {
    for (const place of places.slice(0, 1)) {
      place.textContent = text;
      place.hidden = false;
    }
    clearTimeout(timer);
    timer = window.setTimeout(() => places.forEach((place) => (place.hidden = true)), lastsMs);
  }

  direct().addEventListener("interpreter-asks", (event) => {
    const { what, name } = /** @type {CustomEvent} */ (event).detail;
    show(`${name}: ${words[what] ?? ""}`, ASK_SHOWN_MS);
  });
  direct().addEventListener("aside", (event) => {
    const { what, name, text } = /** @type {CustomEvent} */ (event).detail;
    if (!document.getElementById("aside-list")) show(`${name}: ${what === "hand-over" ? words.wants : text}`, ASIDE_SHOWN_MS);
  });
}
