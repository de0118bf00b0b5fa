// While this page has no connection to its node, nothing is sent and the page is not left before the node has answered: a browser
// that reaches nobody puts a page of its own in place of ours, and what was typed is gone with it, and every alarm.
// @ts-check
import { sayText } from "./announce.js";

const ANSWERS_MS = 3000;

/** @returns {Promise<boolean>} */
async function answers() {
  try {
    await fetch("/sign-in", { method: "HEAD", signal: AbortSignal.timeout(ANSWERS_MS) });
    return true;
  } catch {
    return false;
  }
}

/** @param {HTMLAnchorElement|null} link @param {MouseEvent} event @returns {boolean} it leads to another page of the desk, here */
function leaves(link, event) {
  if (!link || link.target || link.download || link.origin !== location.origin) return false;
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return false;
  return !link.hash || link.pathname + link.search !== location.pathname + location.search;
}

/** @param {() => boolean} connected @returns {() => void} tells that the node is there again */
export function keepReached(connected) {
  const note = document.getElementById("desk-unsent");
  let asks = false;
  let passes = false;

  /** @param {Event} event @param {() => void} again */
  async function hold(event, again) {
    event.preventDefault();
    event.stopImmediatePropagation(); // whoever else hears of it would think that it goes
    if (asks) return;
    asks = true;
    const reached = await answers();
    asks = false;
    if (note) note.hidden = reached;
    if (!reached) return sayText(note?.textContent ?? "", true);
    passes = true;
    again();
    passes = false;
  }

  addEventListener(
    "submit",
    (event) => {
      const form = /** @type {HTMLFormElement} */ (event.target);
      const { submitter } = /** @type {SubmitEvent} */ (event);
      if (!passes && !connected()) void hold(event, () => form.requestSubmit(submitter));
    },
    true,
  );
  addEventListener(
    "click",
    (event) => {
      const link = /** @type {HTMLAnchorElement|null} */ (/** @type {Element} */ (event.target).closest("a[href]"));
      if (!passes && !connected() && leaves(link, event)) void hold(event, () => link?.click());
    },
    true,
  );
  return () => note?.toggleAttribute("hidden", true);
}
