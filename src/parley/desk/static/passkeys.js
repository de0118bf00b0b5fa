// Passkeys: asks our node for a challenge, the browser for an answer, and hands it on. Nothing is decided here.
// @ts-check

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

/** @param {ArrayBuffer} data */
const text = (data) =>
  btoa(String.fromCharCode(...new Uint8Array(data))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

/** What went wrong, in a sentence for the person; with the node's code where it refused. */
export class Problem extends Error {
  /** @param {string} sentence @param {string} [code] */
  constructor(sentence, code = "") {
    super(sentence);
    this.code = code;
  }
}

/** The question that is before a passkey now, and whether it is to be put anew.
 * @type {AbortController | undefined} */
let asking;
let anew = false;

/** @param {string} name */
export function words(name) {
  const found = document.getElementById("passkey-words");
  return (found instanceof HTMLElement && found.dataset[name]) || name;
}

/** Hand something on to our node. Where its answer does not come, nobody here knows whether it was done.
 * @param {string} path @param {Record<string, string>} fields @returns {Promise<any>} */
export async function post(path, fields) {
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(path, { method: "POST", body: new URLSearchParams(fields) });
  } catch {
    throw new Problem(words("unanswered"));
  }
  if (answer.status === 401) location.reload();
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Problem(told.sentence || words("unanswered"), told.code);
  return told;
}

/** Says why this browser cannot use passkeys, before anything is asked of it. */
function check() {
  if (!window.isSecureContext) throw new Problem(words("insecure"));
  if (!window.PublicKeyCredential) throw new Problem(words("none"));
}

/** @template T @param {(signal: AbortSignal) => Promise<T>} put @returns {Promise<T>} */
async function ask(put) {
  asking = new AbortController();
  try {
    return await put(asking.signal);
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    throw new Problem(words(name === "NotAllowedError" || name === "AbortError" ? "cancelled" : name === "InvalidStateError" ? "known" : "failed"));
  } finally {
    asking = undefined;
  }
}

/** Let the person sign a challenge; `only` names the credentials that may.
 * @param {{challenge: string, rp: string}} told @param {string[]} [only] */
export async function sign(told, only = []) {
  check();
  const found = /** @type {PublicKeyCredential} */ (
    await ask((signal) =>
      navigator.credentials.get({
        signal,
        publicKey: {
          challenge: bytes(told.challenge),
          rpId: told.rp,
          userVerification: "required",
          allowCredentials: only.map((id) => ({ type: "public-key", id: bytes(id) })),
        },
      }),
    )
  );
  const answer = /** @type {AuthenticatorAssertionResponse} */ (found.response);
  return JSON.stringify({
    id: found.id,
    client: text(answer.clientDataJSON),
    authenticator: text(answer.authenticatorData),
    signature: text(answer.signature),
  });
}

/** @param {{challenge: string, rp: string, side: string, user: string, person: string, name: string, held: string[]}} told */
async function create(told) {
  check();
  const made = /** @type {PublicKeyCredential} */ (
    await ask((signal) =>
      navigator.credentials.create({
        signal,
        publicKey: {
          challenge: bytes(told.challenge),
          rp: { id: told.rp, name: told.side },
          user: { id: bytes(told.user), name: told.person, displayName: told.name },
          pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
          authenticatorSelection: { residentKey: "required", userVerification: "required" },
          attestation: "none",
          excludeCredentials: told.held.map((id) => ({ type: "public-key", id: bytes(id) })),
        },
      }),
    )
  );
  const answer = /** @type {AuthenticatorAttestationResponse} */ (made.response);
  const key = answer.getPublicKey();
  if (!key) throw new Problem(words("failed"));
  return JSON.stringify({
    id: made.id,
    client: text(answer.clientDataJSON),
    authenticator: text(answer.getAuthenticatorData()),
    key: text(key),
  });
}

/** Sign in, or hand the running desk over: the session before, if any, ends. */
export async function enter() {
  check();
  const told = await post("/sign-in/challenge", {});
  await post("/sign-in/passkey", { given: await sign(told) });
}

/** Make a passkey and store it, by a link's token or for whoever is signed in.
 * @param {string} path @param {string} challenge @param {Record<string, string>} fields */
export async function enrol(path, challenge, fields) {
  check();
  const told = await post(challenge, fields);
  const proof = told.prove ? await sign({ challenge: told.prove, rp: told.rp }, told.held) : "";
  await post(path, { ...fields, proof, given: await create(told) });
}

/** Run what a form asks for; the form shows that a passkey is waited for, and why it did not come about. Pressed again
 * meanwhile it asks anew: the browser's question may have gone unseen, or wait for a device that is not there.
 * @param {HTMLFormElement} form @param {() => Promise<void>} work */
export async function run(form, work) {
  if (form.dataset.busy) {
    anew = asking !== undefined;
    asking?.abort();
    return;
  }
  form.dataset.busy = "1";
  const note = form.querySelector("[data-passkey-problem]") ?? document.querySelector("[data-passkey-problem]");
  if (note instanceof HTMLElement) note.hidden = true;
  const waiting = Object.assign(document.createElement("p"), { className: "note", role: "status" });
  note?.before(waiting);
  waiting.textContent = words("working");
  try {
    do {
      anew = false;
      await work().catch((error) => {
        if (!anew) throw error;
      });
    } while (anew);
  } catch (error) {
    if (!(note instanceof HTMLElement)) throw error;
    note.textContent = error instanceof Problem ? error.message : words("failed");
    note.hidden = false;
  } finally {
    waiting.remove();
    delete form.dataset.busy;
  }
}
