// Says aloud, through the two live regions, what a person who does not see the screen must hear: FLASH at once.
// The words come from the catalogue, by the page.
// @ts-check

/** @param {string} name which sentence of #say-words @param {boolean} now interrupts what is being read */
export function say(name, now) {
  const words = /** @type {HTMLTemplateElement|null} */ (document.getElementById("say-words"));
  sayText(words?.dataset[name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())] ?? "", now);
}

/** @param {string} sentence @param {boolean} now */
export function sayText(sentence, now) {
  const region = document.getElementById(now ? "say-now" : "say-quietly");
  if (!region || !sentence) return;
  const line = document.createElement("p");
  line.textContent = sentence;
  region.append(line);
  // A region that keeps growing is read twice by some screen readers; one that is emptied at once, by none.
  setTimeout(() => line.remove(), 20_000);
}

/** Alerts that are said by whoever hears of them first: a hint, a clock, the handset. */
const SAID = ["flash", "immediate", "incident", "overdue", "recording", "call-words"];

/** @param {Element} alert @returns {string} */
function wordsOf(alert) {
  return [...alert.querySelectorAll(":scope > span:is(.kind, :has(> bdi))")].map((part) => part.textContent?.trim()).join(" ");
}

/** @returns {Map<string, HTMLElement>} what stands above the page, each by its words */
function alertsNow() {
  const shown = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".alert[data-alert]")]);
  return new Map(shown.map((alert) => [wordsOf(alert), alert]));
}

export function keepAnnouncing() {
  document.addEventListener("parley:hint", (event) => {
    const hint = /** @type {CustomEvent<import("./live.js").Hint>} */ (event).detail;
    if (hint.urgent === "INCIDENT") say("incident", true);
    else if (hint.urgent === "FLASH") say("flash", true);
    else if (hint.urgent === "IMMEDIATE") say("immediate", true);
    else if (hint.urgent) say("new", false);
  });
  // A message counts down in several places of a page and is said once; what else is overdue has words of its own.
  let saidMs = -Infinity;
  document.addEventListener("parley:overdue", (event) => {
    const of = /** @type {Element} */ (event.target).closest(".message, .waits-now, .waits-list, .alert:not([data-alert^=call])");
    if (!of || performance.now() - saidMs < 2000) return;
    saidMs = performance.now();
    say("overdue", true);
  });
  const urgent = document.querySelector(".alert.urgent");
  if (urgent) sayText(wordsOf(urgent), true);

  // What comes above the page is said as it comes; a call is said by the handset where there is one.
  let known = alertsNow();
  document.addEventListener("parley:changed", () => {
    const now = alertsNow();
    for (const [words, alert] of now) {
      const kind = alert.dataset.alert ?? "";
      const elsewhere = SAID.includes(kind) || (kind === "call" && document.getElementById("handset"));
      if (!known.has(words) && !elsewhere) sayText(words, alert.matches(".urgent"));
    }
    known = now;
  });

  // What becomes of a call on its page: said at each turn, and when the page opens while it rings or goes on.
  const turn = () => /** @type {HTMLElement|null} */ (document.querySelector("[data-say]"))?.dataset.say ?? "";
  let said = document.querySelector("[data-call-state]") ? "" : turn();
  const sayTurn = () => {
    if (turn() !== said) sayText((said = turn()), true);
  };
  document.addEventListener("parley:changed", sayTurn);
  sayTurn();
}
