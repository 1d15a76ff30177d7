// What one selection changes in a figure: values, by their path such as data.0.y.
/** @import { PlotlyFigure } from "./types.d.ts" */

/** @typedef {Record<string, unknown>} Patch */

/**
 * Whether a patch changes something of a trace.
 * @param {Patch} patch
 * @param {number} i
 * @param {string[]} names
 */
export const moves = (patch, i, ...names) => names.some((name) => `data.${i}.${name}` in patch);

/**
 * Whether a patch changes only what leaves the axes alone: numbers, and the words at points.
 * @param {Patch} patch
 */
export const leavesAxes = (patch) => Object.keys(patch).every((path) => /^data\.\d+\.(x|y|z|text|customdata)$/.test(path));

/**
 * A figure as a patch has it.
 * @param {PlotlyFigure} base
 * @param {Patch} patch
 * @returns {PlotlyFigure}
 */
export function patched(base, patch) {
  const figure = { data: base.data.map((trace) => ({ ...trace, ...(trace.colorbar && { colorbar: structuredClone(trace.colorbar) }) })), layout: structuredClone(base.layout) };
  for (const [path, value] of Object.entries(patch)) setPath(figure, path.split("."), value);
  return figure;
}

/**
 * @param {any} target
 * @param {string[]} path
 * @param {unknown} value
 */
function setPath(target, [name, ...rest], value) {
  if (rest.length) setPath(target[name], rest, value);
  else target[name] = value;
}
