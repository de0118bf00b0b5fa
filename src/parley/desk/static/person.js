// Who sits at this desk: handing it over without leaving the page, and adding a passkey.
// After a hand-over everything the page shows for a person is asked for again; half-written words stay.
// @ts-check
import { enrol, enter, post, run, sign } from "./passkeys.js";

const root = document.documentElement;

/** Draw again what depends on the person. @param {(topic: string) => void} refresh */
async function redraw(refresh) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (answer.status === 401 || answer.redirected) return location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // The composer stays as it is, with its words: its button names nobody, and its thread is asked for again below.
  const composing = document.querySelector("form[data-composer]") !== null;
  for (const part of composing ? [".me"] : [".me", "#main"]) {
    const now = document.querySelector(part);
    const next = page.querySelector(part);
    if (now && next) now.replaceWith(document.adoptNode(next));
  }
  root.dataset.who = page.documentElement.dataset.who;
  refresh("all");
}

/** @param {(topic: string) => void} refresh */
export function keepPerson(refresh) {
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const act = form.dataset.passkey;
    if (act !== "hand-over" && act !== "add" && act !== "again") return;
    event.preventDefault();
    run(form, async () => {
      if (act === "hand-over") {
        await enter();
        await redraw(refresh);
        return;
      }
      if (act === "again") {
        const told = await post("/access/again", {});
        await post(form.action, { proof: told.challenge ? await sign(told, told.held) : "" });
        location.reload();
        return;
      }
      await enrol("/access/passkeys", "/access/challenge", { name: String(new FormData(form).get("name") ?? "") });
      location.reload();
    });
  });
  let drawing = false;
  return {
    /** Another tab of this desk may have handed it over. @param {{who: string}} beat */
    beat(beat) {
      if (drawing || beat.who === root.dataset.who) return;
      drawing = true;
      redraw(refresh).finally(() => (drawing = false));
    },
  };
}
