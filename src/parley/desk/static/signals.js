// What each signal sounds like, and the playing of it. Told apart by rhythm first, since not every ear hears every
// pitch: as many strokes as the precedence has bars, a warble for a call, plain tones for what is written, rising for
// what our own side must do, falling for what went wrong. All pitches lie where old ears hear well (300 to 1600 Hz).
// @ts-check

/** @typedef {{at: number, lasts: number, from: number, to?: number, warble?: number}} Stroke seconds and hertz */
/** @typedef {{strokes: Stroke[], level: number, everyMs: number}} Signal */

/** @param {number} count @param {number} lasts @param {number} apart @param {(at: number) => Omit<Stroke, "at"|"lasts">} pitch @returns {Stroke[]} */
function row(count, lasts, apart, pitch) {
  return Array.from({ length: count }, (_, at) => ({ at: at * apart, lasts, ...pitch(at) }));
}

/** @type {Record<string, Signal>} */
export const SIGNALS = {
  stop: { strokes: row(3, 0.5, 0.55, () => ({ from: 400, to: 1600 })), level: 0.5, everyMs: 1900 },
  "stop-drill": { strokes: row(2, 0.7, 0.8, () => ({ from: 523, to: 622 })), level: 0.4, everyMs: 4000 },
  "stop-step": { strokes: row(5, 0.1, 0.16, () => ({ from: 740 })), level: 0.35, everyMs: 8000 },
  "call-FLASH": { strokes: row(4, 0.3, 0.42, () => ({ from: 880, warble: 1175 })), level: 0.45, everyMs: 2000 },
  "call-IMMEDIATE": { strokes: row(3, 0.3, 0.42, () => ({ from: 740, warble: 988 })), level: 0.4, everyMs: 2000 },
  "call-PRIORITY": { strokes: row(2, 0.3, 0.42, () => ({ from: 587, warble: 740 })), level: 0.35, everyMs: 2000 },
  "call-ROUTINE": { strokes: row(1, 0.7, 1, () => ({ from: 440, warble: 554 })), level: 0.35, everyMs: 2000 },
  flash: { strokes: row(4, 0.16, 0.22, (at) => ({ from: at % 2 ? 440 : 880 })), level: 0.5, everyMs: 2500 },
  immediate: { strokes: row(3, 0.16, 0.28, () => ({ from: 660 })), level: 0.3, everyMs: 30_000 },
  release: { strokes: [{ at: 0, lasts: 0.14, from: 392 }, { at: 0.2, lasts: 0.14, from: 523 }, { at: 0.4, lasts: 0.6, from: 659 }], level: 0.35, everyMs: 2500 },
  roll: { strokes: row(5, 0.12, 0.2, () => ({ from: 494, to: 740 })), level: 0.4, everyMs: 6000 },
  watch: { strokes: row(2, 0.2, 1, () => ({ from: 392, to: 659 })), level: 0.3, everyMs: 30_000 },
  overdue: { strokes: row(2, 0.35, 0.45, (at) => ({ from: at ? 392 : 523 })), level: 0.3, everyMs: 30_000 },
  trouble: { strokes: row(1, 1, 1, () => ({ from: 440, to: 300 })), level: 0.35, everyMs: 30_000 },
};

/** Which signal an alert of this kind has; "" for one that is only seen. @param {string} kind @param {string} precedence @returns {string} */
export function signalOf(kind, precedence = "IMMEDIATE") {
  if (kind === "stop-decision") return "stop-step";
  if (kind.startsWith("stop")) return "stop";
  if (kind === "call") return `call-${precedence}`;
  if (kind === "missed-call" || kind === "call-later" || kind === "recording" || kind === "watch-relieved") return "";
  if (kind === "call-words") return precedence === "FLASH" ? "flash" : "immediate"; // words left when nobody took a call
  if (kind === "call-due") return "overdue";
  if (kind === "incident") return "flash"; // a first report is FLASH
  if (kind === "unanswered") return "overdue";
  if (kind === "roll-asked" || kind === "roll-call") return "roll";
  if (kind === "watch-ends" || kind === "watch-untaken") return "watch";
  return kind in SIGNALS ? kind : "trouble";
}

/** Plays one once, into whatever is to be heard. @param {BaseAudioContext} audio @param {string} name @param {AudioNode} into */
export function play(audio, name, into = audio.destination) {
  const { strokes, level } = SIGNALS[name];
  const start = audio.currentTime + 0.02;
  for (const { at, lasts, from, to, warble } of strokes) {
    const begin = start + at;
    const sound = new OscillatorNode(audio, { type: "triangle", frequency: from });
    const loud = new GainNode(audio, { gain: 0 });
    loud.gain.setTargetAtTime(level, begin, 0.008);
    loud.gain.setTargetAtTime(0, begin + lasts - 0.05, 0.015);
    if (to) {
      sound.frequency.setValueAtTime(from, begin);
      sound.frequency.exponentialRampToValueAtTime(to, begin + lasts);
    }
    for (let turn = 0; warble && turn * 0.1 < lasts; turn++) sound.frequency.setValueAtTime(turn % 2 ? warble : from, begin + turn * 0.1);
    sound.connect(loud).connect(into);
    sound.start(begin);
    sound.stop(begin + lasts + 0.1);
  }
}
