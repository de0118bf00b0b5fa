// Draws one chart: land, graticule, areas, tracks, marks with their words. It decides nothing and keeps nothing.
// @ts-check
import { dashOf, fillOf } from "./chart-look.js";
import { inForce, placeAt } from "./chart-data.js";
import { farLand, nearLand } from "./chart-land.js";

/** @typedef {import("./chart-data.js").Item} Item
 * @typedef {import("./chart-space.js").Space} Space
 * @typedef {import("./chart-look.js").Look} Look
 * @typedef {{on: CanvasRenderingContext2D, space: Space, look: Look, dots: number}} Sheet dots: of the screen, a pixel */

/** @type {WeakMap<object, {area: Path2D, coast: Path2D}>} */
const worlds = new WeakMap();

/** @param {Sheet} sheet @param {import("./chart-land.js").Ring[]} coarse @param {import("./chart-land.js").Ring[]} fine */
export function drawLand({ on, space, look }, coarse, fine) {
  const { view } = space;
  on.fillStyle = look.water;
  on.fillRect(0, 0, view.width, view.height);
  on.fillStyle = look.land;
  on.strokeStyle = look.coast;
  on.lineJoin = "round";
  on.setLineDash([]);
  if (space.near) {
    const { area, coast } = nearLand(space, fine.length ? fine : coarse);
    on.lineWidth = 1;
    on.fill(area, "evenodd");
    on.stroke(coast);
    return;
  }
  let land = worlds.get(coarse);
  if (!land) worlds.set(coarse, (land = farLand(coarse)));
  for (const turn of [-360, 0, 360]) {
    on.save();
    on.translate(view.width / 2, view.height / 2 + view.lat * space.degree);
    on.scale(space.degree, space.degree);
    on.translate(turn - view.lon, 0);
    on.lineWidth = 1 / space.degree;
    on.fill(land.area, "evenodd");
    on.stroke(land.coast);
    on.restore();
  }
}

/** Trace a line; points that fall on the pixel of the one before are left out, and no line crosses the whole world's edge.
 * @param {Sheet} sheet @param {import("./chart-space.js").Points} points @param {number} upto @param {boolean} closed */
function trace({ on, space }, points, upto, closed) {
  const edge = space.near ? Infinity : 180 * space.degree;
  let x = 0, y = 0;
  on.beginPath();
  for (let step = 0; step <= upto + (closed ? 1 : 0); step++) {
    space.put(points, step % points.count);
    if (!step || Math.abs(space.x - x) > edge) on.moveTo(space.x, space.y);
    else if (Math.abs(space.x - x) + Math.abs(space.y - y) < 0.7 && step < upto) continue;
    else on.lineTo(space.x, space.y);
    [x, y] = [space.x, space.y];
  }
}

/** @param {Item} item @param {Look} look @returns {string} */
function colourOf(item, look) {
  if (item.style === "warning") return look.warning;
  return item.side === "ours" ? look.ours : item.side === "theirs" ? look.theirs : look.other;
}

/** @param {Sheet} sheet @param {Item} item @param {number|null} at @param {import("./chart-words.js").Labels} labels */
export function drawItem(sheet, item, at, labels) {
  if (!inForce(item, at)) return;
  const { on, space, look } = sheet;
  const colour = colourOf(item, look);
  on.strokeStyle = colour;
  on.lineWidth = item.style === "warning" ? 3 : 1.75;
  on.setLineDash(dashOf(item.side));
  if (item.shape === "area") drawArea(sheet, item, item.points, colour, labels);
  else if (item.ring) drawArea(sheet, item, item.ring, colour, labels);
  else if (item.shape === "point") drawMark(sheet, item, item.points.v, item.label, colour, labels);
  else if (item.times.length) drawTrack(sheet, item, at, colour, labels);
  else {
    const last = item.points.count - 1;
    if (item.width_m) band(sheet, item.points, last, item.width_m, colour);
    on.lineWidth = 1.75;
    trace(sheet, item.points, last, false);
    on.stroke();
    space.put(item.points, last >> 1);
    labels.put(item.label, space.x, space.y, colour);
  }
}

/** A line as wide as so many metres: an error on both sides, or a corridor.
 * @param {Sheet} sheet @param {import("./chart-space.js").Points} points @param {number} upto @param {number} width_m @param {string} colour */
function band(sheet, points, upto, width_m, colour) {
  const { on, space } = sheet;
  space.put(points, upto);
  const width = width_m * space.scaleHere();
  if (width < 3) return;
  const dashes = on.getLineDash();
  on.save();
  on.setLineDash([]);
  on.lineCap = "round";
  on.globalAlpha = 0.2;
  on.lineWidth = width;
  on.strokeStyle = colour;
  trace(sheet, points, upto, false);
  on.stroke();
  on.restore();
  on.setLineDash(dashes);
}

/** @param {Sheet} sheet @param {Item} item @param {import("./chart-space.js").Points} points @param {string} colour
 * @param {import("./chart-words.js").Labels} labels */
function drawArea(sheet, item, points, colour, labels) {
  const { on, space } = sheet;
  trace(sheet, points, points.count - 1, true);
  on.fillStyle = fillOf(on, item.side, colour, sheet.dots);
  on.fill("evenodd");
  on.stroke();
  space.put(points, 0);
  labels.put(item.label, space.x, space.y, colour);
}

/** @param {Sheet} sheet @param {Item} item @param {number|null} at @param {string} colour @param {import("./chart-words.js").Labels} labels */
function drawTrack(sheet, item, at, colour, labels) {
  const { on } = sheet, last = item.points.count - 1;
  const here = at === null ? { upto: last, v: [...item.points.v.slice(3 * last)] } : placeAt(item, at);
  if (item.error_m) band(sheet, item.points, last, 2 * item.error_m, colour);
  on.globalAlpha = at === null ? 1 : 0.45;
  on.lineWidth = at === null ? 1.75 : 1;
  trace(sheet, item.points, last, false);
  on.stroke();
  on.globalAlpha = 1;
  if (!here) return;
  on.lineWidth = 2.25;
  if (at !== null) {
    trace(sheet, item.points, here.upto, false);
    sheet.space.put({ ...item.points, v: Float64Array.from(here.v), ...degrees(here.v) }, 0);
    on.lineTo(sheet.space.x, sheet.space.y);
    on.stroke();
  }
  drawMark(sheet, item, here.v, item.label, colour, labels);
}

/** @param {ArrayLike<number>} v @returns {{lon: Float64Array, lat: Float64Array}} */
function degrees(v) {
  const turn = 180 / Math.PI;
  return { lon: Float64Array.of(Math.atan2(v[1], v[0]) * turn), lat: Float64Array.of(Math.asin(v[2]) * turn) };
}

/** @param {Sheet} sheet @param {Item} item @param {ArrayLike<number>} v @param {string} label @param {string} colour
 * @param {import("./chart-words.js").Labels} labels */
function drawMark(sheet, item, v, label, colour, labels) {
  const { on, space, look } = sheet;
  space.put({ count: 1, v: Float64Array.from(v), ...degrees(v) }, 0);
  const { x, y } = space, size = item.style === "warning" ? 7 : 5;
  labels.avoid(x, y, size);
  if (item.error_m && item.error_m * space.scaleHere() > size && !item.times.length) {
    on.lineWidth = 1;
    on.setLineDash([1, 3]);
    on.beginPath();
    on.arc(x, y, item.error_m * space.scaleHere(), 0, 7);
    on.stroke();
  }
  on.setLineDash([]);
  on.fillStyle = item.kind === "name" ? look.quiet : colour;
  on.strokeStyle = look.halo;
  on.lineWidth = 1.5;
  on.beginPath();
  if (item.kind === "name") on.arc(x, y, 2, 0, 7);
  else if (item.side === "ours") on.arc(x, y, size, 0, 7);
  else if (item.side === "theirs") on.rect(x - size, y - size, 2 * size, 2 * size);
  else on.roundRect(x - size / 1.4, y - size / 1.4, size * 1.4, size * 1.4, 1);
  on.fill();
  on.stroke();
  if (item.style === "warning") {
    on.strokeStyle = look.warning;
    on.lineWidth = 2;
    on.beginPath();
    on.arc(x, y, 12, 0, 7);
    on.stroke();
  }
  labels.put(label, x, y, item.kind === "name" ? look.quiet : colour);
}
