// Sound without an encoder: 16 kHz, 16 bits, for browsers that have no WebCodecs. Speech up to 7 kHz passes.
// @ts-check

const TAPS = 127; // passes to 7 kHz within a decibel, and lets little of what lies above 8 kHz fold back; 1.3 ms
const filter = Float32Array.from({ length: TAPS }, (_, at) => {
  const from = at - (TAPS - 1) / 2;
  const cut = 2 * (7600 / 48_000);
  const sinc = from ? Math.sin(Math.PI * cut * from) / (Math.PI * from) : cut;
  return sinc * (0.54 - 0.46 * Math.cos((2 * Math.PI * at) / (TAPS - 1)));
});

/** Keeps what a filter needs of the block before. */
export class Down {
  #past = new Float32Array(TAPS - 1);

  /** @param {Float32Array} block 960 samples at 48 kHz @returns {Uint8Array} 640 bytes */
  take(block) {
    const all = new Float32Array(this.#past.length + block.length);
    all.set(this.#past);
    all.set(block, this.#past.length);
    this.#past = all.slice(block.length);
    const made = new DataView(new ArrayBuffer(640));
    for (let at = 0; at < 320; at++) {
      let sum = 0;
      for (let tap = 0; tap < TAPS; tap++) sum += filter[tap] * all[at * 3 + tap];
      made.setInt16(at * 2, Math.round(Math.max(-1, Math.min(1, sum)) * 32_767), true);
    }
    return new Uint8Array(made.buffer);
  }
}

/** Back to 48 kHz. */
export class Up {
  #past = new Float32Array(TAPS - 1);

  /** @param {Uint8Array} payload 640 bytes @returns {Float32Array} 960 samples */
  take(payload) {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    const all = new Float32Array(this.#past.length + 960);
    all.set(this.#past);
    for (let at = 0; at < 320; at++) all[this.#past.length + at * 3] = (view.getInt16(at * 2, true) / 32_768) * 3;
    this.#past = all.slice(960);
    const made = new Float32Array(960);
    for (let at = 0; at < 960; at++) {
      let sum = 0;
      for (let tap = 0; tap < TAPS; tap++) sum += filter[tap] * all[at + tap];
      made[at] = sum;
    }
    return made;
  }
}
