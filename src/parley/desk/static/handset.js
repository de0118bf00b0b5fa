// The handset at the foot of the page: what state the voice is in, lift by holding or latching, who is speaking, what rings.
// A foot switch acts as the key F8, which works while text is being written as well; a headset's button is headset.js.
// @ts-check
import { direct } from "./direct.js";
import { say, sayText } from "./announce.js";
import { after } from "./clocked.js";
import { holdStill } from "./fragments.js";
import { keepHeadset } from "./headset.js";
import { listening } from "./listening.js";
import { SILENT, SILENT_MS } from "./listening-levels.js";
import { voice } from "./voice.js";
import { keepCalls } from "./voice-ring.js";
import { keepVoices } from "./handset-voices.js";

const WITHOUT = ["forbidden", "missing", "busy", "failed"]; // no microphone, and trying again may give one
const USUAL = "IMMEDIATE"; // how urgent a call is that nobody chose otherwise
const OPENING_MS = 3000; // a page that has no connection after that says so

/** @template {HTMLElement} T @param {string} id @returns {T} */
function part(id) {
  return /** @type {T} */ (document.getElementById(`handset-${id}`));
}

/** @param {(topic: string) => void} refresh shows a part of the page anew */
export function keepHandset(refresh) {
  const found = document.getElementById("handset");
  if (!found) return;
  const box = found;
  const words = /** @type {HTMLTemplateElement} */ (document.getElementById("handset-words")).dataset;
  const talk = /** @type {HTMLButtonElement} */ (part("talk"));
  const latch = /** @type {HTMLInputElement} */ (part("latch"));
  const channel = /** @type {HTMLSelectElement} */ (part("channel"));
  const precedence = /** @type {HTMLSelectElement} */ (part("precedence"));
  const own = voice();

  /** @type {import("./voice-ring.js").Call[]} */
  let calls = [];
  let connected = false; // once: before the first time a page is not cut, it is opening
  let spoke = false;
  let soundMs = 0; // when the open microphone last gave any sound, or was opened
  let cutOff = false; // somebody spoke when the connection went, and has not lifted since

  function show() {
    if (own.state === "open" && !spoke) soundMs = performance.now();
    if (own.state === "open") cutOff = false;
    else if (spoke && !direct().open) {
      cutOff = true;
      sayText(words.cut ?? "", true); // who was speaking must hear of it at once
    } else if (spoke && WITHOUT.includes(own.state)) sayText(words[own.state] ?? "", true);
    if (!["ready", "open"].includes(own.state)) latch.checked = false; // else the next press would stay open
    spoke = own.state === "open";
    connected ||= direct().open;
    const cut = connected && !direct().open && !["off", "elsewhere", "asking", "insecure"].includes(own.state);
    box.dataset.state = cut ? "cut" : own.state;
    sayState(cut ? words.cut : stateWords());
    part("again").hidden = !WITHOUT.includes(own.state);
    part("help").hidden = !["forbidden", "missing", "busy", "insecure"].includes(own.state);
    talk.disabled = !["ready", "open"].includes(own.state) || !direct().open;
    talk.setAttribute("aria-pressed", String(own.state === "open"));
    if (own.state === "open") keepPage();
  }

  /** @returns {string} */
  function stateWords() {
    if (own.state === "open" && lineDown()) return words.openDown ?? "";
    if (listening().waits(channel.value) && own.state === "open") return words.openTurn ?? "";
    if (own.state === "open" && performance.now() - soundMs > SILENT_MS) return words.openSilent ?? "";
    if (own.state === "open" && !isHeard()) return words.openUnheard ?? "";
    if (listening().waits(channel.value) && own.state === "ready" && !cutOff) return words.readyTurn ?? "";
    if (own.state === "ready" && !direct().open) return words.joining ?? ""; // opening: what is cut says so
    const told = own.state === "ready" && cutOff ? words.wasCut : words[own.state];
    return (told ?? "") + (own.state === "ready" && !own.opus ? ` ${words.plain}` : "");
  }

  /** Says whether a loudspeaker there has played a voice of ours in the call this desk speaks into: nothing else lights that.
   * @returns {boolean} */
  function isHeard() {
    const into = calls.find((one) => one.session === own.line?.session) ?? calls.find((one) => one.channel === channel.value);
    return into?.heard ?? false;
  }

  /** Only what differs: it is a live region. @param {string|undefined} told */
  function sayState(told) {
    if (part("state").textContent !== told) part("state").textContent = told ?? "";
  }

  /** @returns {boolean} */
  function lift() {
    const lifted = own.lift(channel.value, precedence.value, listening().mine(channel.value)?.to ?? "");
    if (lifted) holdStill();
    return lifted;
  }

  function letGo() {
    if (!latch.checked) own.release();
  }

  // An interpreter who changes direction goes on in the other stream; one who is relieved is silent.
  listening().addEventListener("mine", () => {
    if (own.state !== "open") return;
    own.release();
    if (listening().mine(channel.value)) lift();
    else latch.checked = false;
  });
  own.addEventListener("state", show);
  listening().addEventListener("change", show); // a turn was passed on
  direct().addEventListener("open", show);
  direct().addEventListener("closed", () => {
    latch.checked = false;
    show();
  });
  // The line may have gone down, or be up again.
  document.addEventListener("parley:changed", () => {
    show();
    showCalls();
  });
  after(OPENING_MS, () => {
    connected = true;
    show();
  });
  // Only the end of the very call this desk speaks into closes its gate: of a lift whose entry is still under way the page
  // knows no call yet, and its first words must go on.
  direct().addEventListener("call", (event) => {
    const { session, state } = /** @type {CustomEvent} */ (event).detail;
    unplaced = state === "unplaced" || (unplaced && !["ringing", "active"].includes(state));
    if (session !== own.line?.session || ["ringing", "active"].includes(state)) return;
    latch.checked = false;
    own.release();
  });
  for (const told of ["ringing", "heard"]) {
    direct().addEventListener(told, (event) => refresh(`channel:${/** @type {CustomEvent} */ (event).detail.channel}`));
  }
  direct().addEventListener("refused", (event) => {
    const { say: said, sentence } = /** @type {CustomEvent} */ (event).detail;
    part("call").textContent = sentence;
    if (said === "lift") latch.checked = false; // else the next press would stay open
  });
  direct().addEventListener("let-go", () => (latch.checked = false));
  part("again").addEventListener("click", () => void own.again());
  own.addEventListener("level", (event) => {
    const level = /** @type {CustomEvent} */ (event).detail;
    /** @type {HTMLMeterElement} */ (part("level")).value = level;
    if (own.state !== "open") return;
    if (level > SILENT) soundMs = performance.now();
    sayState(stateWords());
  });
  talk.addEventListener("pointerdown", (event) => {
    talk.setPointerCapture(event.pointerId);
    lift();
  });
  for (const kind of ["pointerup", "pointercancel"]) talk.addEventListener(kind, letGo);
  latch.addEventListener("change", () => {
    if (!latch.checked) own.release();
    else if (own.state !== "open") latch.checked = lift();
  });
  document.addEventListener("keydown", (event) => key(event, true), true);
  document.addEventListener("keyup", (event) => key(event, false), true);
  addEventListener("blur", letGo); // a key let go in another window is never heard of here

  /** @param {KeyboardEvent} event @param {boolean} down */
  function key(event, down) {
    const onButton = document.activeElement === talk && (event.key === " " || event.key === "Enter");
    if (event.key !== "F8" && !onButton) return;
    event.preventDefault();
    if (event.repeat) return;
    if (event.shiftKey && down) turn();
    else if (down) lift();
    else letGo();
  }

  function turn() {
    latch.checked = !latch.checked;
    latch.dispatchEvent(new Event("change"));
  }

  let lost = false; // there was a call, and our own node does not answer
  let unplaced = false; // what rang last was no call in their record; said until there is one
  let urgencyOf = ""; // the session whose precedence the choice took over last
  let chose = false; // a person chose the channel: it stays so while no other call comes
  /** @type {string[]} */
  let known = []; // sessions of the calls shown last
  let saidOf = ""; // the session of which it was last said aloud that they call
  const hangUp = /** @type {HTMLButtonElement} */ (part("hang-up"));
  keepHeadset(own, turn, () => !hangUp.hidden && hangUp.click());
  channel.addEventListener("change", () => {
    chose = true;
    showCalls();
  });
  keepVoices(part("voices"), own);
  keepCalls(
    () => own.audio?.context ?? null,
    (now, gone) => {
      [calls, lost] = [now, gone ?? false];
      showCalls();
    },
  );

  function showCalls() {
    if (calls.some((one) => !known.includes(one.session))) chose = false;
    known = calls.map((one) => one.session);
    let here = calls.find((one) => one.channel === channel.value);
    if (!here && calls.length && !chose && own.state !== "open") {
      here = calls[0];
      channel.value = here.channel;
    }
    const call = here ?? calls[0];
    hangUp.hidden = !call?.subject || (call.state === "ringing" && !call.ours);
    hangUp.onclick = () => call && direct().say("hang-up", { channel: call.channel, subject: call.subject });
    const where = call && call !== here ? `${titleOf(call.channel)}: ` : ""; // the microphone goes elsewhere
    part("call").textContent = call ? where + told(call) : ((lost ? words.callLost : unplaced ? words.unplaced : "") ?? "");
    // Who presses to talk in a call must not break in on it by what the choice stood at; a person may still choose FLASH.
    if (!lost && urgencyOf !== (here?.session ?? "")) {
      urgencyOf = here?.session ?? "";
      precedence.value = here?.precedence || USUAL;
    }
    if (own.state === "open") sayState(stateWords());
    if (lost) part("recording").hidden = true; // nobody here knows; nothing is said of it
    else lamp(calls);
    if (call && call.state === "ringing" && !call.ours && saidOf !== call.session) {
      saidOf = call.session;
      say("ring", true);
    }
  }

  /** @param {string} id @returns {string} */
  function titleOf(id) {
    return [...channel.options].find((one) => one.value === id)?.text ?? id;
  }

  /** @param {import("./voice-ring.js").Call} call @returns {string} */
  function told(call) {
    const state = call.state === "active" ? words.active : call.ours ? words.calls : words.ringing;
    const heard = lineDown() ? [] : [call.heard && words.heard, call.hears && words.hears]; // now they do not
    const waits = call.ours && call.state === "ringing" && !lineDown();
    const rings = waits && (call.rings ? words.rings : call.rings === false && (call.rang ? words.silentNow : words.silent));
    const [name, office] = call.ours && call.answered ? [call.answered, call.answered_office] : [call.name, call.office];
    return [`${state} ${name}`, office, rings, ...heard].filter(Boolean).join(" · ");
  }

  /** Lights the lamp, and says so aloud when it changes. @param {import("./voice-ring.js").Call[]} calls */
  function lamp(calls) {
    const runs = calls.some((one) => one.recording === "running");
    if (runs === !part("recording").hidden) return;
    part("recording").hidden = !runs;
    say(runs ? "recording" : "recordingOver", true);
  }

  show();
  void own.start((box.dataset.channels ?? "").split(" "));
}

/** Says whether the page shows that the line is down. @returns {boolean} */
function lineDown() {
  return document.querySelector("[data-line-down]") !== null;
}

/** While this desk speaks its pages open beside it: leaving the page would cut the voice. */
function keepPage() {
  for (const link of document.querySelectorAll("a[href]:not([target])")) link.setAttribute("target", "_blank");
}
