// Signs an act that binds: only what is really on this screen, all of it, and nothing else.
// The bytes to be signed are read again from the page: every member must stand there once, seen, and as it is signed.
// @ts-check
import { Problem, post, run, sign, words } from "./passkeys.js";

const encoder = new TextEncoder();

/** @param {string} prefix @param {string} text */
const digest = async (prefix, text) => new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(`${prefix}\n${text}`)));

/** @param {Uint8Array} data */
const hex = (data) => Array.from(data, (one) => one.toString(16).padStart(2, "0")).join("");

/** @param {Uint8Array} data */
const base64url = (data) => btoa(String.fromCharCode(...data)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

/** Every member that is no list or object, by its place. @param {string} place @param {any} value @returns {[string, string][]} */
function members(place, value) {
  if (typeof value === "string") return [[place, value]];
  if (value === null || typeof value !== "object" || !Object.keys(value).length) return [[place, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, member]) => members(`${place}.${name}`, member));
}

/** @param {HTMLFormElement} form */
async function check(form) {
  const { words: told = "", act: said = "", challenge = "" } = form.dataset;
  const act = JSON.parse(said);
  const signed = [...members("words", JSON.parse(told)), ...members("act", act)];
  const shown = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-signed]")]);
  const good = signed.every(([place, value]) => {
    const found = shown.filter((one) => one.dataset.signed === place);
    return found.length === 1 && found[0].textContent === value && found[0].checkVisibility();
  });
  const whole = good && shown.length === signed.length && act.person === document.documentElement.dataset.who;
  const fits = hex(await digest("parley/v1/shown", told)) === act.shown;
  if (!whole || !fits || base64url(await digest("parley/v1/act", said)) !== challenge) throw new Problem(words("changed"));
}

/** Let the page that shows an act sign it. */
export function keepBinding() {
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const path = form.dataset.binding;
    if (!path) return;
    event.preventDefault();
    run(form, async () => {
      await check(form);
      const told = { challenge: form.dataset.challenge ?? "", rp: form.dataset.rp ?? "" };
      await post(path, { given: await sign(told, (form.dataset.held ?? "").split(" ")) }).catch((error) => {
        if (!(error instanceof Problem) || error.code !== "binding.done") throw error; // done, and its answer was lost
      });
      location.assign(form.dataset.after ?? "/");
    });
  });
}
