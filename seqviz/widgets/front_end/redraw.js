// Draws the traces anew whose numbers changed, and nothing else: most of the time of Plotly.update goes into axes, which
// stay where they are, and into traces that did not change. Plotly has no public call for it, hence the test that
// compares both.
/** @import { Ours } from "./ours.js" */
/** @import { Patch } from "./patch.js" */
/** @import { PlotElement } from "./types.d.ts" */
import { drawnAxes } from "./drawn.js";
import { leavesAxes } from "./patch.js";

/**
 * What we draw is only calculated here. Returns the numbers of the traces that changed and of those that plotly has drawn
 * together with them, or nothing if it could not.
 * @param {PlotElement} element
 * @param {Patch} patch
 * @param {Ours} ours
 * @returns {number[] | undefined}
 */
export function redraw(element, patch, ours) {
  const { _fullData, data } = element;
  if (!leavesAxes(patch)) return undefined;
  /** @type {any[][]} */
  const paths = Object.entries(patch).map(([path, values]) => [...path.split("."), values]);
  if (paths.some(([, i]) => drawnAxes(element, _fullData[i]).some((axis) => axis.autorange))) return undefined;
  const changed = paths.filter(([, i, name, values]) => !same(data[i][name], values));
  for (const [, i, name, values] of changed) data[i][name] = _fullData[i][name] = values;
  const moved = new Set(changed.map(([, i]) => _fullData[i]));
  for (const trace of moved) ours.calculate(element, trace);
  const plotlys = new Set([...moved].filter(({ index }) => !ours.has(index)));
  const sets = setsOf(element, plotlys);
  for (const set of sets) plot(element, set);
  // a scatter's plot styles what it adds
  for (const module of modulesOf(plotlys)) if (module.name !== "scatter") module.style(element);
  return [...new Set([...moved, ...sets.flat()])].map(({ index }) => index);
}

/**
 * @param {any} one
 * @param {any} other
 * @returns {boolean}
 */
function same(one, other) {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one?.length === undefined || one.length !== other?.length) return false;
  return Array.prototype.every.call(one, (item, i) => same(item, other[i]));
}

/** @param {Iterable<any>} traces */
const modulesOf = (traces) => new Set([...traces].map((trace) => trace._module));

/** @param {any} trace */
const plotOf = (trace) => trace.xaxis + trace.yaxis;

/**
 * Which traces are drawn together: a scatter alone, unless one is filled to another, and of other kinds all in a plot,
 * since these take away what they are not given.
 * @param {PlotElement} element
 * @param {Set<any>} moved
 * @returns {any[][]}
 */
function setsOf({ _fullData }, moved) {
  const kindOf = (/** @type {any} */ trace) => `${trace._module.name} in ${plotOf(trace)}`;
  return [...new Set([...moved].map(kindOf))].flatMap((kind) => {
    const all = _fullData.filter((trace) => trace.visible === true && kindOf(trace) === kind);
    return isApart(all) ? all.filter((trace) => moved.has(trace)).map((trace) => [trace]) : [all];
  });
}

/** @param {any[]} traces */
const isApart = (traces) => traces.every((trace) => trace._module.name === "scatter" && !trace.fill?.startsWith("tonext"));

/**
 * @param {PlotElement} element
 * @param {any[]} traces of one kind, in one plot
 */
function plot(element, traces) {
  const { _fullLayout, calcdata } = element;
  const [{ _module: module }] = traces;
  const place = _fullLayout._plots[plotOf(traces[0])];
  const layer = place.plot.select(`.${module.layerName ?? `${module.name}layer`}`);
  // a change that takes some time, be it none, leaves a scatter the others that are there
  const change = isApart(traces) ? { duration: 0 } : undefined;
  module.plot(element, place, traces.map((trace) => calcdata[trace.index]), layer, change);
}
