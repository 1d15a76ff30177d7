// The bars that move: one path of ours for all of a trace. Plotly places and styles each by itself.
/** @import { Patch } from "./patch.js" */
/** @import { PlotElement, PlotlyFigure } from "./types.d.ts" */
import { channels } from "./colours.js";
import { drawnAxes, drawnGroup } from "./drawn.js";
import { set, svg } from "./page.js";
import { moves } from "./patch.js";

/**
 * Take the bars that a patch moves, for us to draw; return the numbers of their traces.
 * @param {PlotlyFigure} figure
 * @param {Patch} patch
 * @returns {Set<number>}
 */
export function takeBars({ data, layout }, patch) {
  if (layout.bargap === 0) return new Set(); // plotly puts these on whole pixels
  return new Set([...data.keys()].filter((i) => data[i].type === "bar" && moves(patch, i, "x", "y") && haveOneColour(data[i])));
}

/** @param {Record<string, any>} trace */
const haveOneColour = ({ text, texttemplate, marker = {} }) => !text && !texttemplate && typeof marker.color === "string" && Object.keys(marker).length === 1;

/**
 * Draw the bars of a trace where they are now.
 * @param {PlotElement} element
 * @param {number} i
 */
export function drawBars(element, i) {
  const trace = element._fullData[i];
  const group = drawnGroup(element, trace, ".barlayer .trace");
  if (!group) return;
  const [across, up] = drawnAxes(element, trace);
  const { orientation, marker } = trace;
  const flat = orientation === "h";
  const [along, aside] = flat ? [across, up] : [up, across];
  const seen = channels(marker.color)[3] < 1 ? (/** @type {Span} */ span) => span : sharp;
  const drawn = element.calcdata[i].map((/** @type {any} */ { s0, s1, p0, p1 }) => {
    const [start, end] = [along.c2p(s0, true), along.c2p(s1, true)];
    if (start === end || !Number.isFinite(start + end)) return "";
    const [length, width] = [seen([start, end]), seen([aside.c2p(p0, true), aside.c2p(p1, true)])];
    const [[left, right], [top, bottom]] = flat ? [length, width] : [width, length];
    return `M${left},${top}V${bottom}H${right}V${top}Z`;
  });
  set(barPath(group, marker.color), "d", drawn.join(""));
}

/** @typedef {[start: number, end: number]} Span in pixels */

/**
 * A span of less than two pixels reaches over whole ones, as plotly has it: else it would be pale.
 * @param {Span} span
 * @returns {Span}
 */
function sharp([start, end]) {
  const outward = (/** @type {number} */ one, /** @type {number} */ other) => {
    if (Math.abs(one - other) >= 2) return one;
    return one > other ? Math.ceil(one) : Math.floor(one);
  };
  const begin = outward(start, end);
  return [begin, outward(end, begin)];
}

/**
 * The path of the bars of a trace, in place of all that plotly has drawn.
 * @param {Element} group
 * @param {string} fill
 */
function barPath(group, fill) {
  group.querySelector(".points")?.replaceChildren();
  return group.querySelector(".seqviz-bars") ?? group.appendChild(svg("path", { class: "seqviz-bars", style: `fill: ${fill}` }));
}
