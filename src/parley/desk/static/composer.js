// Counts words where they are bounded, warns of what arrived meanwhile, and keeps typed words from being lost.
// The server counts and decides again.
// @ts-check
import { say } from "./announce.js";

const WORDS_MAX = 200; // limits.URGENT_WORDS_MAX; a test compares the two

// Scripts without spaces between words; two of their characters count as one word (subjects/messages/facts.py).
const UNSPACED =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/gu;

/** Words as the rule counts them. @param {string} text @returns {number} */
export function countWords(text) {
  const unspaced = text.match(UNSPACED)?.length ?? 0;
  return text.replace(UNSPACED, " ").split(/\s+/u).filter(Boolean).length + Math.ceil(unspaced / 2);
}

/** @param {HTMLFormElement} form */
function keepCount(form) {
  const text = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
  const shown = form.querySelector("[data-words]");
  const count = form.querySelector("[data-word-count]");
  const over = form.querySelector("[data-words-over]");
  const update = () => {
    const precedence = String(new FormData(form).get("precedence"));
    const bounded = precedence === "FLASH" || precedence === "IMMEDIATE";
    const words = countWords(text.value);
    const tooLong = bounded && words > WORDS_MAX;
    shown?.toggleAttribute("hidden", !bounded);
    if (count) count.textContent = String(words);
    over?.toggleAttribute("hidden", !tooLong);
    over?.closest(".counter")?.classList.toggle("full", tooLong);
    text.setAttribute("aria-invalid", String(tooLong));
    for (const button of form.querySelectorAll("button[value=send], button[value=release]"))
      /** @type {HTMLButtonElement} */ (button).disabled = tooLong;
  };
  form.addEventListener("input", update);
  update();
  const language = /** @type {HTMLSelectElement} */ (form.elements.namedItem("language"));
  language.addEventListener("change", () => (text.lang = language.value));
}

export function keepComposer() {
  const form = /** @type {HTMLFormElement|null} */ (document.querySelector("form[data-composer]"));
  if (!form) return;
  keepCount(form);
  const text = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
  const first = text.value;
  let leaving = false;

  form.closest("details")?.addEventListener("toggle", (event) => {
    if (/** @type {HTMLDetailsElement} */ (event.target).open) text.focus();
  });
  if (location.hash === "#composer" && form.closest("details")?.open) text.focus();
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const flash = String(new FormData(form).get("precedence")) === "FLASH";
    form.requestSubmit(form.querySelector(`button[value=${flash ? "release" : "send"}]`));
  });
  form.addEventListener("submit", () => {
    leaving = true;
    // A second press must not say the same thing twice.
    queueMicrotask(() => form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", "true")));
  });
  form.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button[aria-disabled=true]");
    if (button) event.preventDefault();
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && text.value !== first) event.preventDefault();
  });
  document.addEventListener("parley:hint", (event) => {
    const hint = /** @type {CustomEvent<import("./live.js").Hint>} */ (event).detail;
    if (!hint.urgent || hint.topic !== `channel:${form.dataset.channel}` || !text.value) return;
    const note = form.querySelector("[data-arrived]");
    if (note?.hasAttribute("hidden")) say("arrived", false);
    note?.removeAttribute("hidden");
  });
}
