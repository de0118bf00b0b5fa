// Who is heard, by name and side, and whether they speak just now. What is shown is what the loudspeaker plays.
// @ts-check
import { direct } from "./direct.js";

/** @param {HTMLElement} list @param {EventTarget} voice */
export function keepVoices(list, voice) {
  /** @type {Map<string, HTMLElement>} */
  const shown = new Map();
  direct().addEventListener("speaking", (event) => {
    const told = /** @type {CustomEvent} */ (event).detail;
    const key = `${told.session}/${told.stream}`;
    const item = shown.get(key) ?? document.createElement("li");
    const name = document.createElement("bdi");
    name.textContent = told.name;
    const side = told.ours ? list.dataset.our : list.dataset.their;
    item.replaceChildren(name, told.office ? ` · ${told.office}` : "", side ? ` · ${side}` : "", told.language ? ` (${told.language})` : "");
    item.dataset.ours = told.ours ? "1" : "";
    shown.set(key, item);
    if (!item.isConnected) list.append(item);
    // Who comes back after a cut speaks as a new voice: the old one, silent now, would name them twice.
    const who = (item.dataset.who = JSON.stringify([told.session, told.person, told.ours, told.language]));
    for (const [other, before] of [...shown]) if (before !== item && before.dataset.who === who && !before.hasAttribute("data-speaks")) drop(other);
    if (shown.size > 12) drop(/** @type {string} */ (shown.keys().next().value));
    reach();
  });
  voice.addEventListener("voices", (event) => {
    for (const now of /** @type {CustomEvent} */ (event).detail) {
      const item = shown.get(now.key);
      if (!item) continue;
      item.toggleAttribute("data-speaks", now.peak > 0.01);
      item.title = `${Math.round(now.waitMs)} ms · ${now.filled}`;
    }
  });
  direct().addEventListener("call", (event) => {
    const call = /** @type {CustomEvent} */ (event).detail;
    if (call.there) gone(call);
    if (["ringing", "active"].includes(call.state)) return;
    for (const key of [...shown.keys()]) if (key.startsWith(`${call.session}/`)) drop(key);
  });

  direct().addEventListener("closed", () => {
    for (const key of [...shown.keys()]) drop(key); // nobody is heard here until it is back
  });

  /** Who has left is not named as heard any more. Whoever speaks this moment may only not be in the record yet.
   * @param {{session: string, there: [boolean, string][]}} call */
  function gone({ session, there }) {
    for (const [key, item] of [...shown]) {
      const [of, person, ours] = JSON.parse(item.dataset.who ?? "[]");
      if (of === session && !item.hasAttribute("data-speaks") && !there.some((one) => one[0] === ours && one[1] === person)) drop(key);
    }
  }

  /** @param {string} key */
  function drop(key) {
    shown.get(key)?.remove();
    shown.delete(key);
    reach();
  }

  /** More names than there is room for are reached by the keyboard, too; a few are no stop on its way. */
  function reach() {
    list.toggleAttribute("tabindex", false);
    if (list.scrollHeight > list.clientHeight + 1) list.tabIndex = 0;
  }
}
