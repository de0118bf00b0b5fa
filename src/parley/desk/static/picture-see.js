// Decodes the pictures that come and draws each on a canvas of its own, with the name of who shows it.
// @ts-check

const QUIET_MS = 3000; // shows nothing new for so long: taken away
const BEHIND_MAX = 6; // frames a decoder may be behind before it begins anew

/** @typedef {{ours: boolean, name: string, office: string}} Owner */

class Picture {
  /** @type {VideoDecoder|null} */
  #decoder = null;
  #whole = false;
  heardMs = performance.now();
  figure = document.createElement("figure");
  canvas = document.createElement("canvas");
  caption = document.createElement("figcaption");

  /** @param {() => void} wantsWhole */
  constructor(wantsWhole) {
    this.wantsWhole = wantsWhole;
    this.canvas.setAttribute("role", "img");
    const pane = document.createElement("span");
    pane.className = "pane";
    pane.append(this.canvas);
    this.figure.append(pane, this.caption);
    this.#begin();
  }

  #begin() {
    this.#whole = false;
    if (this.#decoder?.state === "configured") this.#decoder.close();
    this.#decoder = new VideoDecoder({ output: (frame) => this.#draw(frame), error: () => this.#lost() });
    this.#decoder.configure({ codec: "vp8", optimizeForLatency: true });
  }

  #lost() {
    this.#begin();
    this.wantsWhole();
  }

  /** @param {boolean} whole @param {number} at @param {Uint8Array} data */
  take(whole, at, data) {
    this.heardMs = performance.now();
    if ((this.#decoder?.decodeQueueSize ?? 0) > BEHIND_MAX) this.#lost();
    if (!whole && !this.#whole) return;
    this.#whole = true;
    this.#decoder?.decode(new EncodedVideoChunk({ type: whole ? "key" : "delta", timestamp: at * 1000, data }));
  }

  /** @param {VideoFrame} frame */
  #draw(frame) {
    const { displayWidth: width, displayHeight: height } = frame;
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    this.canvas.getContext("2d")?.drawImage(frame, 0, 0);
    frame.close();
    this.canvas.dataset.frames = String(Number(this.canvas.dataset.frames ?? 0) + 1);
  }

  close() {
    if (this.#decoder?.state === "configured") this.#decoder.close();
    this.figure.remove();
  }
}

export class Pictures {
  /** @type {Map<number, Picture>} by stream */
  #seen = new Map();
  /** @type {Map<number, Owner>} by stream */
  #owners = new Map();

  /** @param {HTMLElement} place @param {DOMStringMap} words @param {(stream: number) => void} wantsWhole */
  constructor(place, words, wantsWhole) {
    this.place = place;
    this.words = words;
    this.wantsWhole = wantsWhole;
    setInterval(() => this.#sweep(), 1000);
  }

  /** @param {number} stream @param {Owner} owner */
  owner(stream, owner) {
    this.#owners.set(stream, owner);
  }

  /** A frame as our node gives it (docs/protocol/picture.md). @param {ArrayBuffer} data */
  take(data) {
    const view = new DataView(data);
    const stream = view.getUint32(5);
    const start = 18 + view.getUint8(17);
    let picture = this.#seen.get(stream);
    if (!picture) {
      picture = new Picture(() => this.wantsWhole(stream));
      this.#seen.set(stream, picture);
      this.place.append(picture.figure);
      const owner = this.#owners.get(stream);
      const source = this.words[`source${view.getUint8(3)}`] ?? "";
      const words = [owner?.name, owner?.office, source].filter(Boolean).join(" · ");
      picture.caption.textContent = words;
      picture.canvas.setAttribute("aria-label", words);
      picture.figure.dataset.ours = owner?.ours ? "1" : "";
      this.#count();
    }
    picture.take(view.getUint8(2) === 2, view.getUint32(13), new Uint8Array(data, start));
  }

  #sweep() {
    for (const [stream, picture] of this.#seen) {
      if (performance.now() - picture.heardMs < QUIET_MS) continue;
      picture.close();
      this.#seen.delete(stream);
      this.#count();
    }
  }

  #count() {
    this.place.hidden = !this.#seen.size;
  }
}
