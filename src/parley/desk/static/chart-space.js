// From positions on the earth to pixels and back. Near: stereographic about the middle of the screen, in which small
// circles stay circles and bearings stay true, at the poles and over the antimeridian alike. Far: plate carrée.
// @ts-check

export const EARTH_M = 6371008.8;
const RAD = Math.PI / 180;
const FAR_M = 5_000_000; // half the screen shows more than this: draw the world
const LEAST = 1e-3; // keeps what lies at our feet's other side within what a canvas can count

/** Many positions: degrees, and unit vectors (x to 0°E, y to 90°E, z to the north pole).
 * @typedef {{count: number, lon: Float64Array, lat: Float64Array, v: Float64Array}} Points
 * @typedef {{lat: number, lon: number, scale: number, width: number, height: number}} View scale: pixels a metre */

/** @param {number} degrees @returns {number} the same angle within -180 (in) and 180 (out) */
export function wrap(degrees) {
  return ((((degrees + 180) % 360) + 360) % 360) - 180;
}

/** @param {ArrayLike<ArrayLike<number>>} pairs longitude and latitude, as GeoJSON has them @returns {Points} */
export function pointsOf(pairs) {
  const count = pairs.length;
  const made = { count, lon: new Float64Array(count), lat: new Float64Array(count), v: new Float64Array(3 * count) };
  for (let at = 0; at < count; at++) setPoint(made, at, pairs[at][0], pairs[at][1]);
  return made;
}

/** @param {Points} points @param {number} at @param {number} lon @param {number} lat */
export function setPoint(points, at, lon, lat) {
  points.lon[at] = lon;
  points.lat[at] = lat;
  const level = Math.cos(lat * RAD);
  points.v[3 * at] = level * Math.cos(lon * RAD);
  points.v[3 * at + 1] = level * Math.sin(lon * RAD);
  points.v[3 * at + 2] = Math.sin(lat * RAD);
}

/** One way of laying the earth on the screen. */
export class Space {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.radius_m = Math.hypot(view.width, view.height) / 2 / view.scale;
    this.near = this.radius_m < FAR_M;
    const [a, b] = [view.lon * RAD, view.lat * RAD];
    this.up = [Math.cos(b) * Math.cos(a), Math.cos(b) * Math.sin(a), Math.sin(b)];
    this.east = [-Math.sin(a), Math.cos(a), 0];
    this.north = [-Math.sin(b) * Math.cos(a), -Math.sin(b) * Math.sin(a), Math.cos(b)];
    this.size = 2 * EARTH_M * view.scale; // near: of the projection
    this.degree = EARTH_M * RAD * view.scale; // far: pixels a degree
    this.x = 0; // where the last point came to lie
    this.y = 0;
    this.far_away = false; // the last point lies beyond the horizon of the screen's middle
  }

  /** Lay a point; its place is in x and y. @param {Points} points @param {number} at */
  put(points, at) {
    const { view } = this;
    if (this.near) {
      const v = points.v, i = 3 * at, { up, east, north } = this;
      const depth = 1 + up[0] * v[i] + up[1] * v[i + 1] + up[2] * v[i + 2];
      this.far_away = depth < 1;
      const k = this.size / Math.max(depth, LEAST);
      this.x = view.width / 2 + k * (east[0] * v[i] + east[1] * v[i + 1]);
      this.y = view.height / 2 - k * (north[0] * v[i] + north[1] * v[i + 1] + north[2] * v[i + 2]);
    } else {
      this.far_away = false;
      this.x = view.width / 2 + wrap(points.lon[at] - view.lon) * this.degree;
      this.y = view.height / 2 - (points.lat[at] - view.lat) * this.degree;
    }
  }

  /** @param {number} x @param {number} y @returns {{lat: number, lon: number}} */
  back(x, y) {
    const { view } = this;
    const right = x - view.width / 2, rise = view.height / 2 - y;
    if (!this.near) {
      const lat = Math.max(-90, Math.min(90, view.lat + rise / this.degree));
      return { lat, lon: wrap(view.lon + right / this.degree) };
    }
    const a = right / this.size, b = rise / this.size, square = a * a + b * b;
    const k = 2 / (1 + square), depth = (1 - square) / (1 + square);
    const v = [0, 1, 2].map((n) => depth * this.up[n] + k * (a * this.east[n] + b * this.north[n]));
    return { lat: Math.asin(Math.max(-1, Math.min(1, v[2]))) / RAD, lon: Math.atan2(v[1], v[0]) / RAD };
  }

  /** Pixels a metre where the last point lies. @returns {number} */
  scaleHere() {
    if (!this.near) return this.view.scale;
    const right = this.x - this.view.width / 2, rise = this.y - this.view.height / 2;
    return this.view.scale * (1 + (right * right + rise * rise) / (this.size * this.size));
  }
}

/** @param {number[]} a @param {number[]} b both [lon, lat] @returns {number} metres along the great circle */
export function metres(a, b) {
  const north = Math.sin(((b[1] - a[1]) * RAD) / 2), east = Math.sin(((b[0] - a[0]) * RAD) / 2);
  const h = north * north + Math.cos(a[1] * RAD) * Math.cos(b[1] * RAD) * east * east;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** @param {number} lon @param {number} lat @param {number} radius_m @returns {number[][]} a ring around a position */
export function ringAround(lon, lat, radius_m) {
  const ring = [], reach = radius_m / EARTH_M, sin = Math.sin(lat * RAD), cos = Math.cos(lat * RAD);
  for (let step = 0; step <= 72; step++) {
    const bearing = step * 5 * RAD;
    const up = Math.asin(Math.max(-1, Math.min(1, sin * Math.cos(reach) + cos * Math.sin(reach) * Math.cos(bearing))));
    const along = Math.atan2(Math.sin(bearing) * Math.sin(reach) * cos, Math.cos(reach) - sin * Math.sin(up));
    ring.push([wrap(lon + along / RAD), up / RAD]);
  }
  return ring;
}

/** The view that shows all of it. @param {Points[]} all @param {View} view the size of the screen @returns {View} */
export function fit(all, view) {
  const middle = [0, 0, 0];
  for (const { v } of all) for (let i = 0; i < v.length; i++) middle[i % 3] += v[i] / (v.length / 3);
  const length = Math.hypot(...middle);
  if (!all.length || length < 0.05) return world(view);
  const lat = Math.asin(middle[2] / length) / RAD, lon = Math.atan2(middle[1], middle[0]) / RAD;
  let reach = 500;
  for (const points of all)
    for (let at = 0; at < points.count; at++) reach = Math.max(reach, metres([lon, lat], [points.lon[at], points.lat[at]]));
  if (reach > 4_500_000) return world(view);
  return { ...view, lat, lon, scale: Math.min(view.width, view.height) / 2 / (reach * 1.2) };
}

/** @param {View} view @returns {View} the whole world, as wide as the screen */
export function world(view) {
  const degree = Math.min(view.width / 360, view.height / 160);
  return { ...view, lat: 0, lon: 0, scale: degree / RAD / EARTH_M };
}
