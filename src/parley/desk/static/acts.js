// Sends the small forms of a message, and the key of a roll-call, without leaving the page, so that acknowledging a
// FLASH never costs a half written text. If anything but success comes back, the words of the server's answer are shown beside the form.
// @ts-check
import { sessionEnded } from "./ended.js";

/** @param {HTMLFormElement} form @param {string} sentence */
function tell(form, sentence) {
  let note = form.querySelector(".note.bad");
  if (!note) {
    note = document.createElement("div");
    note.className = "note bad";
    note.setAttribute("role", "alert");
    form.prepend(note);
  }
  note.textContent = sentence;
}

/** @param {HTMLFormElement} form @param {HTMLElement|null} button @param {(topic: string) => void} refresh */
async function send(form, button, refresh) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, button)) body.append(name, String(value));
  const answer = await fetch(form.action, { method: "POST", body });
  if (answer.status === 401) return sessionEnded();
  if (answer.ok) {
    /** @type {HTMLElement|null} */ (document.activeElement)?.blur();
    const message = form.closest("article");
    form.closest("details")?.removeAttribute("open");
    message?.focus({ preventScroll: true });
    message?.blur();
    refresh("all");
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  tell(form, page.querySelector("main .note.bad:not([hidden])")?.textContent?.trim() || `${answer.status}`);
}

/** @param {(topic: string) => void} refresh */
export function submitQuietly(refresh) {
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches(".thread .act-form:not([data-opens]), .alerts .press") || form.dataset.busy) {
      if (form.dataset.busy) event.preventDefault();
      return;
    }
    event.preventDefault();
    form.dataset.busy = "1";
    const button = /** @type {SubmitEvent} */ (event).submitter;
    send(form, button, refresh)
      .catch(() => form.submit())
      .finally(() => delete form.dataset.busy);
  });
}
