// Takes a camera, a document or a screen and gives encoded frames: three sizes, the one the line carries.
// @ts-check

/** @typedef {"camera"|"document"|"screen"} Source */
/** @typedef {{form: number, size: number, at: number, data: Uint8Array}} Encoded */

// Width, height, frames a second, bits a second. A document is read, not watched: fewer frames, the same bits.
const SIZES = [
  { width: 320, height: 180, perSecond: 8, bits: 120_000 },
  { width: 640, height: 360, perSecond: 12, bits: 400_000 },
  { width: 1280, height: 720, perSecond: 12, bits: 1_200_000 },
];
const WHOLE_EVERY_MS = 10_000;
const MORE_AFTER_MS = 20_000; // nobody has asked for less since: try the next size up
const WAITS_MAX = 2; // frames an encoder may be behind

/** @param {Source} source @returns {Promise<MediaStream>} */
function open(source) {
  if (source === "screen") return navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 12 }, audio: false });
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  return navigator.mediaDevices.getUserMedia({ audio: false, video: source === "document" ? { ...size, facingMode: "environment" } : size });
}

export class Camera {
  #canvas = document.createElement("canvas");
  #video = document.createElement("video");
  /** @type {VideoEncoder|null} */
  #encoder = null;
  /** @type {MediaStream|null} */
  #stream = null;
  #timer = 0;
  #began = performance.now();
  #wholeMs = -Infinity;
  #lessMs = performance.now();
  /** The size in use: 1 to 3. */
  size = 2;

  /** @param {(frame: Encoded) => void} give @param {() => void} ended the person, or the browser, ended it */
  constructor(give, ended) {
    this.give = give;
    this.ended = ended;
  }

  get stream() {
    return this.#stream;
  }

  /** @param {Source} source */
  async start(source) {
    this.size = source === "camera" ? 2 : 3;
    const stream = (this.#stream = await open(source));
    stream.getVideoTracks()[0]?.addEventListener("ended", () => this.ended());
    this.#video.muted = true;
    this.#video.srcObject = stream;
    await this.#video.play();
    this.#again();
  }

  stop() {
    clearInterval(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    if (this.#encoder?.state === "configured") this.#encoder.close();
    this.#encoder = null;
  }

  /** The next frame must be whole. */
  whole() {
    this.#wholeMs = -Infinity;
  }

  /** The line carries less. */
  less() {
    this.#lessMs = performance.now();
    this.size = Math.max(1, this.size - 1);
    this.#again();
  }

  /** Begins anew in the size in use. */
  #again() {
    clearInterval(this.#timer);
    const size = SIZES[this.size - 1] ?? SIZES[0];
    if (!size || !this.#stream) return;
    const [wide, high] = [this.#video.videoWidth || 16, this.#video.videoHeight || 9];
    const upright = high > wide;
    const [most, least] = upright ? [size.height, size.width] : [size.width, size.height];
    const scale = Math.min(1, most / wide, least / high);
    const even = (/** @type {number} */ length) => Math.max(2, 2 * Math.floor((length * scale) / 2));
    [this.#canvas.width, this.#canvas.height] = [even(wide), even(high)];
    if (this.#encoder?.state === "configured") this.#encoder.close();
    this.#encoder = new VideoEncoder({ output: (chunk) => this.#encoded(chunk), error: () => this.ended() });
    this.#encoder.configure({
      codec: "vp8", width: this.#canvas.width, height: this.#canvas.height, bitrate: size.bits, framerate: size.perSecond,
      latencyMode: "realtime",
    });
    this.whole();
    this.#timer = window.setInterval(() => this.#take(), 1000 / size.perSecond);
  }

  #take() {
    const [encoder, context] = [this.#encoder, this.#canvas.getContext("2d")];
    if (!encoder || encoder.state !== "configured" || !context || this.#video.readyState < 2) return;
    if (encoder.encodeQueueSize > WAITS_MAX) return;
    const now = performance.now();
    if (this.size < 3 && now - this.#lessMs > MORE_AFTER_MS) {
      this.size += 1;
      this.#lessMs = now;
      this.#again();
      return;
    }
    context.drawImage(this.#video, 0, 0, this.#canvas.width, this.#canvas.height);
    const frame = new VideoFrame(this.#canvas, { timestamp: Math.round((now - this.#began) * 1000) });
    const keyFrame = now - this.#wholeMs > WHOLE_EVERY_MS;
    if (keyFrame) this.#wholeMs = now;
    encoder.encode(frame, { keyFrame });
    frame.close();
  }

  /** @param {EncodedVideoChunk} chunk */
  #encoded(chunk) {
    const data = new Uint8Array(chunk.byteLength);
    chunk.copyTo(data);
    this.give({ form: chunk.type === "key" ? 2 : 1, size: this.size, at: Math.round(chunk.timestamp / 1000), data });
  }
}
