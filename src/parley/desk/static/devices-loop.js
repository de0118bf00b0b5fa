// Two seconds of the microphone through the encoder and the decoder to the loudspeaker: what the other side would hear.
// @ts-check
import { Decoder, canOpus, makeEncoder } from "./voice-codecs.js";

const BLOCKS = 100; // 2 s
const BLOCK = 960;

/** Gives whether it went without compression. @param {import("./voice-audio.js").Audio} audio
 * @param {(next: ((block: Float32Array) => void) | null) => void} listen @param {() => void} hears the person hears it now
 * @returns {Promise<boolean>} */
export async function loopBack(audio, listen, hears) {
  const opus = await canOpus();
  const decoder = new Decoder();
  /** @type {Float32Array[]} */
  const heard = [];
  /** @type {() => void} */
  let full = () => {};
  const done = new Promise((/** @type {(value?: unknown) => void} */ resolve) => (full = resolve));
  decoder.done = (_, samples) => {
    heard.push(samples);
    if (heard.length === BLOCKS - 1) full(); // an encoder may keep its last frame back
  };
  const encoder = makeEncoder(opus, (codec, at, payload) => decoder.take(codec, at, payload), full);
  listen((block) => encoder.take(block));
  await done;
  listen(null);
  encoder.close();
  decoder.close();
  const buffer = audio.context.createBuffer(1, Math.max(1, heard.length) * BLOCK, 48_000);
  heard.forEach((samples, at) => buffer.copyToChannel(/** @type {Float32Array<ArrayBuffer>} */ (samples), 0, at * BLOCK));
  const source = audio.context.createBufferSource();
  source.buffer = buffer;
  source.connect(audio.ears);
  hears();
  const ended = new Promise((resolve) => (source.onended = resolve));
  source.start();
  await ended;
  return !opus;
}
