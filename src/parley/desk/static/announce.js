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

export function keepAnnouncing() {
  document.addEventListener("parley:hint", (event) => {
    const hint = /** @type {CustomEvent<import("./live.js").Hint>} */ (event).detail;
    if (hint.urgent === "INCIDENT") say("incident", true);
    else if (hint.urgent === "FLASH") say("flash", true);
    else if (hint.urgent === "IMMEDIATE") say("immediate", true);
    else if (hint.urgent) say("new", false);
  });
  document.addEventListener("parley:overdue", () => say("overdue", true));
  const urgent = document.querySelector(".alert.urgent");
  if (urgent) sayText([...urgent.querySelectorAll(".kind, bdi")].map((part) => part.textContent?.trim()).join(" "), true);
}
