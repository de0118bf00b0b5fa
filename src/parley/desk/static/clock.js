// The clock of a page, as a worker: browsers slow the timers of a page in the background down to one a minute, which
// would take a desk off watch and make it ring a minute late. They do not slow down a worker's.
// @ts-check

/** @type {Map<number, ReturnType<typeof setInterval>>} */
const running = new Map();

addEventListener("message", (event) => {
  const { id, ms, once } = event.data;
  clearInterval(running.get(id));
  running.delete(id);
  if (ms === null) return;
  const tell = () => postMessage(id);
  running.set(id, once ? setTimeout(tell, ms) : setInterval(tell, ms));
});
