// Sends the known tone in a call, and only then says in the record that it was sent. Without sound nothing is sent and
// the button says why.
// @ts-check
import { voice } from "./voice.js";

export function keepTone() {
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches("[data-tone]")) return;
    event.preventDefault();
    if (!busy) void send(form).finally(() => (busy = false));
  });
}

let busy = false;

/** The page shows the form anew while the tone goes, so what it says is taken first. @param {HTMLFormElement} form */
async function send(form) {
  const own = voice();
  const told = /** @type {HTMLElement|null} */ (form.querySelector("[data-told]"));
  const lifted = own.state === "ready" && own.lift(form.dataset.tone ?? "");
  if (own.state !== "open" || !own.audio) {
    if (told) told.textContent = form.dataset.without ?? "";
    return;
  }
  busy = true;
  const said = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  if (told) told.textContent = form.dataset.sending ?? "";
  await own.audio.tone();
  if (lifted) own.release();
  const answer = await fetch(form.action, { method: "POST", body: said });
  if (!answer.ok) location.reload(); // the page says how the call stands now
}
