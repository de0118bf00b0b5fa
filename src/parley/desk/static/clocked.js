// Runs things at their pace, also while the page is in the background, and at once when it is brought back: from a tab
// that was frozen, a laptop that was asleep, a network that was gone.
// @ts-check

let last = 0;
/** @type {Map<number, () => void>} */
const tasks = new Map();

/** @returns {{postMessage: (told: {id: number, ms: number, once: boolean}) => void}} */
function open() {
  try {
    const worker = new Worker(new URL("./clock.js", import.meta.url), { type: "module" });
    worker.addEventListener("message", (event) => tasks.get(event.data)?.());
    return worker;
  } catch {
    // No worker to be had: the page's own timers, slow as they may get, are better than none.
    return { postMessage: ({ id, ms, once }) => void (once ? setTimeout : setInterval)(() => tasks.get(id)?.(), ms) };
  }
}

const clock = open();

/** @param {number} ms @param {() => void} run */
export function every(ms, run) {
  const id = ++last;
  tasks.set(id, run);
  clock.postMessage({ id, ms, once: false });
}

/** @param {number} ms @param {() => void} run */
export function after(ms, run) {
  const id = ++last;
  tasks.set(id, () => {
    tasks.delete(id);
    run();
  });
  clock.postMessage({ id, ms, once: true });
}

/** Runs when the page may have missed something. @param {() => void} run */
export function whenBack(run) {
  document.addEventListener("resume", run);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && run());
  addEventListener("online", run);
}
