// The microphone's end, on the audio thread: cuts what it hears into blocks of 20 ms and hands each over at once.
// It runs from going on watch until leaving it; whether a block goes anywhere is decided by the gate (voice.js).
// @ts-check

const BLOCK = 960; // 20 ms at 48 kHz

class Capture extends AudioWorkletProcessor {
  #block = new Float32Array(BLOCK);
  #filled = 0;
  #to = this.port; // the page, or straight the thread that encodes

  constructor() {
    super();
    this.port.onmessage = ({ data }) => (this.#to = data.to);
  }

  /** @param {Float32Array[][]} inputs @returns {boolean} */
  process(inputs) {
    const heard = inputs[0]?.[0];
    if (!heard) return true;
    for (let from = 0; from < heard.length; ) {
      const count = Math.min(heard.length - from, BLOCK - this.#filled);
      this.#block.set(heard.subarray(from, from + count), this.#filled);
      this.#filled += count;
      from += count;
      if (this.#filled === BLOCK) {
        this.#to.postMessage(this.#block, [this.#block.buffer]);
        this.#block = new Float32Array(BLOCK);
        this.#filled = 0;
      }
    }
    return true;
  }
}

registerProcessor("parley-capture", Capture);
