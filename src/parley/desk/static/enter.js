// The sign-in page: in by a passkey, or a first passkey by a one-time link.
// @ts-check
import { enrol, enter, run } from "./passkeys.js";

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const act = form.dataset.passkey;
  if (!act) return;
  event.preventDefault();
  run(form, async () => {
    if (act === "sign-in") {
      await enter();
      location.assign("/");
      return;
    }
    const field = (/** @type {string} */ name) => String(new FormData(form).get(name) ?? "");
    await enrol("/sign-in/enrol", "/sign-in/enrol/challenge", { token: field("token"), name: field("name") });
    location.assign("/sign-in?enrolled");
  });
});
document.documentElement.dataset.ready = "yes";
