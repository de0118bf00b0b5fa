// Where land is: reads our own file of rings (docs/desk/chart.md) and draws it in either space.
// @ts-check
import { setPoint, wrap } from "./chart-space.js";

/** @typedef {import("./chart-space.js").Points} Points
 * @typedef {Points & {cap: number[], reach: number, winds: boolean}} Ring `cap`: its middle; `reach`: cosine of its radius */

/** @param {string} url @returns {Promise<Ring[]>} */
export async function loadLand(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`land: ${answer.status}`);
  return readLand(new Uint8Array(await answer.arrayBuffer()));
}

/** @param {Uint8Array} bytes @returns {Ring[]} */
function readLand(bytes) {
  let at = 5; // after LAND1
  function number() {
    let value = 0, shift = 0;
    for (;;) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return (value >>> 1) ^ -(value & 1);
      shift += 7;
    }
  }
  return Array.from({ length: number() }, () => {
    const count = number();
    const ring = { count, lon: new Float64Array(count), lat: new Float64Array(count), v: new Float64Array(3 * count) };
    let lon = 0, lat = 0, first = 0;
    for (let point = 0; point < count; point++) {
      lon += number();
      lat += number();
      if (!point) first = lon;
      setPoint(ring, point, lon / 100, lat / 100);
    }
    return { ...ring, ...capOf(ring.v), winds: Math.abs(lon - first) > 30_000 };
  });
}

/** @param {Float64Array} v @returns {{cap: number[], reach: number}} a circle that holds a ring */
function capOf(v) {
  const sum = [0, 0, 0];
  for (let i = 0; i < v.length; i++) sum[i % 3] += v[i];
  const length = Math.hypot(...sum) || 1, cap = sum.map((part) => part / length);
  let reach = 1;
  for (let i = 0; i < v.length; i += 3) reach = Math.min(reach, cap[0] * v[i] + cap[1] * v[i + 1] + cap[2] * v[i + 2]);
  return { cap, reach };
}

/** A point is inside if the way from it to the north pole, where there is sea, meets the ring an odd number of times.
 * @param {Ring} ring @param {number} lat @param {number} lon @returns {boolean} */
function inside(ring, lat, lon) {
  let odd = false;
  for (let at = 0, last = ring.count - 1; at < ring.count; last = at++) {
    const step = wrap(ring.lon[at] - ring.lon[last]), ahead = wrap(lon - ring.lon[last]);
    const between = (ahead >= 0 && ahead < step) || (step <= ahead && ahead < 0);
    if (between && ring.lat[last] + ((ring.lat[at] - ring.lat[last]) * ahead) / step > lat) odd = !odd;
  }
  return odd;
}

/** An edge that only cuts the land in two at the antimeridian is no coast. @param {Ring} ring @param {number} a @param {number} b */
function seam(ring, a, b) {
  return Math.abs(wrap(ring.lon[a] - 180)) < 0.015 && Math.abs(wrap(ring.lon[b] - 180)) < 0.015;
}

/** The rings that can be seen, as one area to fill and one line to draw.
 * The area is filled by even and odd. In a stereographic plane "outside" is what holds the far point of the earth; where
 * that lies on land itself, all turns over once more.
 * @param {import("./chart-space.js").Space} space @param {Ring[]} rings @returns {{area: Path2D, coast: Path2D}} */
export function nearLand(space, rings) {
  const area = new Path2D(), coast = new Path2D(), { view, up } = space;
  const seen = Math.min(Math.PI, 2 * Math.atan(space.radius_m / 2 / 6371008.8)); // radius of the screen, as an angle
  const far = { lat: -view.lat, lon: wrap(view.lon + 180) };
  let turned = false;
  for (const ring of rings) {
    const between = Math.acos(Math.max(-1, Math.min(1, ring.cap[0] * up[0] + ring.cap[1] * up[1] + ring.cap[2] * up[2])));
    const reach = Math.acos(Math.max(-1, ring.reach));
    if (between > seen + reach) continue;
    trace(space, ring, area, coast);
    if (between + reach > Math.PI - 0.1 && inside(ring, far.lat, far.lon)) turned = !turned;
  }
  if (turned) area.rect(-1e7, -1e7, 2e7, 2e7);
  return { area, coast };
}

/** @param {import("./chart-space.js").Space} space @param {Ring} ring @param {Path2D} area @param {Path2D} coast */
function trace(space, ring, area, coast) {
  space.put(ring, ring.count - 1);
  let x = space.x, y = space.y, hidden = space.far_away;
  coast.moveTo(x, y);
  for (let at = 0, last = ring.count - 1; at < ring.count; last = at++) {
    space.put(ring, at);
    if (at) area.lineTo(space.x, space.y);
    else area.moveTo(space.x, space.y);
    // A step of less than a third of a pixel is left for the next one; the area keeps every corner.
    const skip = (hidden && space.far_away) || seam(ring, last, at);
    if (skip) coast.moveTo(space.x, space.y);
    else if (Math.abs(space.x - x) + Math.abs(space.y - y) < 0.3) continue;
    else coast.lineTo(space.x, space.y);
    [x, y, hidden] = [space.x, space.y, space.far_away];
  }
  area.closePath();
}

/** All land once, in degrees, for the world; a ring about the pole is closed along its edge.
 * @param {Ring[]} rings @returns {{area: Path2D, coast: Path2D}} */
export function farLand(rings) {
  const area = new Path2D(), coast = new Path2D();
  for (const ring of rings) {
    for (let at = 0; at < ring.count; at++) {
      if (at) area.lineTo(ring.lon[at], -ring.lat[at]);
      else area.moveTo(ring.lon[at], -ring.lat[at]);
      if (at && !seam(ring, at - 1, at)) coast.lineTo(ring.lon[at], -ring.lat[at]);
      else coast.moveTo(ring.lon[at], -ring.lat[at]);
    }
    if (ring.winds) {
      const end = ring.lon[0] + 360 * Math.sign(ring.lon[ring.count - 1] - ring.lon[0]);
      area.lineTo(end, -ring.lat[0]);
      area.lineTo(end, 90);
      area.lineTo(ring.lon[0], 90);
      coast.lineTo(end, -ring.lat[0]);
    } else if (!seam(ring, ring.count - 1, 0)) coast.lineTo(ring.lon[0], -ring.lat[0]);
    area.closePath();
  }
  return { area, coast };
}
