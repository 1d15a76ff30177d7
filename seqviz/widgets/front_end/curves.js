// The curves that move, each with its dots: a path of ours for either, on a ground that fills the plot. Plotly makes every
// curve anew, and gives every dot a place of its own. A browser puts all layers of the page together again when there is
// one more, or when the bounds of what is painted change.
/** @import { Patch } from "./patch.js" */
/** @import { PlotElement, PlotlyFigure } from "./types.d.ts" */
import { drawnAxes } from "./drawn.js";
import { set, svg } from "./page.js";
import { moves } from "./patch.js";

/** @typedef {{ size: number, color?: string }} Marker */
/** @typedef {[x: number, y: number]} Point in pixels */

/** How a curve goes on from its first point. */
const SHAPES = { linear: (/** @type {Point[]} */ run) => run.slice(1).map((place) => `L${written(place)}`).join(""), spline: smoothly };

/** Lengths of strokes and the gaps after them, in widths of the line, as plotly has them. */
const DASHES = { solid: [], dot: [1, 1], dash: [3, 3], longdash: [5, 5], dashdot: [3, 1, 1, 1], longdashdot: [5, 2, 1, 2] };

/**
 * Take the curves that a patch moves, for us to draw; return their dots, if they have some, by the number of their trace.
 * @param {PlotlyFigure} figure
 * @param {Patch} patch
 * @returns {Map<number, Marker | null>}
 */
export function takeCurves({ data, layout }, patch) {
  if (data.some(({ fill }) => fill?.startsWith("tonext"))) return new Map(); // an area needs the curve beside it
  const taken = [...data.entries()].filter(([i, trace]) => moves(patch, i, "x", "y") && isPlain(trace, layout.hovermode));
  const curves = new Map(taken.map(([i, { mode, marker }]) => [i, mode === "lines" ? null : { size: 6, ...marker }])); // plotly's own size
  for (const [i, trace] of taken) data[i] = { ...trace, mode: "lines" };
  return curves;
}

/**
 * @param {Record<string, any>} trace
 * @param {unknown} hovermode
 */
function isPlain({ type = "scatter", mode, marker, line: { shape = "linear", dash = "solid" } = {}, connectgaps = false, fill = "none", hoverinfo = "" }, hovermode) {
  const area = fill === "toself" && (hovermode === false || hoverinfo === "skip"); // else plotly finds out whether a hand is in it
  const dotted = mode === "lines+markers" && isDot(marker);
  return !connectgaps && type === "scatter" && (mode === "lines" || dotted) && (fill === "none" || area) && shape in SHAPES && dash in DASHES;
}

/** @param {Record<string, unknown>} marker */
function isDot({ size = 6, color = "", ...others } = {}) {
  return typeof size === "number" && typeof color === "string" && !Object.keys(others).length;
}

/**
 * Draw a curve and its dots where its points are now.
 * @param {PlotElement} element
 * @param {number} i of its trace
 * @param {Marker | null} marker of its dots
 */
export function drawCurve(element, i, marker) {
  const trace = element._fullData[i];
  const group = element.querySelector(`.trace${CSS.escape(trace.uid)}`);
  if (!group) return; // a curve that is not shown
  const [across, up] = drawnAxes(element, trace);
  /** @type {Point[]} */
  const places = element.calcdata[i].map((/** @type {any} */ point) => [across.c2p(point.x), up.c2p(point.y)]);
  const [line, dots] = paths(element, group, trace, marker);
  set(line, "d", along(places, SHAPES[/** @type {keyof typeof SHAPES} */ (trace.line.shape)]));
  if (dots) set(dots, "d", places.filter(isPlace).map((place) => disc(...place, Number(marker?.size) / 2)).join(""));
}

/**
 * The path of a curve, which fills its area too, and that of its dots, in place of all that plotly has drawn.
 * @param {PlotElement} element
 * @param {Element} group
 * @param {any} trace
 * @param {Marker | null} marker
 * @returns {Element[]}
 */
function paths(element, group, { fill, fillcolor, line, xaxis, yaxis }, marker) {
  const drawn = group.querySelectorAll(".lines > *, .points > *");
  if (drawn.length && [...drawn].every((path) => path.classList.contains("seqviz-curve"))) return [...drawn];
  for (const old of [...drawn, ...group.querySelectorAll(".fills > *")]) old.remove();
  const [curve, dots] = [svg("path", { class: "seqviz-curve" }), svg("path", { class: "seqviz-curve" })];
  curve.style.cssText = lineStyle(line, fill === "toself" ? fillcolor : "none");
  const clip = element._fullLayout._plots[xaxis + yaxis].layerClipId;
  if (clip) set(curve, "clip-path", `url(${element._context._baseUrl ?? ""}#${clip})`);
  group.querySelector(".lines")?.append(curve);
  if (!marker) return [curve];
  dots.style.fill = marker.color ?? line.color;
  group.querySelector(".points")?.append(dots);
  return [curve, dots];
}

/**
 * @param {{ color: string, width: number, dash: keyof typeof DASHES }} line
 * @param {string} fill
 */
function lineStyle({ color, width, dash }, fill) {
  const dashes = DASHES[dash].map((part) => `${part * Math.max(width, 3)}px`).join();
  return `fill: ${fill}; stroke: ${color}; stroke-width: ${width}px;${dashes && ` stroke-dasharray: ${dashes};`}`;
}

/** @param {Point} place */
const isPlace = ([x, y]) => Number.isFinite(x + y);

/** @param {number[]} place */
const written = (place) => place.map((part) => part.toFixed(2)).join();

/**
 * Through all points, and not across what is missing.
 * @param {Point[]} places
 * @param {(run: Point[]) => string} through
 */
function along(places, through) {
  /** @type {Point[][]} */
  const runs = [[]];
  for (const place of places) {
    if (isPlace(place)) runs[runs.length - 1].push(place);
    else runs.push([]);
  }
  return runs.filter((run) => run.length).map((run) => `M${written(run[0])}${through(run)}`).join("");
}

/**
 * A smooth curve (Catmull and Rom 1974), closed where it comes back to its first point. Points that turn evenly about an
 * ellipse give that ellipse: sixteen of them, to a thousandth of its size.
 * @param {Point[]} run
 */
function smoothly(run) {
  const last = run.length - 1;
  const closed = run[0].join() === run[last].join();
  const near = (/** @type {number} */ i) => run[closed ? (i + last) % last : Math.min(Math.max(i, 0), last)];
  const handle = (/** @type {number} */ i, /** @type {number} */ way) => run[i].map((part, k) => part + (way * (near(i + 1)[k] - near(i - 1)[k])) / 6);
  const parts = run.slice(1).map((place, i) => [handle(i, 1), handle(i + 1, -1), place]);
  return parts.map((part) => `C${part.map(written).join(" ")}`).join("");
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
