// The handset at the foot of the page: what state the voice is in, lift by holding or latching, who is speaking, what rings.
// A foot switch acts as the key F8, which works while text is being written as well; a headset's button is headset.js.
// @ts-check
import { direct } from "./direct.js";
import { say } from "./announce.js";
import { holdStill } from "./fragments.js";
import { keepHeadset } from "./headset.js";
import { listening } from "./listening.js";
import { voice } from "./voice.js";
import { keepCalls } from "./voice-ring.js";
import { keepVoices } from "./handset-voices.js";

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

  function show() {
    box.dataset.state = own.state;
    part("state").textContent = (words[own.state] ?? "") + (own.state === "ready" && !own.opus ? ` ${words.plain}` : "");
    part("again").hidden = !["forbidden", "missing", "busy", "failed"].includes(own.state);
    part("help").hidden = !["forbidden", "missing", "busy", "insecure"].includes(own.state);
    talk.disabled = !["ready", "open"].includes(own.state) || !direct().open;
    talk.setAttribute("aria-pressed", String(own.state === "open"));
    if (own.state === "open") keepPage();
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
  direct().addEventListener("open", show);
  direct().addEventListener("closed", () => {
    latch.checked = false;
    show();
  });
  // Only the end of the very call this desk speaks into closes its gate: of a lift whose entry is still under way the page
  // knows no call yet, and its first words must go on.
  direct().addEventListener("call", (event) => {
    const { session, state } = /** @type {CustomEvent} */ (event).detail;
    if (session !== own.line?.session || ["ringing", "active"].includes(state)) return;
    latch.checked = false;
    own.release();
  });
  for (const told of ["ringing", "heard"]) {
    direct().addEventListener(told, (event) => refresh(`channel:${/** @type {CustomEvent} */ (event).detail.channel}`));
  }
  direct().addEventListener("refused", (event) => (part("call").textContent = /** @type {CustomEvent} */ (event).detail.sentence));
  part("again").addEventListener("click", () => void own.again());
  own.addEventListener("level", (event) => (/** @type {HTMLMeterElement} */ (part("level")).value = /** @type {CustomEvent} */ (event).detail));
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

  const hangUp = /** @type {HTMLButtonElement} */ (part("hang-up"));
  keepHeadset(own, turn, () => !hangUp.hidden && hangUp.click());
  keepVoices(part("voices"), own);
  keepCalls(
    () => own.audio?.context ?? null,
    (calls) => {
      const call = calls.find((one) => one.channel === channel.value) ?? calls[0];
      hangUp.hidden = !call?.subject || (call.state === "ringing" && !call.ours);
      hangUp.onclick = () => call && direct().say("hang-up", { channel: call.channel, subject: call.subject });
      part("call").textContent = call ? told(call) : "";
      lamp(calls);
      if (call) {
        channel.value = call.channel;
        if (call.state === "ringing" && !call.ours) say("ring", true);
      }
    },
  );

  /** @param {import("./voice-ring.js").Call} call @returns {string} */
  function told(call) {
    const state = call.state === "active" ? words.active : call.ours ? words.calls : words.ringing;
    const facts = [call.rings && call.ours && call.state === "ringing" && words.rings, call.heard && words.heard, call.hears && words.hears];
    return [`${state} ${call.name}`, call.office, ...facts].filter(Boolean).join(" · ");
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

/** While this desk speaks its pages open beside it: leaving the page would cut the voice. */
function keepPage() {
  for (const link of document.querySelectorAll("a[href]:not([target])")) link.setAttribute("target", "_blank");
}
