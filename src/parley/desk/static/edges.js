// Keeps what has the focus in sight: tells the styles how much of the screen stays covered at the top and at the foot.
// @ts-check

/** What sticks to an edge of the screen, and the name under which the styles know its height. */
const EDGES = [
  ["--head", ".top"],
  ["--alerts", ".alerts"], // only while something urgent, or a roll-call, is among them
  ["--foot", "#handset"],
];

export function keepEdges() {
  for (const [name, selector] of EDGES) {
    const part = document.querySelector(selector);
    if (!(part instanceof HTMLElement)) continue;
    const measure = () => {
      const { position, insetBlockStart } = getComputedStyle(part);
      const frame = name === "--head" ? parseFloat(insetBlockStart) || 0 : 0; // of an exercise, around the page
      document.documentElement.style.setProperty(name, position === "sticky" ? `${part.offsetHeight + frame}px` : "0px");
    };
    new ResizeObserver(measure).observe(part);
    // On a narrow screen the handset sticks only while its voice is ready, or its microphone is missed.
    new MutationObserver(measure).observe(part, { attributes: true, attributeFilter: ["data-state", "hidden"] });
    addEventListener("resize", measure);
    measure();
  }
}
