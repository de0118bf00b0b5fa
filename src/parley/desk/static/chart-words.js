// What is written on a chart: labels that do not lie upon one another, the graticule with its degrees, the scale bar.
// @ts-check
import { pointsOf, wrap } from "./chart-space.js";

/** @typedef {import("./chart-draw.js").Sheet} Sheet */
const NM_M = 1852;
const STEPS = [30, 15, 10, 5, 2, 1, 1 / 2, 1 / 3, 1 / 6, 1 / 12, 1 / 30, 1 / 60, 1 / 120, 1 / 360, 1 / 720];

/** @param {number} degrees @param {string} plus @param {string} minus @param {number} digits of the minutes
 * @returns {string} 54°18.00′N */
export function angle(degrees, plus, minus, digits = 0) {
  const all = (Math.abs(degrees) * 60).toFixed(digits), whole = Math.floor(Number(all) / 60);
  const minutes = (Number(all) - whole * 60).toFixed(digits).padStart(digits ? digits + 3 : 2, "0");
  return `${String(whole).padStart(plus === "N" ? 2 : 3, "0")}°${minutes}′${degrees < 0 ? minus : plus}`;
}

/** @param {number} step of a graticule, in degrees @returns {number} digits its minutes need */
function digits(step) {
  return step >= 1 / 60 ? 0 : step >= 1 / 360 ? 1 : 2;
}

/** @param {{lat: number, lon: number}} place @returns {string} */
export function placeText({ lat, lon }) {
  return `${angle(lat, "N", "S", 2)} ${angle(lon, "E", "W", 2)}`;
}

const ROW_PX = 32;

/** Boxes of left, top, right, foot, found again by the rows they lie in: a chart may have thousands. */
class Boxes {
  constructor() {
    /** @type {Map<number, number[][]>} */
    this.rows = new Map();
  }

  /** @param {number[]} box @returns {number[]} */
  static rowsOf(box) {
    const first = Math.floor(box[1] / ROW_PX), last = Math.floor(box[3] / ROW_PX);
    return Array.from({ length: last - first + 1 }, (_, n) => first + n);
  }

  /** @param {number[]} box */
  add(box) {
    for (const row of Boxes.rowsOf(box)) {
      const held = this.rows.get(row);
      if (held) held.push(box);
      else this.rows.set(row, [box]);
    }
  }

  /** @param {number[]} one @returns {boolean} */
  meet(one) {
    return Boxes.rowsOf(one).some((row) =>
      this.rows.get(row)?.some((other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]));
  }
}

/** Keeps labels apart: the one put first stays. They are written when all else is drawn, so that no mark lies upon a word,
 * and beside the marks of others where there is room, so that no word lies upon a mark. */
export class Labels {
  /** @param {Sheet} sheet */
  constructor(sheet) {
    this.sheet = sheet;
    /** @type {[string, number, number, string, number][]} */
    this.wanted = [];
    this.marks = new Boxes();
  }

  /** @param {string} text @param {number} x @param {number} y @param {string} colour @param {number} [away] */
  put(text, x, y, colour, away = 9) {
    const { width, height } = this.sheet.space.view;
    if (!text || x < 0 || y < 0 || x > width || y > height) return;
    this.wanted.push([text.length > 40 ? `${text.slice(0, 39)}…` : text, x, y, colour, away]);
  }

  /** Keep words off a mark. @param {number} x @param {number} y @param {number} size */
  avoid(x, y, size) {
    this.marks.add([x - size, y - size, x + size, y + size]);
  }

  write() {
    const { on, look, space } = this.sheet, { width, height } = space.view;
    const taken = new Boxes();
    on.setLineDash([]);
    on.font = look.font;
    on.textBaseline = "middle";
    on.textAlign = "left";
    on.lineWidth = 3;
    on.strokeStyle = look.halo;
    for (const [text, x, y, colour, away] of this.wanted) {
      const wide = on.measureText(text).width, right = x + away, left = x - away - wide;
      const boxes = [[right, y], [left, y], [right, y - 18], [right, y + 18], [left, y - 18], [left, y + 18]]
        .filter(([at, level]) => at >= 0 && at + wide <= width && level > 8 && level < height - 8)
        .map(([at, level]) => [at, level - 8, at + wide, level + 8])
        .filter((box) => !taken.meet(box));
      const level = boxes.filter((box) => box[1] === y - 8); // where all are taken, better upon a mark than far from its own
      const box = boxes.find((one) => !this.marks.meet(one)) ?? level[0];
      if (!box) continue;
      taken.add(box);
      on.strokeText(text, box[0], box[1] + 8);
      on.fillStyle = colour;
      on.fillText(text, box[0], box[1] + 8);
    }
  }
}

/** @param {Sheet} sheet @returns {number[][]} lowest and highest latitude, then longitude from the middle, on the screen */
function bounds({ space }) {
  const { width, height, lat, lon } = space.view;
  if (!space.near) {
    const wide = width / 2 / space.degree, high = height / 2 / space.degree;
    return [[Math.max(-90, lat - high), Math.min(90, lat + high)], [Math.max(-180, -wide), Math.min(180, wide)]];
  }
  let [south, north, west, east] = [lat, lat, 0, 0];
  for (let step = 0; step <= 12; step++) {
    const [x, y] = [(width * step) / 12, (height * step) / 12];
    for (const found of [space.back(x, 0), space.back(x, height), space.back(0, y), space.back(width, y)]) {
      [south, north] = [Math.min(south, found.lat), Math.max(north, found.lat)];
      [west, east] = [Math.min(west, wrap(found.lon - lon)), Math.max(east, wrap(found.lon - lon))];
    }
  }
  for (const pole of [90, -90]) {
    space.put(pointsOf([[0, pole]]), 0);
    if (space.far_away || space.x < 0 || space.y < 0 || space.x > width || space.y > height) continue;
    [south, north] = [Math.min(south, pole), Math.max(north, pole)];
    [west, east] = [-180, 180];
  }
  return [[south, north], [west, east]];
}

/** @param {Sheet} sheet @param {Labels} labels */
export function drawGrid(sheet, labels) {
  const { on, space, look } = sheet, { view } = space;
  const [[south, north], [west, east]] = bounds(sheet);
  const wanted = (north - south) / Math.max(2, view.height / 110);
  const step = STEPS.findLast((one) => one >= wanted) ?? 30;
  const level = Math.max(0.02, Math.cos((view.lat * Math.PI) / 180));
  const across = STEPS.findLast((one) => one >= Math.min(30, step / level)) ?? 30;
  on.strokeStyle = look.grid;
  on.lineWidth = 1;
  on.setLineDash([]);
  on.beginPath();
  /** @type {[string, number, number][]} */
  const words = [];
  for (let at = Math.ceil(south / step); at * step <= north; at++) {
    const lat = at * step;
    if (Math.abs(lat) >= 90) continue;
    const line = Array.from({ length: 61 }, (_, n) => [view.lon + west + ((east - west) * n) / 60, lat]);
    gridLine(sheet, line, angle(lat, "N", "S", digits(step)), words, "start");
  }
  const low = Math.max(south, -89), high = Math.min(north, 89);
  for (let at = Math.ceil((view.lon + west) / across); at * across <= view.lon + east; at++) {
    const line = Array.from({ length: 41 }, (_, n) => [at * across, low + ((high - low) * n) / 40]);
    gridLine(sheet, line, angle(wrap(at * across), "E", "W", digits(across)), words, "foot");
  }
  on.stroke();
  const bar = view.width - 10 - scaleWidth(view) - on.measureText("000°00′E").width;
  for (const [text, x, y] of words) if (x < bar || y < view.height - 46) labels.put(text, x, y, look.quiet, 2);
}

/** @param {import("./chart-space.js").View} view @returns {number} how wide the scale bar may be, in pixels */
function scaleWidth(view) {
  return Math.min(160, view.width / 3);
}

/** @param {Sheet} sheet @param {number[][]} pairs @param {string} text @param {[string, number, number][]} words
 * @param {"start"|"foot"} where */
function gridLine({ on, space }, pairs, text, words, where) {
  const points = pointsOf(pairs), { width, height } = space.view;
  let best = /** @type {number[]|null} */ (null), before = 0;
  for (let at = 0; at < points.count; at++) {
    space.put(points, at);
    const { x, y } = space;
    if (at && (space.near || Math.abs(x - before) < width)) on.lineTo(x, y);
    else on.moveTo(x, y);
    before = x;
    if (x < 0 || y < 12 || x > width - 30 || y > height - 10) continue;
    if (!best || (where === "start" ? x < best[0] : y > best[1])) best = [x, y];
  }
  if (best) words.push(where === "start" ? [text, Math.min(best[0], 4), best[1]] : [text, best[0], height - 9]);
}

/** @param {number} most @returns {number} 1, 2 or 5 times a power of ten, as large as fits */
function round(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return ([5, 2].find((one) => one * power <= most) ?? 1) * power;
}

/** @param {Sheet} sheet */
export function drawScale({ on, space, look }) {
  const { view } = space, right = view.width - 10, most = scaleWidth(view) / view.scale;
  on.font = look.font;
  on.setLineDash([]);
  on.textAlign = "right";
  on.textBaseline = "middle";
  [[NM_M, "NM", 34], [1000, "km", 16]].forEach(([unit, name, rise]) => {
    const metre = /** @type {number} */ (unit), y = view.height - /** @type {number} */ (rise);
    const count = round(most / metre), wide = count * metre * view.scale, words = `${Number(count.toPrecision(1))} ${name}`;
    for (const [width, colour] of /** @type {[number, string][]} */ ([[5, look.halo], [2, look.ink]])) {
      on.strokeStyle = colour;
      on.lineWidth = width;
      on.beginPath();
      on.moveTo(right - wide, y - 4);
      on.lineTo(right - wide, y);
      on.lineTo(right, y);
      on.lineTo(right, y - 4);
      on.stroke();
    }
    on.lineWidth = 3;
    on.strokeStyle = look.halo;
    on.strokeText(words, right - 4, y - 8);
    on.fillStyle = look.ink;
    on.fillText(words, right - 4, y - 8);
  });
}
