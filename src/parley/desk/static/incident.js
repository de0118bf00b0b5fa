// Steps a video by a frame, and plays one of each side together on one clock, theirs shifted by an offset in seconds.
// The offset that both sides agreed for the chosen two is taken first; another may be tried, and proposed by the form.
// Without script the players are the browser's own; nothing here is needed to read, to propose, or to sign.

const FRAME_S = 0.04;
const together = /** @type {HTMLElement | null} */ (document.querySelector("[data-frames]"));
const offset = /** @type {HTMLInputElement | null} */ (document.querySelector("#frames-offset"));
const chosen = ["ours", "theirs"].map((whose) => /** @type {HTMLSelectElement | null} */ (document.querySelector(`#frames-${whose}`)));

/** The two videos that are chosen. @returns {(HTMLVideoElement | null)[]} */
const pair = () => chosen.map((one) => one && document.querySelector(`video[data-root="${CSS.escape(one.value)}"]`));

/** The list of evidence is drawn afresh when something comes in, so what it needs is looked up each time. */
function ready() {
  for (const steps of document.querySelectorAll("[data-steps], [data-script]")) steps.toggleAttribute("hidden", false);
}

/** Takes the offset that both sides agreed for the chosen two, where there is one. */
function takeAgreed() {
  const [ours, theirs] = chosen.map((one) => one?.value);
  const holds = [...document.querySelectorAll("[data-holds]")].map((one) => /** @type {HTMLElement} */ (one).dataset);
  const agreed = holds.find((one) => one.ours === ours && one.theirs === theirs);
  if (agreed && offset) offset.value = String(Number(agreed.ms) / 1000);
}

/** Puts theirs where ours is, plus the offset; where theirs has not begun, it waits at its first frame. */
function align() {
  const [near, far] = pair();
  if (near && far) far.currentTime = Math.max(0, near.currentTime + (Number(offset?.value) || 0));
}

/** @param {string} act */
function doTogether(act) {
  const [near, far] = pair();
  const one = document.activeElement instanceof HTMLVideoElement ? document.activeElement : null;
  if (one && act !== "play") {
    one.pause();
    one.currentTime += act === "on" ? FRAME_S : -FRAME_S;
    return;
  }
  if (!near || !far) return;
  if (act === "play" && near.paused) {
    align();
    void Promise.all([near.play(), far.play()]);
    return;
  }
  near.pause();
  far.pause();
  if (act !== "play") near.currentTime += act === "on" ? FRAME_S : -FRAME_S;
  align();
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  const step = button?.dataset.step;
  if (button && step) {
    const one = button.closest("li")?.querySelector("video");
    one?.pause();
    if (one) one.currentTime += Number(step);
  } else if (button?.dataset.do && together?.contains(button)) doTogether(button.dataset.do);
});
offset?.addEventListener("input", align);
for (const one of chosen) {
  one?.addEventListener("change", () => {
    takeAgreed();
    align();
  });
}
new MutationObserver(ready).observe(document.querySelector("main") ?? document.body, { childList: true, subtree: true });
ready();
takeAgreed();
