// Counts up since, and down to, moments named in the page, by the node's clock and never by this machine's.
// @ts-check

let nodeMs = Date.now();
let atMs = performance.now();

/** @param {string} text the node's time as it just said it */
export function setNodeTime(text) {
  const read = Date.parse(text);
  if (Number.isNaN(read)) return;
  nodeMs = read;
  atMs = performance.now();
}

/** @returns {number} the node's time now, in ms since 1970 */
export function nodeNow() {
  return nodeMs + performance.now() - atMs;
}

/** @param {number} seconds @returns {string} 00:04:10, with whole days before it */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const days = Math.floor(whole / 86400);
  const clock = `${two(Math.floor(whole / 3600) % 24)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return days ? `${days}:${clock}` : clock;
}

/** @param {Element} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {HTMLElement} element */
function countDown(element) {
  const left = (Date.parse(element.dataset.until ?? "") - nodeNow()) / 1000;
  const over = left < 0;
  const [ahead, behind] = [element.querySelector("[data-left]"), element.querySelector("[data-over]")];
  if (behind?.hasAttribute("hidden") && over) {
    element.dispatchEvent(new CustomEvent("parley:overdue", { bubbles: true }));
    element.closest(".wait, .message")?.classList.add("is-over");
  }
  ahead?.toggleAttribute("hidden", over);
  behind?.toggleAttribute("hidden", !over);
  const shown = (over ? behind : ahead)?.querySelector("[data-count]");
  if (shown) write(shown, span(over ? -left : left));
}

function tick() {
  const now = nodeNow();
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-since]")))
    write(element, span((now - Date.parse(element.dataset.since ?? "")) / 1000));
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-until]")))
    countDown(element);
  const clock = document.querySelector("[data-clock]");
  if (clock) write(clock, `${new Date(now).toISOString().slice(11, 19)}Z`);
}

export function startTicks() {
  tick();
  const next = () => setTimeout(() => (tick(), next()), 1000 - (nodeNow() % 1000));
  next();
}
