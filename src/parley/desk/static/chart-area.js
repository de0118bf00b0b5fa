// Drawing an area on a chart. It is written into the field of the form, which is always there and can be typed into;
// what the server reads is the field alone.
// @ts-check
import { metres, pointsOf, ringAround } from "./chart-space.js";
import { angle } from "./chart-words.js";

const NM_M = 1852;
const STILL_PX = 4; // a press that moves farther moves the chart and sets no point

/** @param {number[]} pair [lon, lat] @returns {string} 54-18.00N 011-02.00E, as warnings to ships have it, and as actions/area_text.py reads it */
function written(pair) {
  return `${angle(pair[1], "N", "S", 2)} ${angle(pair[0], "E", "W", 2)}`.replaceAll("°", "-").replaceAll("′", "");
}

/** @param {string} shape @param {number[][]} points @param {number} width_nm @returns {string} "" while it is not an area yet */
export function areaText(shape, points, width_nm) {
  if (points.length < { circle: 2, corridor: 2, polygon: 3 }[shape]) return "";
  if (shape === "circle") {
    const radius = Math.max(0.01, metres(points[0], points[1]) / NM_M).toFixed(2);
    return `WITHIN ${radius} NM OF ${written(points[0])}`;
  }
  const all = points.map(written).join(", ");
  return shape === "polygon" ? `AREA BOUNDED BY ${all}` : `WITHIN ${width_nm.toFixed(2)} NM OF THE LINE ${all}`;
}

/** @param {import("./chart.js").Chart} chart */
export function keepArea(chart) {
  const { canvas, place } = chart;
  const field = /** @type {HTMLTextAreaElement|null} */ (document.getElementById(place.dataset.field ?? ""));
  const tools = place.querySelector("[data-chart-draw]");
  const width = /** @type {HTMLInputElement|null} */ (tools?.querySelector("input") ?? null);
  if (!field || !tools) return;
  let shape = "";
  /** @type {number[][]} */
  let points = [];
  let drawnText = ""; // as last written into the field: what somebody typed there instead is theirs

  function changed() {
    const text = areaText(shape, points, Number(width?.value) || 1);
    if (text || (drawnText && field.value === drawnText)) {
      field.value = drawnText = text; // empty again when too many points were taken back: no area is given unseen
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    chart.draw();
  }
  /** @param {string} next */
  function choose(next) {
    shape = next === shape ? "" : next;
    points = [];
    if (shape) place.dataset.drawing = shape;
    else delete place.dataset.drawing;
    for (const button of tools.querySelectorAll("[data-shape]"))
      button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset.shape === shape));
    chart.draw();
  }
  /** @param {number} x @param {number} y */
  function add(x, y) {
    const { lat, lon } = chart.space.back(x, y);
    if (shape === "circle" && points.length === 2) points = [];
    points.push([lon, lat]);
    changed();
  }
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (tools.querySelectorAll("[data-shape]")))
    button.addEventListener("click", () => choose(button.dataset.shape ?? ""));
  tools.querySelector("[data-undo]")?.addEventListener("click", () => {
    points.pop();
    changed();
  });
  width?.addEventListener("input", changed);
  let [downX, downY] = [0, 0];
  canvas.addEventListener("pointerdown", (event) => ([downX, downY] = [event.offsetX, event.offsetY]));
  canvas.addEventListener("click", (event) => {
    const went = Math.hypot(event.offsetX - downX, event.offsetY - downY);
    if (shape && went <= STILL_PX) add(event.offsetX, event.offsetY);
  });
  canvas.addEventListener("keydown", (event) => {
    if (!shape || (event.key !== "Enter" && event.key !== " " && event.key !== "Backspace")) return;
    if (event.key === "Backspace") {
      points.pop();
      changed();
    } else add(chart.view.width / 2, chart.view.height / 2);
    event.preventDefault();
    event.stopPropagation();
  });
  chart.also.push((sheet) => shape && drawn(sheet, shape, points, Number(width?.value) || 1));
}

/** @param {import("./chart-draw.js").Sheet} sheet @param {string} shape @param {number[][]} points @param {number} width_nm */
function drawn({ on, space, look }, shape, points, width_nm) {
  const round = shape === "circle" && points.length === 2;
  const line = round ? ringAround(points[0][0], points[0][1], metres(points[0], points[1])) : points;
  const laid = pointsOf(line);
  on.beginPath();
  for (let at = 0; at < laid.count; at++) {
    space.put(laid, at);
    if (at) on.lineTo(space.x, space.y);
    else on.moveTo(space.x, space.y);
  }
  if (shape !== "corridor") on.closePath();
  on.setLineDash([]);
  on.lineCap = on.lineJoin = "round";
  if (shape === "corridor" && laid.count) {
    on.globalAlpha = 0.25;
    on.lineWidth = Math.max(3, 2 * width_nm * NM_M * space.scaleHere());
    on.strokeStyle = look.ink;
    on.stroke();
    on.globalAlpha = 1;
  }
  on.lineCap = "butt";
  on.lineWidth = 2.5;
  on.strokeStyle = look.ink;
  on.stroke();
  const set = pointsOf(points); // each point by itself: the first is seen before there is a line
  on.fillStyle = look.ink;
  for (let at = 0; at < set.count; at++) {
    space.put(set, at);
    on.beginPath();
    on.arc(space.x, space.y, 4, 0, 7);
    on.fill();
  }
  const { width, height } = space.view; // the cross in the middle, where the Enter key sets a point
  on.beginPath();
  on.moveTo(width / 2 - 9, height / 2);
  on.lineTo(width / 2 + 9, height / 2);
  on.moveTo(width / 2, height / 2 - 9);
  on.lineTo(width / 2, height / 2 + 9);
  on.lineWidth = 1;
  on.stroke();
}
