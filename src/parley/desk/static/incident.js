// Steps a video by a frame, and plays one of each side together on one clock, theirs shifted by an offset in seconds.
// The offset that both sides agreed for the chosen two is taken first; another may be tried, and proposed by the form.
// Without script the players are the browser's own; nothing here is needed to read, to propose, or to sign.
// @ts-check

const FRAME_S = 0.04; // where a browser does not say which frame it shows
const TRY_S = 1 / 120; // no camera of ours is faster
const TRIES = 30; // a quarter of a second: fewer than four frames a second are no film
const SEEN_MS = 300;

/** What somebody chose or typed; the form is drawn afresh when something comes in. @type {Map<string, string>} */
const kept = new Map();
/** One step after the other, however fast the key is pressed. @type {Promise<void>} */
let steps = Promise.resolve();

/** @param {string} id @returns {HTMLInputElement | HTMLSelectElement | null} */
const field = (id) => document.querySelector(`#frames-${id}`);
const chosen = () => ["ours", "theirs"].map((whose) => field(whose)?.value ?? "");
const offset = () => Number(field("offset")?.value) || 0;

/** The two videos that are chosen. @returns {(HTMLVideoElement | null)[]} */
const pair = () => chosen().map((root) => document.querySelector(`video[data-root="${CSS.escape(root)}"]`));

/** Shows what needs script, and gives the fields back what somebody chose in them. */
function ready() {
  for (const each of document.querySelectorAll("[data-steps], [data-script]")) each.toggleAttribute("hidden", false);
  for (const [id, value] of kept) {
    const one = field(id);
    if (one && [...(one instanceof HTMLSelectElement ? one.options : [{ value }])].some((each) => each.value === value)) one.value = value;
  }
  if (!kept.has("offset")) takeAgreed();
}

/** Takes the offset that both sides agreed for the chosen two, where there is one. */
function takeAgreed() {
  const [ours, theirs] = chosen();
  const holds = [...document.querySelectorAll("[data-holds]")].map((one) => /** @type {HTMLElement} */ (one).dataset);
  const agreed = holds.find((one) => one.ours === ours && one.theirs === theirs);
  const typed = field("offset");
  if (agreed && typed) typed.value = String(Number(agreed.ms) / 1000);
}

/** Puts theirs where ours is, plus the offset; where theirs has not begun, it waits at its first frame. */
function align() {
  const [near, far] = pair();
  if (near && far) far.currentTime = Math.max(0, near.currentTime + offset());
}

/** Goes to a moment. @param {HTMLVideoElement} video @param {number} at @returns {Promise<number | null>} of the frame shown */
function frameAt(video, at) {
  return new Promise((done) => {
    video.requestVideoFrameCallback((_, frame) => done(frame.mediaTime));
    setTimeout(() => done(null), SEEN_MS);
    video.currentTime = Math.max(0, at);
  });
}

/** Shows the frame after the one shown, or before it: cameras differ, so it is looked for. @param {HTMLVideoElement} video @param {1 | -1} way */
async function step(video, way) {
  video.pause();
  const from = video.currentTime;
  const before = video.readyState > 1 && "requestVideoFrameCallback" in video ? await frameAt(video, from) : null;
  for (let tries = 1; before !== null && tries <= TRIES; tries += 1) {
    const shown = await frameAt(video, from + way * tries * TRY_S);
    if (shown === null || from + way * tries * TRY_S < 0) break;
    if (shown !== before) return;
  }
  if (before === null) video.currentTime = from + way * FRAME_S;
}

/** @param {string} act */
function doTogether(act) {
  const [near, far] = pair();
  const one = document.activeElement instanceof HTMLVideoElement ? document.activeElement : null;
  if (one && act !== "play") {
    steps = steps.then(() => step(one, act === "on" ? 1 : -1));
    return;
  }
  if (!near || !far) return;
  if (act === "play" && near.paused) {
    align();
    void Promise.all([near.play(), far.play()]).catch(() => undefined);
    return;
  }
  near.pause();
  far.pause();
  steps = act === "play" ? steps.then(align) : steps.then(() => step(near, act === "on" ? 1 : -1)).then(align);
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  const way = button?.dataset.step;
  const one = button?.closest("li")?.querySelector("video");
  if (way && one) steps = steps.then(() => step(one, way === "on" ? 1 : -1));
  else if (button?.dataset.do && button.closest("[data-frames]")) doTogether(button.dataset.do);
});
for (const kind of ["input", "change"])
  document.addEventListener(kind, (event) => {
    const one = event.target;
    if (!(one instanceof HTMLInputElement || one instanceof HTMLSelectElement) || !one.id.startsWith("frames-")) return;
    kept.set(one.id.slice("frames-".length), one.value);
    if (one instanceof HTMLSelectElement) {
      kept.delete("offset");
      takeAgreed();
    }
    align();
  });
document.addEventListener("parley:changed", ready);
ready();
