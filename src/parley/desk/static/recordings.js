// Plays the voices of a recording together: each began at its own time, and pauses with the others.
// @ts-check

export function keepRecordings() {
  for (const section of document.querySelectorAll(".recording")) keepOne(/** @type {HTMLElement} */ (section));
}

/** @param {HTMLElement} section */
function keepOne(section) {
  const button = /** @type {HTMLButtonElement|null} */ (section.querySelector("[data-play-all]"));
  const voices = /** @type {HTMLAudioElement[]} */ ([...section.querySelectorAll("audio")]);
  if (!button || !voices.length) return;
  const play = button;
  play.hidden = false;
  /** @type {number[]} */
  let waiting = [];

  function stop() {
    for (const timer of waiting) clearTimeout(timer);
    waiting = [];
    for (const voice of voices) voice.pause();
    play.setAttribute("aria-pressed", "false");
  }

  play.addEventListener("click", () => {
    const plays = play.getAttribute("aria-pressed") === "true";
    stop();
    if (plays) return;
    play.setAttribute("aria-pressed", "true");
    const first = Math.min(...voices.map(starts));
    waiting = voices.map((voice) => {
      voice.currentTime = 0;
      return window.setTimeout(() => void voice.play().catch(stop), starts(voice) - first);
    });
  });
  for (const voice of voices) {
    voice.addEventListener("ended", () => {
      if (voices.every((one) => one.ended || one.currentTime === 0)) play.setAttribute("aria-pressed", "false");
    });
  }
}

/** @param {HTMLAudioElement} voice @returns {number} milliseconds since the recording began */
function starts(voice) {
  return Number(voice.dataset.starts ?? 0);
}
