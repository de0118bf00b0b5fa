// A headset's button, or the media key of a keyboard, lifts: one press opens the gate, the next closes it. Such a button
// cannot be held, and it comes to a page in one of two ways: as a key, or, where the browser keeps these keys for whoever
// plays something, through its media session. It gives that to a page with sound of its own for more than five seconds,
// so a desk whose microphone is ready plays six seconds of silence over and over (silence.flac, made of constant frames).
// @ts-check

const KEYS = ["MediaPlayPause", "MediaPlay", "MediaPause", "HeadsetHook", "MicrophoneToggle"];
const ACTIONS = /** @type {MediaSessionAction[]} */ (["play", "pause", "togglemicrophone"]);
const ONE_PRESS_MS = 300; // one press that comes in both ways is one press

/** @param {import("./voice.js").Voice} own @param {() => void} pressed @param {() => void} hangUp */
export function keepHeadset(own, pressed, hangUp) {
  const silence = new Audio(new URL("silence.flac", import.meta.url).href);
  silence.loop = true;
  let lastMs = -Infinity;

  function press() {
    const before = lastMs;
    lastMs = performance.now();
    if (lastMs - before > ONE_PRESS_MS) pressed();
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (!KEYS.includes(event.key)) return;
      event.preventDefault();
      if (!event.repeat) press();
    },
    true,
  );
  for (const action of ACTIONS) handle(action, press);
  handle("hangup", hangUp);

  function keep() {
    if (["ready", "open"].includes(own.state)) void silence.play().catch(() => {}); // held back until a touch: "held" then
    else silence.pause();
    if ("mediaSession" in navigator) navigator.mediaSession.playbackState = own.state === "open" ? "playing" : "paused";
  }
  own.addEventListener("state", keep);
  keep();
}

/** @param {MediaSessionAction} action @param {() => void} run */
function handle(action, run) {
  try {
    navigator.mediaSession.setActionHandler(action, run);
  } catch {
    // a browser that does not know this action, or has no media session
  }
}
