// The sound of this desk, on a thread of its own: the microphone's blocks are encoded and go out by the direct connection,
// voices come in by it, are decoded and go to the loudspeaker. Neither passes the page's own thread, which may be busy.
// Words of the connection are handed to the page and back. The gate is here: no frame leaves before a person lifts.
// @ts-check
import { makeEncoder } from "./voice-codecs.js";
import { written } from "./voice-frames.js";
import { Hearing } from "./voice-hearing.js";

const BEFORE = 2; // frames captured before the lift that go with it: a syllable begins before the finger is down
const UNSENT_BYTES_MAX = 65_536; // our own node does not read: sound that would wait is sound nobody wants
const LEVEL_BLOCKS = 5; // the page is told of the level ten times a second

/** @type {WebSocket|null} */
let socket = null;
/** @type {Hearing|null} */
let hearing = null;
/** @type {ReturnType<typeof makeEncoder>|null} */
let encoder = null;
let lifted = false;
let number = 0;
/** @type {{codec: number, at: number, payload: Uint8Array}[]} */
const before = [];
let loudest = 0;
let blocks = 0;

addEventListener("message", ({ data: wish }) => {
  if (wish.connect) connect(wish.connect, wish.number);
  else if (wish.close) socketOf(wish.close)?.close();
  else if (wish.lift) lift(wish.lift);
  else if (wish.release) lifted = false;
  else if (wish.begin) begin(wish.begin);
  else if (wish.end) end();
  else if (wish.plain) withoutCodec();
  else if (wish.listens) hearing?.listen(wish.listens);
  else if (wish.send) socketOf(wish.number)?.send(wish.send);
});

let current = 0;

/** @param {number} wanted @returns {WebSocket|null} the socket of that number, if words may go by it */
function socketOf(wanted) {
  return wanted === current && socket && socket.readyState <= WebSocket.OPEN ? socket : null;
}

/** @param {string} address @param {number} mine */
function connect(address, mine) {
  const opened = new WebSocket(address);
  opened.binaryType = "arraybuffer";
  socket = opened;
  current = mine;
  opened.addEventListener("open", () => {
    hearing?.again();
    postMessage({ socket: "open", number: mine });
  });
  opened.addEventListener("message", ({ data }) => {
    if (typeof data === "string") postMessage({ socket: "message", number: mine, data });
    else hearing?.take(data);
  });
  opened.addEventListener("close", ({ code, reason }) => {
    if (socket === opened) lifted = false;
    postMessage({ socket: "close", number: mine, code, reason });
  });
}

/** @param {string} text */
function say(text) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(text);
}

// --- speaking

/** @param {{opus: boolean, decodes: boolean, capture: MessagePort, playout: MessagePort, listens: import("./listening-levels.js").Listens}} given */
function begin({ opus, decodes, capture, playout, listens }) {
  end();
  const cannot = (/** @type {object} */ call) => say(JSON.stringify({ say: "plain", ...call }));
  hearing = new Hearing(playout, (voices) => postMessage({ voices }), (fields) => say(JSON.stringify({ say: "heard", ...fields })), decodes ? null : cannot);
  hearing.listen(listens);
  encoder = makeEncoder(opus, gate, plain);
  capture.onmessage = ({ data }) => captured(data);
}

function end() {
  lifted = false;
  encoder?.close();
  hearing?.close();
  encoder = hearing = null;
  before.length = 0;
}

/** The clock goes on: a voice whose time began anew would be late for ever. */
function withoutCodec() {
  const made = makeEncoder(false, gate, () => {}, encoder?.at() ?? 0);
  encoder?.close();
  encoder = made;
}

/** The browser's encoder gave up: go on without it. */
function plain() {
  withoutCodec();
  postMessage({ plain: true });
}

/** @param {Float32Array} block */
function captured(block) {
  for (const sample of block) loudest = Math.max(loudest, Math.abs(sample));
  if (++blocks % LEVEL_BLOCKS === 0) {
    postMessage({ level: loudest });
    loudest = 0;
  }
  encoder?.take(block);
}

/** Opens the gate: this desk is heard from a little before now on. @param {string} text what is said to our node */
function lift(text) {
  if (socket?.readyState !== WebSocket.OPEN) return;
  socket.send(text);
  lifted = true;
  for (const { codec, at, payload } of before.splice(0)) send(codec, at, payload);
}

/** @param {number} codec @param {number} at @param {Uint8Array} payload */
function gate(codec, at, payload) {
  if (lifted) {
    send(codec, at, payload);
    return;
  }
  before.push({ codec, at, payload });
  if (before.length > BEFORE) before.shift();
}

/** @param {number} codec @param {number} at @param {Uint8Array} payload */
function send(codec, at, payload) {
  if (socket?.readyState !== WebSocket.OPEN || socket.bufferedAmount > UNSENT_BYTES_MAX) return;
  socket.send(/** @type {Uint8Array<ArrayBuffer>} */ (written(codec, number++, at, payload)));
}
