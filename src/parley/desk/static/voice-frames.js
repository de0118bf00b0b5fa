// The bytes of a frame of sound between this page and its node; docs/protocol/direct.md and voice.md have the form.
// @ts-check

export const OPUS = 1;
export const PCM = 2;

/** @typedef {{ours: boolean, codec: number, stream: number, number: number, at: number, session: string, channel: string,
 *   person: string, language: string, payload: Uint8Array}} Frame */

/** @param {number} codec @param {number} number @param {number} at ms @param {Uint8Array} payload @returns {Uint8Array} */
export function written(codec, number, at, payload) {
  const frame = new Uint8Array(10 + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, 1);
  view.setUint8(1, codec);
  view.setUint32(2, number);
  view.setUint32(6, at);
  frame.set(payload, 10);
  return frame;
}

const ascii = new TextDecoder("ascii");

/** @param {ArrayBuffer} data @returns {Frame|null} null for what is no sound: a later node may send other things */
export function read(data) {
  const view = new DataView(data);
  if (data.byteLength < 17 || view.getUint8(0) !== 1) return null;
  const end = 16 + view.getUint8(15);
  const bytes = new Uint8Array(data);
  const session = Array.from(bytes.subarray(16, 32), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const words = [];
  for (let at = 32; at < end && words.length < 3; at += 1 + bytes[at]) words.push(ascii.decode(bytes.subarray(at + 1, at + 1 + bytes[at])));
  const [channel = "", person = "", language = ""] = words;
  return {
    ours: view.getUint8(1) === 0, codec: view.getUint8(2), stream: view.getUint32(3), number: view.getUint32(7), at: view.getUint32(11),
    session, channel, person, language, payload: bytes.subarray(end),
  };
}
