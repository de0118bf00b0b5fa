// The WebSocket of the direct connection, as the page sees it. It lives on a thread of its own (voice-worker.js), with
// encoder and decoders: what this page draws or asks for must not hold a voice back. Words pass here, sound does not.
// @ts-check

/** @type {Worker|null} */
let worker = null;

/** The thread of this page that has its sound. @returns {Worker} */
export function soundThread() {
  worker ??= new Worker(new URL("./voice-worker.js", import.meta.url), { type: "module", name: "sound" });
  return worker;
}

let opened = 0;

export class FarSocket extends EventTarget {
  /** @type {number} */
  readyState = WebSocket.CONNECTING;
  #number = ++opened;
  #told = (/** @type {MessageEvent} */ event) => this.#hear(event.data);

  /** @param {URL} address */
  constructor(address) {
    super();
    soundThread().addEventListener("message", this.#told);
    soundThread().postMessage({ connect: String(address), number: this.#number });
  }

  /** @param {string} text */
  send(text) {
    soundThread().postMessage({ send: text, number: this.#number });
  }

  close() {
    this.readyState = WebSocket.CLOSING;
    soundThread().postMessage({ close: this.#number });
  }

  /** @param {{socket?: string, number?: number, data?: string, code?: number, reason?: string}} told */
  #hear({ socket, number, data, code, reason }) {
    if (!socket || number !== this.#number) return;
    if (socket === "open") {
      this.readyState = WebSocket.OPEN;
      this.dispatchEvent(new Event("open"));
    } else if (socket === "message") this.dispatchEvent(new MessageEvent("message", { data }));
    else {
      this.readyState = WebSocket.CLOSED;
      soundThread().removeEventListener("message", this.#told);
      this.dispatchEvent(new CloseEvent("close", { code, reason }));
    }
  }
}
