// The page of a call while our own node does not answer: whether its facts are still so is known to nobody here, so none
// stays lit. They are shown again once the node has said them again, not with the connection alone.
// @ts-check
import { direct } from "./direct.js";

/** @param {(topic: string) => void} refresh shows a part of the page anew */
export function keepCallTrue(refresh) {
  const now = document.getElementById("call-now");
  const note = document.getElementById("call-unknown");
  if (!now || !note) return;

  /** @param {boolean} unknown */
  const set = (unknown) => {
    now.toggleAttribute("data-unknown", unknown);
    note.hidden = !unknown || !now.querySelector("[data-session]");
  };
  direct().addEventListener("closed", () => set(true));
  direct().addEventListener("open", () => now.hasAttribute("data-unknown") && refresh((now.dataset.topics ?? "").split(" ")[0]));
  now.addEventListener("parley:asked", () => direct().open && set(false));
}
