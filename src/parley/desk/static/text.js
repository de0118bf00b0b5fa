// Real-time text beside a call: what is written here goes to our node as it is written, what others write is shown as
// it comes. Words an input method is still composing stay here until they are words (EN 301 549, 6.2: the smallest unit
// that is reliably composed). A screen reader is told each finished line, not each character.
// @ts-check
import { direct } from "./direct.js";
import { showWriter, wordsOf } from "./text-shown.js";

const EVERY_MS = 100;

/** @template {HTMLElement} T @param {string} id @returns {T|null} */
function part(id) {
  return /** @type {T|null} */ (document.getElementById(id));
}

/** The session of the call this page shows, "" while there is none. @returns {string} */
export function session() {
  return /** @type {HTMLElement|null} */ (document.querySelector("#call-now [data-session]"))?.dataset.session ?? "";
}

export function keepText() {
  showInHandset();
  const pane = part("text");
  if (!pane) return;
  const channel = pane.dataset.channel ?? "";
  const line = direct();
  showLines(channel);
  const writing = keepField(channel);
  function open() {
    line.say("follow", { channel });
    writing?.again();
  }
  line.addEventListener("open", open);
  if (line.open) open();
  const show = () => {
    if (session()) pane.hidden = false; // what was written stays in view when the call is over
    writing?.allow(line.open && !!session());
  };
  for (const kind of ["open", "closed"]) line.addEventListener(kind, show);
  document.addEventListener("parley:changed", show);
  show();
}

/** The field: sends what is in it at most every 100 ms, the latest always. @param {string} channel */
function keepField(channel) {
  const form = part("text-form");
  const field = /** @type {HTMLTextAreaElement|null} */ (part("text-field"));
  if (!form || !field) return null;
  const finish = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const problem = part("text-problem");
  let sent = "";
  let sentMs = -Infinity;
  let timer = 0;
  let composing = false;

  const now = () => (field?.value ?? "").replaceAll("\n", " ").normalize("NFC");

  /** @param {string} say @param {string} text @returns {boolean} */
  function tell(say, text) {
    if (!session() || !direct().say(say, { channel, session: session(), text })) return false;
    if (problem) problem.textContent = "";
    sent = text;
    sentMs = performance.now();
    return true;
  }

  function changed() {
    if (composing || timer || now() === sent) return;
    const wait = sentMs + EVERY_MS - performance.now();
    if (wait <= 0) tell("text", now());
    else {
      timer = window.setTimeout(() => {
        timer = 0;
        changed();
      }, wait);
    }
  }

  function end() {
    const text = now();
    clearTimeout(timer);
    timer = 0;
    if (!text.trim() || composing || !tell("text-line", text)) return;
    if (field) field.value = "";
    sent = "";
  }

  field.addEventListener("input", (event) => {
    composing = /** @type {InputEvent} */ (event).isComposing;
    changed();
  });
  field.addEventListener("compositionstart", () => (composing = true));
  field.addEventListener("compositionend", () => {
    composing = false;
    changed();
  });
  field.addEventListener("keydown", (event) => {
    // 229: the key belongs to an input method, also where the browser has ended the composition before it (Safari)
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    end();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    end();
  });
  direct().addEventListener("refused", (event) => {
    const { say, sentence } = /** @type {CustomEvent} */ (event).detail;
    if (problem && (say === "text" || say === "text-line")) problem.textContent = sentence;
  });
  return {
    /** After a cut our node knows nothing of this page's line. */
    again() {
      sent = "";
      changed();
    },
    /** @param {boolean} may */
    allow(may) {
      field.disabled = finish.disabled = !may;
    },
  };
}

/** @param {string} channel */
function showLines(channel) {
  const lines = /** @type {HTMLElement} */ (part("text-lines"));
  const now = /** @type {HTMLElement} */ (part("text-now"));
  const words = wordsOf("text-words");
  /** @type {Set<string>} */
  const known = new Set();
  direct().addEventListener("text", (event) => {
    const told = /** @type {CustomEvent} */ (event).detail;
    if (told.channel === channel) showWriter(now, told, told.text);
  });
  direct().addEventListener("text-line", (event) => {
    const told = /** @type {CustomEvent} */ (event).detail;
    const key = `${told.session}/${told.stream}/${told.line}`;
    if (told.channel !== channel || known.has(key)) return;
    known.add(key);
    showWriter(now, told, "");
    const item = document.createElement("li");
    lines.append(item);
    showWriter(lines, told, told.text ?? words.lost ?? "", item);
    if (lines.parentElement) lines.parentElement.scrollTop = lines.scrollHeight;
  });
  direct().addEventListener("call", (event) => {
    if (!["ringing", "active"].includes(/** @type {CustomEvent} */ (event).detail.state)) now.replaceChildren();
  });
  direct().addEventListener("closed", () => now.replaceChildren()); // told anew when the connection is back
}

/** On every page of a desk on watch: the last words of theirs, and the way to the page of the call. */
function showInHandset() {
  const row = part("handset-text");
  if (!row || part("text")) return;
  const [name, text] = [row.querySelector("a"), row.querySelector("bdi")];
  for (const kind of ["text", "text-line"]) {
    direct().addEventListener(kind, (event) => {
      const told = /** @type {CustomEvent} */ (event).detail;
      if (told.ours || !told.text || !name || !text) return;
      row.hidden = false;
      name.href = `/channels/${told.channel}/call`;
      name.textContent = told.name;
      text.textContent = told.text;
    });
  }
  direct().addEventListener("call", (event) => {
    if (!["ringing", "active"].includes(/** @type {CustomEvent} */ (event).detail.state)) row.hidden = true;
  });
}
