// Goes from bracket to bracket in a negotiated text: "]" to the next, "[" to the one before.
// @ts-check

/** @param {number} by */
function step(by) {
  const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".t-units .bracket")]);
  const here = all.findIndex((one) => one === document.activeElement);
  const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : (here + by + all.length) % all.length];
  if (!next) return;
  next.focus();
  next.scrollIntoView({ block: "center" });
}

/** Let two keys move between the brackets of a page that has some. */
export function keepBrackets() {
  if (document.documentElement.dataset.keys === "off") return;
  document.addEventListener("keydown", (event) => {
    const at = /** @type {Element} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.isComposing || at.closest("input, textarea, select")) return;
    if (event.key === "]") step(1);
    if (event.key === "[") step(-1);
  });
}
