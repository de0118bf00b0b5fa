// The browser's audio for this page: one context, the microphone into blocks of 20 ms, the loudspeaker from voices.
// @ts-check
import { ears, found, settings } from "./voice-settings.js";

/** Why there is no sound, as the page says it. @typedef {"forbidden"|"missing"|"busy"|"insecure"|"failed"} Reason */

export class NoSound extends Error {
  /** @param {Reason} reason */
  constructor(reason) {
    super(reason);
    /** @type {Reason} */
    this.reason = reason;
  }
}

/** @type {Record<string, Reason>} what getUserMedia throws (W3C Media Capture and Streams 10.2) */
const REASONS = { NotAllowedError: "forbidden", SecurityError: "forbidden", NotFoundError: "missing", OverconstrainedError: "missing", NotReadableError: "busy", AbortError: "busy" };

/** Gives the remembered device's id; "" for the usual one. @param {"audioinput"|"audiooutput"} kind @param {string} id @param {string} name */
async function known(kind, id, name) {
  if (!id || !navigator.mediaDevices) return "";
  return found(await navigator.mediaDevices.enumerateDevices(), kind, id, name);
}

/** What the browser says of the right to the microphone; null where it does not say. @returns {Promise<PermissionStatus|null>} */
export async function permission() {
  try {
    return await navigator.permissions.query({ name: /** @type {PermissionName} */ ("microphone") });
  } catch {
    return null;
  }
}

/** @returns {Promise<MediaStream>} */
async function openMicrophone() {
  if (!navigator.mediaDevices) throw new NoSound("insecure");
  const chosen = settings();
  const microphone = await known("audioinput", chosen.microphone, chosen.microphoneName);
  /** @type {MediaTrackConstraints} */
  const wanted = { echoCancellation: chosen.echo, noiseSuppression: chosen.quiet, autoGainControl: chosen.quiet, channelCount: 1 };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: microphone ? { ...wanted, deviceId: microphone } : wanted });
  } catch (error) {
    throw new NoSound(REASONS[/** @type {Error} */ (error).name] ?? "failed");
  }
}

/** The known tone: low, middle and high of what a voice needs, one after the other (docs/protocol/voice.md). */
export const TONE_HZ = [400, 1600, 6400];
const TONE_S = 0.7;

export class Audio {
  /** @type {AudioContext} */
  context;
  /** @type {AudioWorkletNode} */
  playout;
  /** @type {MediaStream|null} */
  stream = null;
  /** @type {MediaStreamAudioSourceNode|null} */
  source = null;
  /** Where other sound than voices goes in: it is heard in the same ears. @type {GainNode} */
  ears;
  /** @type {GainNode[]} */
  #sides;
  /** @type {AudioWorkletNode|null} */
  #capture = null;

  /** @param {AudioContext} context */
  constructor(context) {
    this.context = context;
    this.playout = new AudioWorkletNode(context, "parley-playout", { numberOfInputs: 0, outputChannelCount: [2] });
    this.playout.connect(context.destination);
    this.ears = context.createGain();
    const merged = context.createChannelMerger(2);
    this.#sides = [0, 1].map((at) => {
      const side = context.createGain();
      this.ears.connect(side).connect(merged, 0, at);
      return side;
    });
    merged.connect(context.destination);
    this.setEars();
  }

  /** Opens the loudspeaker; raises NoSound. @returns {Promise<Audio>} */
  static async open() {
    try {
      const context = new AudioContext({ sampleRate: 48_000, latencyHint: "interactive" });
      const here = (/** @type {string} */ name) => context.audioWorklet.addModule(new URL(name, import.meta.url));
      await Promise.all([here("./voice-capture.js"), here("./voice-playout.js")]);
      const speaker = await known("audiooutput", settings().speaker, settings().speakerName);
      if (speaker && "setSinkId" in context) await /** @type {any} */ (context).setSinkId(speaker).catch(() => {});
      return new Audio(context);
    } catch {
      throw new NoSound("failed");
    }
  }

  /** Opens the microphone too; raises NoSound. @param {((block: Float32Array) => void)|MessagePort} heard
   * @param {(reason: Reason) => void} gone it was unplugged, or the right to it taken away */
  async listen(heard, gone) {
    this.stream = await openMicrophone();
    this.source = this.context.createMediaStreamSource(this.stream);
    const capture = new AudioWorkletNode(this.context, "parley-capture", { numberOfOutputs: 0 });
    if (heard instanceof MessagePort) capture.port.postMessage({ to: heard }, [heard]);
    else capture.port.onmessage = (event) => heard(event.data);
    this.source.connect(capture);
    this.#capture = capture;
    const before = (await permission())?.state;
    const ended = async () => {
      const now = (await permission())?.state;
      gone(now === "denied" || (now === "prompt" && before === "granted") ? "forbidden" : "missing");
    };
    for (const track of this.stream.getTracks()) track.addEventListener("ended", () => void ended());
  }

  /** Puts the known tone in the microphone's place: each of TONE_HZ for TONE_S. Gives when it is over. */
  async tone() {
    const capture = this.#capture;
    if (!this.source || !capture) return;
    const strength = this.context.createGain();
    strength.gain.value = 0.25;
    strength.connect(capture);
    this.source.disconnect(capture);
    const began = this.context.currentTime;
    const ended = TONE_HZ.map((hz, at) => {
      const one = this.context.createOscillator();
      one.frequency.value = hz;
      one.connect(strength);
      one.start(began + at * TONE_S);
      one.stop(began + (at + 1) * TONE_S);
      return new Promise((done) => (one.onended = done));
    });
    await Promise.all(ended);
    strength.disconnect();
    if (this.context.state !== "closed") this.source.connect(capture);
  }

  /** Takes over which ears hear. */
  setEars() {
    const shares = ears(settings());
    this.playout.port.postMessage({ ears: shares });
    this.#sides.forEach((side, at) => (side.gain.value = shares[at] ?? 0));
  }

  /** Whether the browser holds the sound back until a person touches the page. */
  get held() {
    return this.context.state === "suspended";
  }

  async close() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    await this.context.close();
  }
}
