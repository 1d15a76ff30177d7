// What plotly has drawn of a trace, found again.
/** @import { PlotElement } from "./types.d.ts" */
import { axisKey } from "./narrow.js";

/**
 * The two axes of a trace.
 * @param {PlotElement} element
 * @param {{ xaxis: string, yaxis: string }} trace
 * @returns {any[]}
 */
export const drawnAxes = ({ _fullLayout }, { xaxis, yaxis }) => [xaxis, yaxis].map((id) => _fullLayout[axisKey(id)]);

/**
 * The group of a trace that is no scatter, unless a click on the legend has taken it away. (That of a scatter has a name.)
 * @param {PlotElement} element
 * @param {{ xaxis: string, yaxis: string, index: number }} trace
 * @param {string} groups a selector
 * @returns {Element | undefined}
 */
export function drawnGroup({ _fullLayout }, { xaxis, yaxis, index }, groups) {
  const place = _fullLayout._plots[xaxis + yaxis].plot.node();
  return [...place.querySelectorAll(groups)].find((group) => group.__data__[0].trace.index === index);
}
