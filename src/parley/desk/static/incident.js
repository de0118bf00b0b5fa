// Steps a video by a frame, and plays one of each side together, the far one shifted by an offset in seconds.
// Without script the players are the browser's own; nothing here is needed to read or to sign.

/** @param {number} ours @returns {HTMLVideoElement | null} */
const video = (ours) => document.querySelector(`video[data-ours="${ours}"]`);

const together = /** @type {HTMLElement | null} */ (document.querySelector("[data-frames]"));
const offset = /** @type {HTMLInputElement | null} */ (document.querySelector("#frames-offset"));
const FRAME_S = 0.04;

/** The list of evidence is drawn afresh when something comes in, so what it needs is looked up each time. */
function ready() {
  for (const steps of document.querySelectorAll("[data-steps]")) steps.toggleAttribute("hidden", false);
  together?.toggleAttribute("hidden", !(video(1) && video(0)));
}

/** Puts the far video where ours is, plus the offset. */
function align() {
  const [near, far] = [video(1), video(0)];
  if (near && far) far.currentTime = Math.max(0, near.currentTime + (Number(offset?.value) || 0));
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  const step = button?.dataset.step;
  if (button && step) {
    const one = button.closest("li")?.querySelector("video");
    one?.pause();
    if (one) one.currentTime += Number(step);
    return;
  }
  const [near, far, act] = [video(1), video(0), button?.dataset.do];
  if (!near || !far || !act || !together?.contains(button)) return;
  if (act === "play" && near.paused) {
    align();
    void Promise.all([near.play(), far.play()]);
    return;
  }
  near.pause();
  far.pause();
  if (act !== "play") near.currentTime += act === "on" ? FRAME_S : -FRAME_S;
  align();
});
offset?.addEventListener("input", align);
new MutationObserver(ready).observe(document.querySelector("main") ?? document.body, { childList: true, subtree: true });
ready();
