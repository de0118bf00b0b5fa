// What a chart shows, read from the GeoJSON of our own node (docs/desk/chart.md), and how it stands at a moment.
// @ts-check
import { pointsOf, ringAround } from "./chart-space.js";

/** @typedef {import("./chart-space.js").Points} Points
 * @typedef {{kind: string, label: string, side: string, style: string, from: number, to: number, error_m: number,
 *   width_m: number, times: number[], shape: "point"|"line"|"area", points: Points, ring: Points|null}} Item
 * `ring`: what lies around a point, if it has a radius. */

/** @param {any} collection @returns {Item[]} */
export function itemsOf(collection) {
  return collection.features.map((/** @type {any} */ feature) => {
    const has = feature.properties, { type, coordinates } = feature.geometry;
    const shape = type === "Point" ? "point" : type === "Polygon" ? "area" : "line";
    const points = pointsOf(shape === "point" ? [coordinates] : shape === "area" ? coordinates[0].slice(0, -1) : coordinates);
    const ring = shape === "point" && has.radius_m ? pointsOf(ringAround(coordinates[0], coordinates[1], has.radius_m)) : null;
    return {
      kind: has.kind, label: has.label ?? "", side: has.side ?? "", style: has.style ?? "",
      from: has.from ? Date.parse(has.from) : -Infinity, to: has.to ? Date.parse(has.to) : Infinity,
      error_m: has.error_m ?? 0, width_m: has.width_m ?? 0, times: has.times ?? [], shape, points, ring,
    };
  });
}

/** @param {Item[]} items @returns {[number, number]|null} the first and the last moment that anything speaks of */
export function spanOf(items) {
  let first = Infinity, last = -Infinity;
  for (const item of items) {
    for (const at of [item.from, item.to, item.times[0], item.times.at(-1)]) {
      if (at === undefined || !Number.isFinite(at)) continue;
      first = Math.min(first, at);
      last = Math.max(last, at);
    }
  }
  return first < last ? [first, last] : null;
}

/** @param {Item} item @param {number|null} at @returns {boolean} it is in force; without a moment everything is */
export function inForce(item, at) {
  return at === null || (item.from <= at && at <= item.to);
}

/** Where a track is at a moment, between two of its points. @param {Item} item @param {number} at
 * @returns {{upto: number, v: number[]}|null} null before its first point and after its last */
export function placeAt(item, at) {
  const { times, points } = item;
  if (!times.length || at < times[0] || at > times[times.length - 1]) return null;
  let low = 0, high = times.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= at) low = middle;
    else high = middle - 1;
  }
  const next = Math.min(low + 1, times.length - 1), gap = times[next] - times[low];
  const part = gap > 0 ? (at - times[low]) / gap : 0;
  const v = [0, 1, 2].map((n) => points.v[3 * low + n] * (1 - part) + points.v[3 * next + n] * part);
  const length = Math.hypot(...v) || 1;
  return { upto: low, v: v.map((value) => value / length) };
}
