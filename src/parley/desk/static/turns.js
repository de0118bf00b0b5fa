// Talking in turns: whose turn it is, for how long, the time of each side, and passing it on. The gate at both nodes lets
// only that side's voice through; here it is said.
// @ts-check
import { direct } from "./direct.js";
import { listening } from "./listening.js";
import { nodeNow, span } from "./ticks.js";

/** @typedef {{channel: string, session: string, on: boolean, number: number, ours: boolean, phase: "speaker"|"interpreter",
 *   since: string, spent: Record<string, number>}} Turn */

export function keepTurns() {
  const words = document.getElementById("turn-words")?.dataset ?? {};
  const pane = document.getElementById("turns");
  const row = document.getElementById("handset-turn");
  const turns = listening().turns; // by session
  direct().addEventListener("turn", (event) => {
    const turn = /** @type {CustomEvent<Turn>} */ (event).detail;
    if (turn.on) turns.set(turn.session, turn);
    else turns.delete(turn.session);
    listening().inTurns[turn.on ? "add" : "delete"](turn.session);
    listening().dispatchEvent(new Event("change"));
    show();
  });
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#turn-pass [data-to]"))) {
    button.addEventListener("click", () => {
      const turn = here();
      if (turn) direct().say("turn", { channel: turn.channel, session: turn.session, to: button.dataset.to });
    });
  }
  direct().addEventListener("closed", () => {
    turns.clear(); // told anew when the connection is back
    listening().inTurns.clear();
    listening().dispatchEvent(new Event("change"));
    show();
  });
  setInterval(tick, 1000);

  /** @returns {Turn|undefined} */
  function here() {
    return [...turns.values()].find((turn) => turn.channel === pane?.dataset.channel);
  }

  /** @param {boolean} ours @param {string} phase */
  const who = (ours, phase) => `${(ours ? words.our : words.their) ?? ""} · ${words[phase] ?? ""}`;

  function show() {
    const any = [...turns.values()][0];
    if (row) {
      row.hidden = !any;
      row.textContent = any ? `${words.turn} ${who(any.ours, any.phase)}` : "";
    }
    const turn = here();
    if (!pane) return;
    pane.hidden = !turn;
    if (!turn) return;
    pane.toggleAttribute("data-ours", turn.ours);
    /** @type {HTMLElement} */ (document.getElementById("turn-now")).textContent = `${words.turn} ${who(turn.ours, turn.phase)}`;
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("#turn-pass button"))) {
      button.disabled = !turn.ours || button.dataset.to === `our-${turn.phase}`;
    }
    tick();
  }

  /** The clocks: of this turn, and of each side's speakers and interpreters. */
  function tick() {
    const turn = here();
    const list = document.getElementById("turn-spent");
    if (!turn || !list) return;
    const runs = Math.max(0, nodeNow() - Date.parse(turn.since));
    /** @type {HTMLElement} */ (document.getElementById("turn-for")).textContent = span(runs / 1000);
    const items = ["our-speaker", "our-interpreter", "their-speaker", "their-interpreter"].map((key) => {
      const [whose, phase] = key.split("-");
      const now = turn.ours === (whose === "our") && turn.phase === phase;
      const item = document.createElement("li");
      item.textContent = `${who(whose === "our", phase)} ${span(((turn.spent[key] ?? 0) + (now ? runs : 0)) / 1000)}`;
      return item;
    });
    list.replaceChildren(...items);
  }
}
