// The dots of curves that move, each curve's as one path of ours, on a ground that fills the plot. Plotly gives every dot
// a place of its own; then, and where the bounds of what is painted change, a browser lays out anew all layers of the
// page, which takes longer than anything else in the frame of a step.
/** @import { PlotElement, PlotlyFigure } from "./types.d.ts" */
import { axisKey } from "./narrow.js";
import { set, svg } from "./page.js";

/** @typedef {{ size: number, color?: string }} Marker */

/**
 * Take the dots away from the curves that a patch moves, for us to draw; return them by the number of their trace.
 * @param {PlotlyFigure} figure
 * @param {Record<string, unknown>} patch
 * @returns {Map<number, Marker>}
 */
export function takeDots({ data }, patch) {
  const moves = (/** @type {number} */ i) => ["x", "y"].some((name) => `data.${i}.${name}` in patch);
  const taken = [...data.entries()].filter(([i, trace]) => trace.mode === "lines+markers" && moves(i) && isPlain(trace.marker));
  for (const [i, trace] of taken) data[i] = { ...trace, mode: "lines" };
  return new Map(taken.map(([i, { marker }]) => [i, { size: 6, ...marker }])); // plotly's own size
}

/** @param {Record<string, unknown>} marker */
function isPlain({ size = 6, color = "", ...others } = {}) {
  return typeof size === "number" && typeof color === "string" && !Object.keys(others).length;
}

/**
 * Draw dots where their curves have their points now.
 * @param {PlotElement} element
 * @param {Map<number, Marker>} dots
 */
export function drawDots(element, dots) {
  for (const [i, { size, color }] of dots) {
    const { uid, xaxis, yaxis, line } = element._fullData[i];
    const group = element.querySelector(`.trace${CSS.escape(uid)} .points`);
    if (!group) continue; // a curve that is not shown
    const path = group.firstElementChild ?? group.appendChild(svg("path", { class: "seqviz-dots" }));
    const [across, up] = [xaxis, yaxis].map((id) => element._fullLayout[axisKey(id)]);
    /** @type {[x: number, y: number][]} */
    const places = element.calcdata[i].map((/** @type {any} */ point) => [across.c2p(point.x), up.c2p(point.y)]);
    set(path, "fill", color ?? line.color);
    set(path, "d", places.filter(([x, y]) => Number.isFinite(x + y)).map((place) => disc(...place, size / 2)).join(""));
  }
}

/**
 * A circle, clockwise from its right.
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
function disc(x, y, r) {
  return `M${(x + r).toFixed(2)},${y.toFixed(2)}a${r},${r} 0 1,1 ${-2 * r},0a${r},${r} 0 1,1 ${2 * r},0`;
}

/**
 * Fill every plot with nothing that can be seen, below what is drawn in it, and all around: a curve leaves its axes.
 * @param {PlotElement} element
 */
export function layGround({ _fullLayout }) {
  for (const { plot, xaxis, yaxis } of Object.values(_fullLayout._plots)) {
    const [width, height] = [xaxis._length, yaxis._length];
    plot.select(".seqviz-ground").remove();
    plot.node().prepend(svg("rect", { class: "seqviz-ground", x: -width, y: -height, width: 3 * width, height: 3 * height, fill: "transparent" }));
  }
}
