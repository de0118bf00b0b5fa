// Tells our node which messages have really been on this screen: in view, on a visible page, for one second.
// "Shown at their desk" is a fact the other side relies on, so a page in a hidden tab shows nothing.
// @ts-check

const LOOK_MS = 1000;

/** @param {string} channel @param {string} subject */
async function note(channel, subject) {
  const form = new URLSearchParams({ subject });
  const answer = await fetch(`/channels/${encodeURIComponent(channel)}/shown`, { method: "POST", body: form });
  if (!answer.ok) throw new Error(String(answer.status)); // asked again when the page next changes
}

export function noteShown() {
  /** @type {Map<Element, number>} */
  const waiting = new Map();
  const done = new Set();

  /** @param {HTMLElement} message */
  function seen(message) {
    waiting.delete(message);
    const { subject, channel } = message.dataset;
    if (!subject || !channel || done.has(subject) || document.visibilityState !== "visible") return;
    done.add(subject);
    note(channel, subject).catch(() => done.delete(subject));
  }

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        clearTimeout(waiting.get(target));
        waiting.delete(target);
        if (isIntersecting) waiting.set(target, setTimeout(() => seen(/** @type {HTMLElement} */ (target)), LOOK_MS));
      }
    },
    // Half of it, or for a long one as much as fits: its first lines are what counts as having it on the screen.
    { threshold: [0.01, 0.5] },
  );

  function watch() {
    observer.disconnect();
    if (document.visibilityState !== "visible") return;
    for (const message of document.querySelectorAll('[data-unshown="1"]')) observer.observe(message);
  }
  document.addEventListener("visibilitychange", watch);
  document.addEventListener("parley:changed", watch);
  watch();
}
