// The buffer of one voice: waits just long enough for what comes late on this line, follows the other clock, and fills
// a missing frame. Media time is in samples on the speaker's clock, as the frames say it; the clock is this loudspeaker's.
// docs/desk/voice.md has why.
// @ts-check
import { Filler, likest } from "./voice-filler.js";

const FRAME = 960; // 20 ms at 48 kHz
const MS = 48;
const WAIT_FIRST = 40 * MS; // how long the first frame of a voice waits for the next ones on a line not heard before
const WAIT_MIN = 24 * MS;
const WAIT_MAX = 240 * MS;
const IN_TIME = 0.98; // the share of frames the wait is long enough for
const STEP = 4 * MS; // how far the wait moves at one frame
const FALL = 0.2 * MS; // and back at each frame once nothing has needed so long a wait for a while; what bending can follow
const LATE_RUN = 8; // frames in a row, each about as late as the one before
const WINDOW = 2000 * MS; // over which the fastest frame counts
const DEAD = 2 * MS; // closer to the right place than this is right
const BEND = 0.01; // at most one percent faster or slower: nobody hears it
const JUMP = 8 * MS; // further than this from the right place, pitch periods are left out or said twice
const BEFORE = 2 * FRAME; // what a lift brings along of before it (voice-worker.js)
const FADE = 240; // 5 ms from one place into another
const YOUNG = BEFORE + 6 * FRAME; // so much of a spurt is played just as it was said: in it is the first syllable
const PATIENCE = 100 * MS; // and waited for, where all that is to come is late
const SILENT = 200 * MS; // a voice that has said nothing for this long begins anew
const FRAMES_MAX = 64; // kept for one voice: more than any wait

export class VoiceBuffer {
  /** @type {Map<number, Float32Array>} by number of 20 ms of media time; the two before the present one are kept */
  #frames = new Map();
  /** @type {Set<number>} which of them are filled gaps */
  #gaps = new Set();
  #filler = new Filler();
  #wait = WAIT_FIRST;
  #fastest = Infinity; // least (arrival - media time) of this window
  #fastestBefore = Infinity; // and of the one before
  #windowAt = 0;
  #lateRun = 0;
  #over = 0; // how late the frame before was
  #worst = 0; // the latest frame of this window
  #worstBefore = 0; // and of the one before
  #fresh = 0; // frames of this spurt so far: the first ones were captured before the lift, and are late by design
  #newest = -Infinity;
  #entered = -Infinity; // the last number taken into use
  #place = NaN; // where in media time we play; NaN while silent
  #other = 0; // and where we are going
  #fading = 0; // samples left on the way there
  #rising = 0; // samples left until a spurt that began within a sound is at its full strength
  #began = 0; // the first sample of this spurt
  /** @type {Float32Array|null} */
  #hush = null; // how the sound would have gone on, fading while we wait within a spurt
  #hushed = 0;
  /** @type {Float32Array|null} */
  #ending = null; // how the filled gap before this frame would have gone on
  late = 0;
  filled = 0;
  peak = 0;
  played = false;
  toldPlayed = false;
  heardAt = 0;

  /** @param {number} waitMs what other voices here need: a new one waits no longer for that than is usual, for it may have passed */
  constructor(waitMs = Infinity) {
    this.#wait = Math.min(WAIT_FIRST, waitMs * MS);
  }

  get waitMs() {
    return this.#wait / MS;
  }

  /** @param {number} at media time in ms @param {Float32Array} frame @param {number} clock */
  take(at, frame, clock) {
    const index = Math.round(at / 20);
    const media = index * FRAME;
    this.heardAt = clock;
    if (media > this.#newest + FRAME) this.#fresh = 0;
    this.#newest = Math.max(this.#newest, media);
    this.#measure(clock - media, clock);
    if (index <= this.#entered) {
      this.late += 1;
      return;
    }
    this.#gaps.delete(index);
    if (this.#frames.size < FRAMES_MAX) this.#frames.set(index, frame);
  }

  /** @param {number} delay @param {number} clock */
  #measure(delay, clock) {
    if (clock - this.#windowAt > WINDOW) {
      this.#windowAt = clock;
      this.#fastestBefore = this.#fastest;
      this.#fastest = Infinity;
      this.#worstBefore = this.#worst;
      this.#worst = 0;
    }
    this.#fastest = Math.min(this.#fastest, delay);
    if (++this.#fresh <= 3) return;
    const over = delay - this.#least();
    // What a lost packet held up comes in one burst, each frame less late than the one before: to wait for that for ever
    // after would be worse than to fill it once. A run of frames as late as each other is a way that has become longer.
    const falls = over < this.#over - FRAME / 2;
    this.#over = over;
    this.#worst = Math.max(this.#worst, over);
    this.#lateRun = over > this.#wait ? (falls ? 1 : this.#lateRun + 1) : 0;
    if (this.#lateRun >= LATE_RUN) this.#wait = over + STEP;
    else if (over > this.#wait) this.#wait += STEP * IN_TIME;
    else this.#wait -= this.#wait > Math.max(this.#worst, this.#worstBefore) + 2 * STEP ? FALL : STEP * (1 - IN_TIME);
    this.#wait = Math.min(WAIT_MAX, Math.max(WAIT_MIN, this.#wait));
  }

  #least() {
    return Math.min(this.#fastest, this.#fastestBefore);
  }

  /** Adds this voice to `out`. @param {Float32Array} out @param {number} clock */
  mix(out, clock) {
    const due = clock - this.#least() - this.#wait; // the media time that should be heard now
    if (Number.isNaN(this.#place) && !this.#begin(due)) return;
    const off = this.#place - due; // above 0: we play too early
    const rate = Math.abs(off) < DEAD || this.#young() ? 1 : 1 - Math.max(-BEND, Math.min(BEND, off / 9600));
    for (let at = 0; at < out.length; at++) {
      const index = Math.floor(this.#place / FRAME);
      if (index > this.#entered && !this.#enter(index, off)) {
        this.#fall(out.subarray(at));
        return;
      }
      let sample = this.#sample(this.#place);
      if (this.#ending) sample = this.#ended(sample);
      if (this.#fading) sample = this.#faded(sample, rate);
      if (this.#rising) sample *= 1 - this.#rising-- / FADE;
      this.#place += rate;
      this.peak = Math.max(this.peak, Math.abs(sample));
      out[at] += sample;
    }
  }

  /** Begins a spurt once its first frame is due. @param {number} due @returns {boolean} */
  #begin(due) {
    const first = Math.min(...this.#frames.keys());
    if (!this.#frames.size || due < first * FRAME) return false;
    // What was captured before the lift comes late by design. Its end is played and its beginning left out: to catch up
    // afterwards would take something out of the first syllable.
    this.#place = due - first * FRAME <= BEFORE ? due : first * FRAME;
    this.#entered = Math.floor(this.#place / FRAME) - 1;
    this.#began = this.#place;
    this.#rising = FADE;
    this.#fading = 0;
    return true;
  }

  #young() {
    return this.#place < this.#began + YOUNG;
  }

  /** Takes a frame into use, or fills its place; false while there is nothing to play. @param {number} index @param {number} off */
  #enter(index, off) {
    const found = this.#gaps.has(index) ? undefined : this.#frames.get(index);
    const held = !found && this.#young() && index * FRAME > this.#newest; // nothing is missing yet: all of it is late
    if (!found && (index * FRAME > this.#newest + SILENT || (held && -off > PATIENCE))) {
      this.#place = NaN;
      this.#frames.clear();
      this.#gaps.clear();
      return false;
    }
    if (held) return false;
    if (this.#hush) [this.#hush, this.#rising] = [null, FADE];
    if (found) {
      this.#ending = this.#gaps.has(index - 1) ? this.#filler.fill() : null;
      this.#filler.heard(found);
      this.played = true;
      if (Math.abs(off) > JUMP && !this.#young()) this.#jump(-off, index);
    } else {
      this.#frames.set(index, this.#filler.fill());
      this.#gaps.add(index);
      if (index * FRAME < this.#newest || off > FRAME / 2) this.filled += 1;
      if (off > FRAME / 2 && this.#jump(-off, index)) return true; // it may yet come: its turn is put off
    }
    this.#entered = index;
    for (const old of this.#frames.keys()) if (old < index - 2) this.#frames.delete(old);
    for (const old of this.#gaps) if (old < index - 2) this.#gaps.delete(old);
    return true;
  }

  /** Lets the sound fade where it has to stop. @param {Float32Array} out */
  #fall(out) {
    if (!this.#hush) [this.#hush, this.#hushed] = [this.#filler.fill(), 0];
    for (let at = 0; at < out.length && this.#hushed < FADE; at++, this.#hushed++) {
      out[at] += (this.#hush[this.#hushed] * (FADE - this.#hushed)) / FADE;
    }
  }

  /** Goes on up to 20 ms further or before, where the sound is most alike. @param {number} by @param {number} index @returns {boolean} */
  #jump(by, index) {
    if (this.#fading || (by > 0 && !this.#frames.has(index + 1)) || !this.#frames.has(index - 1)) return false;
    const around = new Float32Array(3 * FRAME);
    for (const step of [-1, 0, 1]) around.set(this.#frames.get(index + step) ?? [], (step + 1) * FRAME);
    const found = likest(around, FRAME, Math.max(-FRAME, Math.min(FRAME - FADE, by)), FADE);
    if (!found) return false;
    this.#other = this.#place + found;
    this.#fading = FADE;
    return true;
  }

  /** @param {number} sample @param {number} rate @returns {number} */
  #faded(sample, rate) {
    const mixed = (sample * this.#fading + this.#sample(this.#other) * (FADE - this.#fading)) / FADE;
    this.#other += rate;
    this.#fading -= 1;
    if (!this.#fading) this.#place = this.#other - rate;
    return mixed;
  }

  /** @param {number} sample @returns {number} */
  #ended(sample) {
    const whole = Math.floor(this.#place - this.#entered * FRAME);
    if (!this.#ending || whole < 0 || whole >= FADE) {
      this.#ending = null;
      return sample;
    }
    return (sample * whole + this.#ending[whole] * (FADE - whole)) / FADE;
  }

  /** @param {number} place @returns {number} */
  #sample(place) {
    const whole = Math.floor(place);
    const part = place - whole;
    const here = this.#at(whole);
    return part ? here * (1 - part) + this.#at(whole + 1) * part : here;
  }

  /** @param {number} whole @returns {number} */
  #at(whole) {
    const index = Math.floor(whole / FRAME);
    return this.#frames.get(index)?.[whole - index * FRAME] ?? 0;
  }
}
