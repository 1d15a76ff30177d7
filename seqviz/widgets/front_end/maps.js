// The cells of maps that move, each a path of ours with its number: plotly paints all of them into an image at every step
// and writes every number anew.
/** @import { Colour } from "./colours.js" */
/** @import { Patch } from "./patch.js" */
/** @import { PlotElement, PlotlyFigure } from "./types.d.ts" */
import { colourAt, isDark } from "./colours.js";
import { drawnAxes, drawnGroup } from "./drawn.js";
import { set, svg } from "./page.js";
import { moves } from "./patch.js";

/** How numbers are written into cells: with so many decimals, as they are or in percent. */
const WRITTEN = /^%\{z:\.(\d)([f%])\}$/;

/** @typedef {(value: number) => string} Write */

/**
 * Take the maps whose numbers a patch moves or that have numbers written into their cells, for us to draw; return how
 * these are written, by the number of the trace.
 * @param {PlotlyFigure} figure
 * @param {Patch} patch
 * @returns {Map<number, Write | null>}
 */
export function takeMaps({ data }, patch) {
  const isOurs = (/** @type {number} */ i) => {
    const { type, texttemplate, zmin, zmax, zsmooth, coloraxis, reversescale } = data[i];
    const numbers = texttemplate ? WRITTEN.test(texttemplate) : moves(patch, i, "z");
    const plain = [zmin, zmax].every(Number.isFinite) && ![zsmooth, coloraxis, reversescale].some(Boolean);
    return type === "heatmap" && numbers && plain && !moves(patch, i, "x", "y", "text");
  };
  const taken = [...data.keys()].filter(isOurs);
  const maps = new Map(taken.map((i) => [i, data[i].texttemplate ? writing(data[i].texttemplate) : null]));
  for (const i of taken) data[i] = { ...data[i], texttemplate: "" };
  return maps;
}

/**
 * @param {string} template
 * @returns {Write}
 */
function writing(template) {
  const [, decimals, kind] = /** @type {RegExpMatchArray} */ (template.match(WRITTEN));
  return (value) => {
    const written = Math.abs(kind === "%" ? 100 * value : value).toFixed(Number(decimals));
    return (value < 0 && Number(written) ? "−" : "") + written + (kind === "%" ? "%" : "");
  };
}

/**
 * Calculate a map that we draw, for us to draw and for plotly to say under a hand.
 * @param {PlotElement} element
 * @param {{ index: number, z: ArrayLike<number>[] }} trace
 */
export function calculateMap(element, { index, z }) {
  element.calcdata[index][0].z = Array.from(z, (row) => Array.from(row, (value) => (Number.isFinite(value) ? value : undefined)));
}

/**
 * Draw the cells of a map as their numbers are now.
 * @param {PlotElement} element
 * @param {number} i of its trace
 * @param {Write | null} write how numbers are written into it
 */
export function drawMap(element, i, write) {
  const trace = element._fullData[i];
  const { xgap, ygap, zmin, zmax, colorscale, textfont } = trace;
  const map = drawnGroup(element, trace, ".heatmaplayer .hm");
  if (!map) return;
  const [points] = element.calcdata[i];
  for (const image of map.querySelectorAll("image")) image.remove();
  const [cells, numbers] = layers(map, points.z.length * points.z[0].length, write ? textfont : null);
  const [across, down] = drawnAxes(element, trace);
  const columns = spans(points.x, across, xgap);
  const rows = spans(points.y, down, ygap);
  let at = 0;
  for (const [row, [top, bottom]] of rows.entries()) {
    for (const [column, [left, right]] of columns.entries()) {
      const value = points.z[row][column];
      const colour = value === undefined ? null : colourAt((value - zmin) / (zmax - zmin), colorscale);
      set(cells.children[at], "d", `M${left},${top}H${right}V${bottom}H${left}Z`);
      set(cells.children[at], "fill", colour ? `rgba(${colour})` : "none");
      if (write) writeNumber(numbers.children[at], colour ? write(value) : "", [(left + right) / 2, (top + bottom) / 2], colour);
      at += 1;
    }
  }
}

/**
 * The layers of a map: its cells, and the numbers in them.
 * @param {Element} map
 * @param {number} count
 * @param {{ size: number, family: string } | null} font
 */
function layers(map, count, font) {
  const drawn = map.querySelectorAll(".seqviz-map");
  if (drawn.length && drawn[0].children.length === count) return drawn;
  for (const old of drawn) old.remove();
  const filled = (/** @type {"path" | "text"} */ tag, /** @type {number} */ n, attributes = {}) => svg("g", { class: "seqviz-map", ...attributes }, ...Array.from({ length: n }, () => svg(tag)));
  const numbers = { "font-size": font?.size, "font-family": font?.family, "text-anchor": "middle" };
  const made = [filled("path", count, { "shape-rendering": "crispEdges" }), filled("text", font ? count : 0, font ? numbers : {})];
  map.append(...made);
  return made;
}

/**
 * Where cells lie along an axis, in whole pixels, without the gaps between them.
 * @param {number[]} edges
 * @param {any} axis
 * @param {number} gap
 */
function spans(edges, axis, gap) {
  const at = edges.map((edge) => Math.round(axis.c2p(edge)));
  return at.slice(1).map((end, i) => {
    const [low, high] = [Math.min(at[i], end), Math.max(at[i], end)];
    return [low + Math.floor(gap / 2), high - Math.ceil(gap / 2)];
  });
}

/**
 * @param {Element} text
 * @param {string} written
 * @param {[x: number, y: number]} middle
 * @param {Colour | null} ground
 */
function writeNumber(text, written, [x, y], ground) {
  set(text, "x", String(x));
  set(text, "y", String(y));
  set(text, "dy", "0.35em");
  if (ground) set(text, "fill", isDark(ground) ? "#fff" : "#000");
  if (text.textContent !== written) text.textContent = written;
}
