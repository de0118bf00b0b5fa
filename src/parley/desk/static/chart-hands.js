// Moving a chart: by dragging, two fingers, the wheel, buttons, and keys while it has the focus.
// @ts-check
import { placeText } from "./chart-words.js";

/** @typedef {import("./chart.js").Chart} Chart */

/** Bring what was at one place of the screen to another, and come nearer or go away by a factor.
 * @param {Chart} chart @param {number} x @param {number} y @param {number} [to_x] @param {number} [to_y] @param {number} [by] */
function shift(chart, x, y, to_x = x, to_y = y, by = 1) {
  const { view } = chart;
  chart.moved = true;
  // The middle afterwards lies, on the screen of before, as far from the held point as it will lie then, over `by`.
  const middle = chart.space.back(x + (view.width / 2 - to_x) / by, y + (view.height / 2 - to_y) / by);
  chart.look({ lat: Math.max(-90, Math.min(90, middle.lat)), lon: middle.lon, scale: view.scale * by });
}

/** @param {Chart} chart @param {number} by */
function zoom(chart, by) {
  shift(chart, chart.view.width / 2, chart.view.height / 2, undefined, undefined, by);
}

/** @param {Chart} chart @param {number} right @param {number} down in parts of the screen */
function step(chart, right, down) {
  const { width, height } = chart.view;
  shift(chart, width / 2 + right * width, height / 2 + down * height, width / 2, height / 2);
}

/** @param {Chart} chart */
export function keepHands(chart) {
  const { canvas, place } = chart;
  const here = place.querySelector("[data-chart-here]");
  /** @param {number} x @param {number} y */
  const say = (x, y) => here && (here.textContent = placeText(chart.space.back(x, y)));
  const middle = () => say(chart.view.width / 2, chart.view.height / 2);
  /** @type {Record<string, () => void>} */
  const acts = {
    in: () => zoom(chart, 1.6),
    out: () => zoom(chart, 1 / 1.6),
    fit: () => {
      chart.moved = false;
      chart.fit();
    },
  };
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("[data-chart-act]")))
    button.addEventListener("click", () => acts[button.dataset.chartAct ?? ""]?.());

  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowLeft: () => step(chart, -0.15, 0), ArrowRight: () => step(chart, 0.15, 0),
    ArrowUp: () => step(chart, 0, -0.15), ArrowDown: () => step(chart, 0, 0.15),
    "+": acts.in, "=": acts.in, "-": acts.out, 0: acts.fit,
  };
  canvas.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!act) return;
    act();
    middle();
    event.preventDefault();
    event.stopPropagation(); // while a chart has the focus these keys are its own
  });
  keepPointers(chart, say);
}

/** @param {Chart} chart @param {(x: number, y: number) => void} say */
function keepPointers(chart, say) {
  const { canvas } = chart;
  /** @type {Map<number, [number, number]>} */
  const down = new Map();
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, [event.offsetX, event.offsetY]);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId), now = /** @type {[number, number]} */ ([event.offsetX, event.offsetY]);
    if (!before) return say(...now);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const by = Math.hypot(now[0] - other[0], now[1] - other[1]) / (Math.hypot(before[0] - other[0], before[1] - other[1]) || 1);
      shift(chart, (before[0] + other[0]) / 2, (before[1] + other[1]) / 2, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2, by || 1);
    } else shift(chart, ...before, ...now);
    down.set(event.pointerId, now);
  });
  for (const name of /** @type {const} */ (["pointerup", "pointercancel"]))
    canvas.addEventListener(name, (event) => down.delete(event.pointerId));
  canvas.addEventListener(
    "wheel",
    (event) => {
      // The wheel scrolls the page until somebody has put the focus on the chart.
      if (document.activeElement !== canvas && !event.ctrlKey) return;
      event.preventDefault();
      shift(chart, event.offsetX, event.offsetY, event.offsetX, event.offsetY, Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)));
    },
    { passive: false },
  );
}
