// The session of this page has ended. Where nobody was writing, the page is loaded anew and our node shows the way in. Words that
// somebody was writing stay where they are and nowhere else: all is covered until the same person has signed in again.
// @ts-check
import { enter, run } from "./passkeys.js";

const FIELDS = "form :is(textarea, input[type=text], input[type=file])";

/** @returns {boolean} */
function writing() {
  const fields = /** @type {NodeListOf<HTMLInputElement|HTMLTextAreaElement>} */ (document.querySelectorAll(FIELDS));
  return [...fields].some((field) => field.value !== field.defaultValue);
}

/** Tells the person, by the way in or over what they were writing. */
export function sessionEnded() {
  const cover = /** @type {HTMLDialogElement|null} */ (document.getElementById("session-ended"));
  if (cover?.open) return;
  if (!cover || !writing()) return location.reload();
  document.dispatchEvent(new CustomEvent("parley:silence")); // who cannot answer can only be disturbed by it
  cover.showModal();
}

export function keepEnded() {
  const cover = /** @type {HTMLDialogElement|null} */ (document.getElementById("session-ended"));
  if (!cover) return;
  let back = false;
  cover.addEventListener("keydown", (event) => event.stopPropagation()); // the keys of the page beneath
  cover.addEventListener("close", () => {
    if (!back) cover.showModal(); // a browser lets a second Esc close it
    back = false;
  });
  cover.addEventListener("submit", (event) => {
    event.preventDefault();
    run(/** @type {HTMLFormElement} */ (event.target), async () => {
      await enter();
      const answer = await fetch("/", { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (page.documentElement.dataset.who !== document.documentElement.dataset.who) return location.replace("/");
      back = true;
      cover.close();
      document.dispatchEvent(new CustomEvent("parley:signed-in"));
    });
  });
}
