// The time slider under a chart: one moment of it, or all of it.
// @ts-check
import { spanOf } from "./chart-data.js";

/** @param {number} at @returns {string} */
function text(at) {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** @param {import("./chart.js").Chart} chart */
export function keepTime(chart) {
  const part = /** @type {HTMLElement|null} */ (chart.place.querySelector("[data-chart-time]"));
  const slider = part?.querySelector("input"), told = part?.querySelector("output"), all = part?.querySelector("button");
  if (!part || !slider || !told || !all) return;
  const everything = told.textContent ?? "";
  /** @type {[number, number]|null} */
  let span = null;

  /** @param {number|null} at */
  function show(at) {
    chart.at = at;
    told.textContent = at === null ? everything : text(at);
    slider?.setAttribute("aria-valuetext", told.textContent ?? "");
    all?.setAttribute("aria-pressed", String(at === null));
    chart.draw();
  }
  chart.changed.push(() => {
    span = spanOf(chart.items);
    part.hidden = !span;
    if (!span) return show(null);
    const seconds = Math.max(1, Math.round((span[1] - span[0]) / 1000));
    slider.max = String(seconds);
    slider.step = String(Math.max(1, Math.round(seconds / 1000)));
    if (chart.at !== null) show(Math.max(span[0], Math.min(span[1], chart.at)));
  });
  slider.addEventListener("input", () => span && show(Math.min(span[1], span[0] + Number(slider.value) * 1000)));
  all.addEventListener("click", () => show(null));
  const now = document.documentElement.dataset.now;
  part.querySelector("[data-chart-now]")?.addEventListener("click", () => {
    const at = Date.parse(now ?? "");
    if (!span || Number.isNaN(at)) return;
    slider.value = String(Math.round((at - span[0]) / 1000));
    show(Math.max(span[0], Math.min(span[1], at)));
  });
}
