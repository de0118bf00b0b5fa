// The colours of a chart from the page's own tokens, whatever theme is on, and the patterns that say whose it is
// to those who see no colour: ours is drawn whole, round and struck upwards; theirs broken, square and struck downwards.
// @ts-check

/** @typedef {{water: string, land: string, coast: string, grid: string, ink: string, quiet: string, halo: string,
 *   ours: string, theirs: string, other: string, warning: string, font: string}} Look */
const TOKENS = {
  water: "--sheet", land: "--sunk", coast: "--rule-strong", grid: "--rule", ink: "--ink", quiet: "--ink-2", halo: "--sheet",
  ours: "--accent", theirs: "--care", other: "--ink-2", warning: "--bad",
};
const SYSTEM = {
  water: "Canvas", land: "Canvas", coast: "CanvasText", grid: "GrayText", ink: "CanvasText", quiet: "CanvasText", halo: "Canvas",
  ours: "LinkText", theirs: "CanvasText", other: "CanvasText", warning: "CanvasText",
};
const PAPER = {
  water: "#ffffff", land: "#e6e6e6", coast: "#555555", grid: "#cccccc", ink: "#000000", quiet: "#333333", halo: "#ffffff",
  ours: "#000000", theirs: "#000000", other: "#555555", warning: "#000000",
};

/** @param {HTMLElement} place @param {boolean} print @returns {Look} */
export function lookOf(place, print) {
  const style = getComputedStyle(place), size = Math.max(11, parseFloat(style.fontSize) * 0.8);
  const font = `${size}px ${style.fontFamily}`;
  if (print) return { ...PAPER, font };
  if (matchMedia("(forced-colors: active)").matches) return { ...SYSTEM, font };
  const probe = document.createElement("span");
  probe.hidden = true;
  place.append(probe);
  /** @type {Record<string, string>} */
  const found = {};
  for (const [name, token] of Object.entries(TOKENS)) {
    probe.style.color = `var(${token})`;
    found[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return /** @type {Look} */ ({ ...found, font });
}

/** @param {string} side @returns {number[]} the dashes of a line */
export function dashOf(side) {
  return side === "ours" ? [] : side === "theirs" ? [8, 4] : [2, 3];
}

/** @type {Map<string, HTMLCanvasElement>} */
const tiles = new Map();

/** What an area is filled with. @param {CanvasRenderingContext2D} on @param {string} side @param {string} colour @param {number} dots
 * @returns {CanvasPattern|string} */
export function fillOf(on, side, colour, dots) {
  const key = `${side} ${colour} ${dots}`, size = Math.round(10 * dots);
  let tile = tiles.get(key);
  if (!tile) {
    tile = document.createElement("canvas");
    tile.width = tile.height = size;
    const ink = tile.getContext("2d");
    if (!ink) return "transparent";
    ink.strokeStyle = ink.fillStyle = colour;
    ink.globalAlpha = 0.55;
    ink.lineWidth = dots;
    if (side === "ours" || side === "theirs") {
      const rise = side === "ours" ? 1 : -1; // whole strokes over the edges, so that tiles join
      for (const shift of [-size, 0, size]) {
        ink.moveTo(shift - dots, rise > 0 ? size + dots : -dots);
        ink.lineTo(shift + size + dots, rise > 0 ? -dots : size + dots);
      }
      ink.stroke();
    } else ink.fillRect(0, 0, 1.5 * dots, 1.5 * dots);
    if (tiles.size > 64) tiles.clear();
    tiles.set(key, tile);
  }
  const pattern = on.createPattern(tile, "repeat");
  pattern?.setTransform(new DOMMatrix().scale(1 / dots));
  return pattern ?? "transparent";
}
