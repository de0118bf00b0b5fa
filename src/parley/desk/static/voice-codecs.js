// Between samples and payloads: Opus by the browser's own WebCodecs, plain PCM where it has none.
// @ts-check
import { OPUS, PCM } from "./voice-frames.js";
import { Down, Up } from "./voice-pcm.js";

const FORM = { codec: "opus", sampleRate: 48_000, numberOfChannels: 1 };

/** @typedef {(codec: number, atMs: number, payload: Uint8Array) => void} Encoded */

/** Whether this browser encodes Opus in frames of 20 ms. @returns {Promise<boolean>} */
export async function canOpus() {
  if (!("AudioEncoder" in globalThis) || !("AudioDecoder" in globalThis)) return false;
  try {
    return (await AudioEncoder.isConfigSupported(wanted())).supported === true;
  } catch {
    return false;
  }
}

/** @returns {AudioEncoderConfig} */
function wanted() {
  const opus = /** @type {OpusEncoderConfig} */ ({ frameDuration: 20_000, application: "voip", signal: "voice", complexity: 5 });
  return { ...FORM, bitrate: 28_000, bitrateMode: "variable", opus };
}

/** Runs all the time the microphone is open, so that the first syllable meets no cold encoder.
 * @param {boolean} opus @param {Encoded} done @param {(error: unknown) => void} failed
 * @param {number} from where its clock begins, ms: it goes on where the one before it was
 * @returns {{take: (block: Float32Array) => void, close: () => void, at: () => number}} */
export function makeEncoder(opus, done, failed, from = 0) {
  let at = from;
  if (!opus) {
    const down = new Down();
    return {
      take(block) {
        done(PCM, at, down.take(block));
        at += 20;
      },
      close() {},
      at: () => at,
    };
  }
  const encoder = new AudioEncoder({
    output(chunk) {
      const payload = new Uint8Array(chunk.byteLength);
      chunk.copyTo(payload);
      done(OPUS, Math.round(chunk.timestamp / 1000), payload);
    },
    error: failed,
  });
  encoder.configure(wanted());
  return {
    take(block) {
      if (encoder.state !== "configured") return;
      const data = new AudioData({ format: "f32", sampleRate: 48_000, numberOfFrames: block.length, numberOfChannels: 1, timestamp: at * 1000, data: /** @type {Float32Array<ArrayBuffer>} */ (block) });
      encoder.encode(data);
      data.close();
      at += 20;
    },
    close() {
      if (encoder.state !== "closed") encoder.close();
    },
    at: () => at,
  };
}

// One packet of silence (RFC 6716: SILK, wide band, 20 ms, mono), which gets a decoder going before there is a voice.
const SILENCE = Uint8Array.of(0x48, 0x0b, 0xe4, 0xc1, 0x36, 0xec, 0xc5, 0x80);

/** Decodes one voice; what is done goes to `done`, which whoever takes it sets. */
export class Decoder {
  /** @type {(at: number, samples: Float32Array) => void} */
  done = () => {};
  /** @type {AudioDecoder|null} */
  #opus = null;
  /** @type {number[]} the moments of what the decoder has; it counts its own time on through a pause */
  #under = [];
  /** @type {Up|null} */
  #up = null;

  constructor() {
    if ("AudioDecoder" in globalThis) this.take(OPUS, 0, SILENCE);
  }

  /** @param {number} codec @param {number} at ms @param {Uint8Array} payload */
  take(codec, at, payload) {
    if (codec === PCM) {
      this.#up ??= new Up();
      this.done(at, this.#up.take(payload));
    } else if ("AudioDecoder" in globalThis) {
      this.#opus ??= this.#open();
      this.#under.push(at);
      this.#opus.decode(new EncodedAudioChunk({ type: "key", timestamp: at * 1000, data: /** @type {Uint8Array<ArrayBuffer>} */ (payload) }));
    }
  }

  #open() {
    const made = new AudioDecoder({
      output: (data) => {
        const samples = new Float32Array(data.numberOfFrames);
        data.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
        data.close();
        const at = this.#under.shift();
        if (at !== undefined) this.done(at, samples);
      },
      error: () => {
        this.#under = [];
        this.#opus = null; // a bad frame costs itself: the next one opens a new decoder
      },
    });
    made.configure(FORM);
    return made;
  }

  close() {
    if (this.#opus && this.#opus.state !== "closed") this.#opus.close();
  }
}
