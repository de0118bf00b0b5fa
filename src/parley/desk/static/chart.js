// Charts of a page: each asks its own address for what to show and draws it over the coastline that came with the
// program. The table beside it, made by the server, says the same in words; without script only that is there.
// @ts-check
import { Space, fit, world } from "./chart-space.js";
import { loadLand } from "./chart-land.js";
import { itemsOf } from "./chart-data.js";
import { drawItem, drawLand } from "./chart-draw.js";
import { Labels, drawGrid, drawScale } from "./chart-words.js";
import { lookOf } from "./chart-look.js";
import { keepHands } from "./chart-hands.js";
import { keepTime } from "./chart-time.js";
import { keepArea } from "./chart-area.js";
import { sessionEnded } from "./ended.js";

/** @typedef {import("./chart-data.js").Item} Item
 * @typedef {import("./chart-land.js").Ring} Ring */

/** @type {Map<string, Promise<Ring[]>>} one reading of each coastline a page */
const lands = new Map();

/** @type {Promise<Item[]>|undefined} the names of places our side loaded: none where it loaded none */
let named;

/** @param {string} url @returns {Promise<Item[]>} */
async function askNames(url) {
  const answer = await fetch(url, { headers: { Accept: "application/geo+json" } });
  return answer.ok ? itemsOf(await answer.json()) : [];
}

/** @param {string|undefined} url @returns {Promise<Ring[]>} */
function land(url) {
  const key = url ?? "";
  if (!lands.has(key)) lands.set(key, loadLand(key));
  return /** @type {Promise<Ring[]>} */ (lands.get(key));
}

/** One chart: what it shows, from where it is looked at, and one drawing a frame at most. */
export class Chart {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.canvas = /** @type {HTMLCanvasElement} */ (place.querySelector("canvas"));
    /** @type {Item[]} */
    this.items = [];
    /** @type {Item[]} */
    this.names = [];
    /** @type {Ring[]} */
    this.coarse = [];
    /** @type {Ring[]} */
    this.fine = [];
    /** @type {number|null} */
    this.at = null; // the moment shown; null is all of them
    this.view = world({ lat: 0, lon: 0, scale: 1, width: 300, height: 200 });
    this.moved = false; // somebody has chosen where to look
    this.printing = false;
    /** @type {import("./chart-look.js").Look|null} */
    this.colours = null; // read from the page once, until its theme changes
    this.waiting = false;
    /** @type {((sheet: import("./chart-draw.js").Sheet) => void)[]} */
    this.also = []; // drawn above the rest
    /** @type {(() => void)[]} */
    this.changed = []; // told when there is something else to show
  }

  /** @returns {Space} */
  get space() {
    return new Space(this.view);
  }

  /** Look from elsewhere. @param {Partial<import("./chart-space.js").View>} to */
  look(to) {
    const least = world(this.view).scale;
    this.view = { ...this.view, ...to };
    this.view.scale = Math.max(least, Math.min(20, this.view.scale)); // from the whole world to 5 cm a pixel
    const space = this.space;
    if (!space.near) {
      const spare = Math.max(0, 90 - this.view.height / 2 / space.degree); // no empty screen beyond a pole
      this.view.lat = Math.max(-spare, Math.min(spare, this.view.lat));
    }
    this.draw();
  }

  /** Show all there is to show. */
  fit() {
    this.look(fit(this.items.flatMap((item) => [item.points, item.ring ?? []].flat()), this.view));
  }

  draw() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.drawNow(devicePixelRatio || 1);
    });
  }

  /** @param {number} dots of the canvas, a pixel of the page */
  drawNow(dots) {
    const { canvas, view } = this, on = canvas.getContext("2d");
    if (!on || canvas.hidden) return;
    const [wide, high] = [Math.round(view.width * dots), Math.round(view.height * dots)];
    if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
    on.setTransform(dots, 0, 0, dots, 0, 0);
    on.direction = "ltr"; // 10 NM, in a page that runs from the right as well; each word keeps its own direction
    this.colours ??= lookOf(this.place, this.printing);
    const sheet = { on, space: this.space, look: this.colours, dots };
    const labels = new Labels(sheet);
    drawLand(sheet, this.coarse, this.fine);
    drawGrid(sheet, labels);
    for (const item of this.items) drawItem(sheet, item, this.at, labels);
    for (const name of this.names) drawItem(sheet, name, null, labels); // last: where two words meet, a name gives way
    labels.write();
    for (const more of this.also) more(sheet);
    drawScale(sheet);
    this.place.dataset.drawn = String(this.items.length);
    this.place.dataset.named = String(this.names.length);
  }

  /** Ask what there is to show. */
  async ask() {
    const answer = await fetch(this.place.dataset.url ?? "", { headers: { Accept: "application/geo+json" } });
    if (answer.status === 401) return sessionEnded();
    if (!answer.ok) throw new Error(`chart: ${answer.status}`);
    this.items = itemsOf(await answer.json());
    const { draft } = this.place.dataset; // what this page alone has, as it was checked
    if (draft) this.items.push(...itemsOf(JSON.parse(draft)));
    for (const tell of this.changed) tell();
    if (!this.moved) this.fit();
    this.draw();
  }

  size() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth || (clientWidth === this.view.width && clientHeight === this.view.height)) return;
    this.view = { ...this.view, width: clientWidth, height: clientHeight };
    if (this.moved) this.draw();
    else this.fit();
  }
}

/** @param {Chart} chart */
async function start(chart) {
  const { place, canvas } = chart;
  const problem = place.querySelector("[data-chart-problem]");
  for (const part of place.querySelectorAll("canvas, [data-needs-script]")) /** @type {HTMLElement} */ (part).hidden = false;
  keepHands(chart);
  keepTime(chart);
  keepArea(chart);
  chart.size();
  new ResizeObserver(() => chart.size()).observe(canvas);
  const again = () => chart.ask().then(
    () => problem?.setAttribute("hidden", ""),
    () => problem?.removeAttribute("hidden"),
  );
  for (const [name, printing] of /** @type {[string, boolean][]} */ ([["beforeprint", true], ["afterprint", false]]))
    addEventListener(name, () => {
      chart.printing = printing;
      chart.colours = null;
      chart.drawNow(printing ? 3 : devicePixelRatio || 1);
    });
  for (const media of ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"])
    matchMedia(media).addEventListener("change", () => {
      chart.colours = null;
      chart.draw();
    });
  document.addEventListener("parley:hint", (event) => {
    const topic = /** @type {CustomEvent} */ (event).detail.topic, topics = (place.dataset.topics ?? "").split(" ");
    if (place.isConnected && (topic === "all" || topics.includes(topic) || topics.includes(topic.split(":")[0]))) void again();
  });
  await Promise.all([
    land(place.dataset.coarse).then((rings) => (chart.coarse = rings)),
    again(),
  ]).catch(() => problem?.removeAttribute("hidden"));
  chart.draw();
  chart.names = await (named ??= askNames(place.dataset.names ?? "").catch(() => []));
  chart.fine = await land(place.dataset.fine).catch(() => []);
  chart.draw();
  place.dataset.ready = "yes";
  const every_s = Number(place.dataset.every);
  while (every_s && place.isConnected) {
    await new Promise((done) => setTimeout(done, every_s * 1000));
    if (!document.hidden) await again();
  }
}

/** Start the charts of a page, also those that come with a later answer. */
export function keepCharts() {
  const known = new WeakSet();
  function look() {
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-chart]"))) {
      if (known.has(place)) continue;
      known.add(place);
      void start(new Chart(place));
    }
  }
  document.addEventListener("parley:changed", look);
  look();
}
