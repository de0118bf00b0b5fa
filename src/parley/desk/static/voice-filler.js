// What is heard in place of a frame that never came, and where in a sound one may go on without anybody noticing.
// @ts-check

const FRAME = 960; // 20 ms at 48 kHz
const LEAST = 120; // 2.5 ms: the pitch of the highest voices

/** Gives how far from `from`, at most `by` (either way), the next `size` samples are most like those at `from`; 0 if `by`
 * is too little. In silence it gives all of `by`.
 * @param {Float32Array} sound @param {number} from @param {number} by @param {number} size @returns {number} */
export function likest(sound, from, by, size) {
  const way = Math.sign(by);
  let best = 0;
  let most = -Infinity;
  for (let lag = LEAST; lag <= Math.abs(by); lag += 4) {
    let like = 0;
    let power = 1e-6;
    for (let at = 0; at < size; at += 4) {
      const there = sound[from + way * lag + at];
      like += sound[from + at] * there;
      power += there * there;
    }
    const score = power < 1e-4 ? 0 : like / Math.sqrt(power);
    if (score >= most) [most, best] = [score, lag];
  }
  return way * best;
}

/** The last pitch period heard, again and again, ever softer. */
export class Filler {
  #past = new Float32Array(2 * FRAME);
  #period = 0;
  #at = 0;
  #gain = 0;

  /** @param {Float32Array} frame what was just taken into use */
  heard(frame) {
    this.#past.copyWithin(0, FRAME);
    this.#past.set(frame.subarray(0, FRAME), FRAME);
    this.#period = 0;
  }

  /** @returns {Float32Array} 20 ms in place of what is missing */
  fill() {
    if (!this.#period) {
      this.#period = -likest(this.#past, FRAME, -600, FRAME) || FRAME / 2;
      this.#at = 0;
      this.#gain = 1;
    }
    const made = new Float32Array(FRAME);
    const start = this.#past.length - this.#period;
    for (let at = 0; at < FRAME; at++) {
      made[at] = this.#past[start + (this.#at++ % this.#period)] * this.#gain;
      this.#gain = Math.max(0, this.#gain - 1 / (3 * FRAME)); // silent after 60 ms
    }
    return made;
  }
}
