// Picture in a call: what this page shows, by the choice of who sits here, and what it sees. A connection of its own, so
// that sound waits for none of it; open only while a call goes on.
// @ts-check
import { after } from "./clocked.js";
import { Camera } from "./picture-send.js";
import { Pictures } from "./picture-see.js";
import { session } from "./text.js";

const SOURCES = { camera: 1, document: 2, screen: 3 };
const UNSENT_MAX = 600_000; // bytes this page's own way to its node is behind

export function keepPicture() {
  const pane = document.getElementById("picture");
  const place = document.getElementById("picture-seen");
  const stop = document.getElementById("picture-stop");
  const state = document.getElementById("picture-state");
  const again = document.getElementById("picture-again");
  const own = /** @type {HTMLVideoElement|null} */ (document.getElementById("picture-own"));
  if (!pane || !place || !state) return;
  const words = pane.dataset;
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (pane.querySelectorAll("[data-source]"));
  const seen = new Pictures(place, words, (stream) => say({ say: "whole", stream }));
  /** @type {WebSocket|null} */
  let socket = null;
  /** @type {Camera|null} */
  let camera = null;
  /** @type {import("./picture-send.js").Source} */
  let source = "camera";
  let number = 0;
  let allowed = false;
  let refused = false; // one page too many: only a person asks again

  for (const button of buttons) {
    button.addEventListener("click", () => void show(/** @type {import("./picture-send.js").Source} */ (button.dataset.source)));
  }
  stop?.addEventListener("click", () => end());
  again?.addEventListener("click", () => {
    if (socket) return;
    tell(""); // so that the same words are heard anew if it is refused again
    connect();
  });
  document.addEventListener("parley:changed", follow);
  addEventListener("pagehide", () => end());
  follow();

  /** @param {object} said */
  function say(said) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(said));
  }

  /** Opens once a call is answered and closes with it. */
  function follow() {
    const on = !!session() && document.querySelector("#call-now [data-call-state=active]") !== null;
    if (pane) pane.hidden = !on;
    if (on && !socket && !refused) connect();
    if (!on) refuse(false);
    if (!on && socket) {
      end();
      socket.close();
      socket = null;
    }
  }

  function connect() {
    const address = new URL(words.address ?? "", location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const opened = (socket = new WebSocket(address));
    opened.binaryType = "arraybuffer";
    opened.addEventListener("open", () => camera && say({ say: "show", session: session() }));
    opened.addEventListener("message", (event) => {
      if (typeof event.data !== "string") seen.take(event.data);
      else hear(JSON.parse(event.data));
    });
    opened.addEventListener("close", (event) => {
      if (socket !== opened) return;
      socket = null;
      allowed = false;
      if (event.reason === "picture.full") refuse(true);
      else after(1000, follow);
    });
  }

  /** @param {boolean} now */
  function refuse(now) {
    if (now) end(words.many);
    else if (refused) tell("");
    refused = now;
    if (again) again.hidden = !now;
  }

  /** @param {any} told */
  function hear(told) {
    if (told.told === "shows") seen.owner(told.stream, told);
    else if (told.told === "whole") camera?.whole();
    else if (told.told === "less") camera?.less();
    else if (told.told === "over") end();
    else if (told.told === "looking") refuse(false);
    else if (told.told === "showing" && camera) {
      allowed = true;
      camera.whole();
      tell(words[`on${SOURCES[source]}`]);
    } else if (told.told === "refused") end(told.sentence);
  }

  /** @param {import("./picture-send.js").Source} wanted */
  async function show(wanted) {
    end();
    if (!("VideoEncoder" in globalThis)) return tell(words.cannot);
    if (refused) return tell(words.many);
    const next = new Camera(send, () => end());
    try {
      await next.start((source = wanted));
    } catch (error) {
      next.stop();
      return tell(error instanceof DOMException && error.name === "NotAllowedError" ? words.denied : words.missing);
    }
    camera = next;
    say({ say: "show", session: session() });
    if (own) {
      own.srcObject = next.stream;
      own.hidden = false;
      void own.play();
    }
    if (stop) stop.hidden = false;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.source === wanted));
  }

  /** @param {string} [why] */
  function end(why) {
    if (camera) say({ say: "hide" });
    camera?.stop();
    camera = null;
    allowed = false;
    if (own) {
      own.srcObject = null;
      own.hidden = true;
    }
    if (stop) stop.hidden = true;
    for (const button of buttons) button.setAttribute("aria-pressed", "false");
    tell(why ?? "");
  }

  /** @param {import("./picture-send.js").Encoded} frame */
  function send(frame) {
    if (!allowed || socket?.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount > UNSENT_MAX) return camera?.less();
    const data = new Uint8Array(12 + frame.data.length);
    const view = new DataView(data.buffer);
    data.set([2, frame.form, SOURCES[source], frame.size]);
    view.setUint32(4, number++);
    view.setUint32(8, frame.at >>> 0);
    data.set(frame.data, 12);
    socket.send(data);
  }

  /** @param {string|undefined} words */
  function tell(words) {
    if (state) state.textContent = words ?? "";
  }
}
