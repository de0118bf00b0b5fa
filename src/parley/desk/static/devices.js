// The page of this desk's sound: choose devices, see the level, and hear oneself as the other side would.
// @ts-check
import { Audio, NoSound } from "./voice-audio.js";
import { loopBack } from "./devices-loop.js";
import { voice } from "./voice.js";
import { found, keep, settings } from "./voice-settings.js";

const SILENT = 0.004;
const LOW = 0.02;
const LOUD = 0.9;

/** @template {HTMLElement} T @param {string} id @returns {T} */
function part(id) {
  return /** @type {T} */ (document.getElementById(`devices-${id}`));
}

export function keepDevices() {
  if (!document.getElementById("devices")) return;
  const words = /** @type {HTMLTemplateElement} */ (part("words")).dataset;
  const microphone = /** @type {HTMLSelectElement} */ (part("microphone"));
  const speaker = /** @type {HTMLSelectElement} */ (part("speaker"));
  const echo = /** @type {HTMLInputElement} */ (part("echo"));
  const quiet = /** @type {HTMLInputElement} */ (part("quiet"));
  const loop = /** @type {HTMLButtonElement} */ (part("loop"));
  const meter = /** @type {HTMLMeterElement} */ (part("level"));
  const ears = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('#devices input[name="ears"]'));
  const canChoose = "setSinkId" in AudioContext.prototype;
  /** @type {Audio|null} */
  let audio = null;
  /** @type {((block: Float32Array) => void)|null} */
  let listener = null;
  let loudest = 0;
  let blocks = 0;
  let opening = false;
  let wanted = false; // a person asked to hear it: other devices are tried at once

  part("no-speaker").hidden = canChoose;
  show();
  part("open").addEventListener("click", () => void open());
  loop.addEventListener("click", () => void hearMyself());
  microphone.addEventListener("change", () => void choose({ microphone: microphone.value, microphoneName: name(microphone) }));
  speaker.addEventListener("change", () => void choose({ speaker: speaker.value, speakerName: name(speaker) }));
  echo.addEventListener("change", () => void choose({ echo: echo.checked }));
  quiet.addEventListener("change", () => void choose({ quiet: quiet.checked }));
  for (const one of ears) {
    one.addEventListener("change", () => {
      keep({ ears: /** @type {"both"|"left"|"right"} */ (one.value) });
      for (const each of [audio, voice().audio]) each?.setEars();
    });
  }
  navigator.mediaDevices?.addEventListener("devicechange", () => void list());
  addEventListener("pagehide", () => void audio?.close());

  /** @param {string|undefined} word */
  function say(word) {
    part("state").textContent = word ?? "";
  }

  function show() {
    const chosen = settings();
    [echo.checked, quiet.checked] = [chosen.echo, chosen.quiet];
    for (const one of ears) one.checked = one.value === chosen.ears;
    part("echo-means").classList.toggle("care", !chosen.echo);
  }

  async function open() {
    if (opening) return;
    opening = wanted = true;
    say(words.asking);
    await close();
    try {
      const own = (audio = await Audio.open());
      await audio.listen(heard, (reason) => own === audio && refused(reason));
      if (audio.held) await audio.context.resume();
      say(words.ready);
      loop.disabled = false;
      await list();
    } catch (error) {
      refused(error instanceof NoSound ? error.reason : "failed");
    }
    opening = false;
  }

  /** @param {import("./voice-audio.js").Reason} reason */
  function refused(reason) {
    void close();
    say(words[reason]);
    meter.value = 0;
    part("word").textContent = "–";
  }

  /** What was going on with it is over, and says nothing more. */
  async function close() {
    const before = audio;
    audio = listener = null;
    loop.disabled = true;
    await before?.close();
  }

  /** @param {Float32Array} block */
  function heard(block) {
    for (const sample of block) loudest = Math.max(loudest, Math.abs(sample));
    listener?.(block);
    if (++blocks % 10) return;
    meter.value = loudest;
    const word = loudest < SILENT ? words.silent : loudest < LOW ? words.low : loudest > LOUD ? words.loud : words.good;
    if (part("word").textContent !== word) part("word").textContent = word ?? "";
    loudest = 0;
  }

  async function list() {
    if (!audio) return;
    const devices = await navigator.mediaDevices.enumerateDevices();
    const chosen = settings();
    fill(microphone, devices, "audioinput", chosen.microphone, chosen.microphoneName);
    if (canChoose) fill(speaker, devices, "audiooutput", chosen.speaker, chosen.speakerName);
  }

  /** @param {HTMLSelectElement} select @param {MediaDeviceInfo[]} devices @param {"audioinput"|"audiooutput"} kind
   * @param {string} id @param {string} name */
  function fill(select, devices, kind, id, name) {
    const [usual] = select.options;
    const options = devices.filter((one) => one.kind === kind && one.deviceId && one.deviceId !== "default").map((one) => new Option(one.label, one.deviceId));
    select.replaceChildren(usual, ...options);
    select.disabled = false;
    select.value = found(devices, kind, id, name);
    if (id && !select.value) say(`${words.gone} ${name}`);
  }

  /** @param {HTMLSelectElement} select @returns {string} */
  function name(select) {
    return select.value ? (select.selectedOptions[0]?.textContent ?? "") : "";
  }

  /** @param {Partial<import("./voice-settings.js").Settings>} changed */
  async function choose(changed) {
    keep(changed);
    show();
    if (wanted) await open();
    const own = voice();
    if (own.state === "open") {
      say(words.changed);
      own.addEventListener("state", () => void own.again(), { once: true });
    } else await own.again();
  }

  async function hearMyself() {
    const own = audio;
    if (!own) return;
    loop.disabled = true;
    say(words.speak);
    const plain = await loopBack(own, (next) => (listener = next), () => say(words.hear));
    if (own !== audio) return; // it was taken away, or another one chosen
    say(plain ? words.plain : words.ready);
    loop.disabled = false;
  }
}
