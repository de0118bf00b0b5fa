// Words chosen in a text or a message, with the mouse or by the keyboard's own selection, are offered for a commitment.
// Only where they stand goes into the address; the server reads the words itself.
// @ts-check

/** Count characters as the server does, not in halves of a pair. @param {string} text */
const count = (text) => [...text].length;

/** Leave the spaces at both ends out. @param {string} text @param {number} start @param {number} end */
function stretch(text, start, end) {
  const said = text.slice(start, end);
  const first = start + said.length - said.trimStart().length;
  return said.trim() ? [count(text.slice(0, first)) + 1, count(text.slice(0, start + said.trimEnd().length))] : null;
}

/** Name the paragraph of a message in which the selection begins, as the server numbers them.
 * @param {string} whole @param {number} start @param {number} end @returns {string | null} */
function inParagraph(whole, start, end) {
  let at = 0;
  let number = 0;
  for (const line of whole.split("\n")) {
    if (line.trim()) number += 1;
    if (line.trim() && start < at + line.length) {
      const indent = line.length - line.trimStart().length;
      const found = stretch(line.trim(), Math.max(0, start - at - indent), Math.min(end - at - indent, line.trim().length));
      return found && `&part=${number}&from=${found[0]}&to=${found[1]}`;
    }
    at += line.length + 1;
  }
  return null;
}

/** Give what of a passage is selected, as the address of the form names it; null for nothing. */
function chosen() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const from = range.startContainer;
  const passage = /** @type {HTMLElement | null} */ (
    (from instanceof Element ? from : from.parentElement)?.closest("[data-passage]") ?? null
  );
  if (!passage) return null;
  const whole = passage.textContent ?? "";
  const before = document.createRange();
  before.selectNodeContents(passage);
  before.setEnd(from, range.startOffset);
  const start = before.toString().length;
  const end = passage.contains(range.endContainer) ? start + range.toString().length : whole.length;
  const part = passage.dataset.passage ?? "";
  if (!part) return inParagraph(whole, start, end);
  const found = passage.querySelector(".bracket") ? null : stretch(whole, start, end);
  return `&part=${encodeURIComponent(part)}` + (found ? `&from=${found[0]}&to=${found[1]}` : "");
}

/** Offer the words that are selected; the offer stays until others are. */
export function keepTaking() {
  const offer = /** @type {HTMLElement | null} */ (document.querySelector("[data-take]"));
  const link = offer?.querySelector("a");
  if (!offer || !link) return;
  document.addEventListener("selectionchange", () => {
    const found = chosen();
    if (found === null) return;
    link.href = (offer.dataset.take ?? "") + found;
    offer.hidden = false;
  });
}
