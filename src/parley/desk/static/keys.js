// Single keys for everything the desk does often; the table of them is keys.py, shown under "Keys and words".
// A control names its own key with data-key, or data-go for what follows "g". No key acts while text is written.
// @ts-check

/** @returns {Element[]} */
function messages() {
  return [...document.querySelectorAll(".thread > .message")];
}

/** @param {number} by */
function step(by) {
  const all = messages();
  const here = all.findIndex((message) => message.contains(document.activeElement));
  const next = all[here < 0 ? 0 : Math.max(0, Math.min(all.length - 1, here + by))];
  if (!(next instanceof HTMLElement)) return;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

/** The control for a key: in the message that has the focus, else the first that waits, else on the page.
 * @param {string} key @returns {HTMLElement|null} */
function control(key) {
  const name = `[data-key="${CSS.escape(key)}"]`;
  const here = document.activeElement?.closest(".message");
  const stop = document.querySelector(".stop-ring:not([hidden])"); // what rings across the page comes before all else
  for (const place of [stop, here, document.querySelector(".message[data-waits]"), document]) {
    const found = [...(place?.querySelectorAll(name) ?? [])].find((one) => !one.closest("[hidden]")); // as a stop put aside is
    if (found instanceof HTMLElement) return found;
  }
  return null;
}

/** @param {HTMLElement} found */
function press(found) {
  if (found.matches("input, textarea")) return found.focus();
  found.click();
  const opened = found.closest("details");
  if (opened && found.matches("summary") && opened.open) {
    const field = opened.querySelector("[data-first]") ?? opened.querySelector("input:not([type=hidden]), textarea, button");
    if (field instanceof HTMLElement) field.focus();
    opened.scrollIntoView({ block: "nearest" });
  }
}

/** Opened without its key, by Enter or the mouse: on to its first field, or the words one types next are keys of the page, and
 * the "a" of a reason to decline answers the call. @param {Event} event */
function intoField({ target: opened }) {
  if (!(opened instanceof HTMLDetailsElement) || !opened.matches(".act[open]") || document.activeElement?.parentElement !== opened) return;
  const field = opened.querySelector("[data-first], textarea, input:not([type=hidden], [type=checkbox], [type=radio])");
  if (field instanceof HTMLElement) field.focus();
}

function leave() {
  const here = document.activeElement;
  const open = here?.closest("details.act[open], details.composer[open]");
  if (here instanceof HTMLElement) here.blur();
  if (open instanceof HTMLDetailsElement && open.matches(".act")) open.open = false;
  const message = open?.closest(".message");
  if (message instanceof HTMLElement) message.focus();
}

/** Sends what is being written, where its form can do nothing else. @param {Element} field */
function send(field) {
  if (!(field instanceof HTMLTextAreaElement)) return;
  const buttons = field.form?.querySelectorAll("button") ?? [];
  if (buttons.length === 1) field.form?.requestSubmit(buttons[0]);
}

/** The key by its Latin name. Where a keyboard is set to Arabic or Cyrillic, that is what its caps say beside the letter typed:
 * who writes in that script must not have to switch before a stop can be raised. @param {KeyboardEvent} event @returns {string} */
function keyOf(event) {
  const typed = event.key.toLowerCase();
  if (/^[ -~]*$/.test(typed) || event.getModifierState("AltGraph")) return typed;
  if (typed === "\u061f") return "?"; // the Arabic one
  return /^(?:Key|Digit)(.)$/.exec(event.code)?.[1].toLowerCase() ?? typed;
}

export function listenForKeys() {
  let going = -Infinity; // when "g" was pressed
  document.addEventListener("toggle", intoField, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.repeat && document.activeElement?.matches(".act input")) event.preventDefault();
    if (event.key === "Escape") return leave();
    const at = /** @type {Element} */ (event.target);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) return send(at);
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (at.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    const key = keyOf(event);
    if (event.shiftKey && key.length === 1 && key !== key.toUpperCase()) {
      const shifted = control(`Shift ${key.toUpperCase()}`); // a letter with Shift is a key of its own, never the plain one
      if (shifted) {
        shifted.click();
        event.preventDefault();
      }
      return;
    }
    const after = performance.now() - going < 1500;
    going = -Infinity;
    if (key === "g" && !after) going = performance.now();
    else if (after || key === "?") {
      const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
      if (link instanceof HTMLElement) link.click();
    } else if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "s") document.dispatchEvent(new CustomEvent("parley:silence"));
    else if (key === "enter" && at.matches(".message")) at.querySelector("[data-open]")?.dispatchEvent(new MouseEvent("click"));
    else {
      const found = key.length === 1 ? control(key) : null;
      if (!found) return;
      press(found);
    }
    event.preventDefault();
  });
}
