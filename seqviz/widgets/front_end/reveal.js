// Curves drawn up to one of their points, marks that stand there, cells of a map that are reached: what ▶ moves along.
/** @import { PlotlyFigure, Reveal } from "./types.d.ts" */

/** @typedef {ArrayLike<ArrayLike<number>>} Rows */

/**
 * The patch with its trails cut after the given number of points and its heads at the last one left.
 * Cut off is what is not a number: a trace of another length would have to be drawn afresh.
 * @param {Record<string, any>} patch
 * @param {PlotlyFigure} base
 * @param {Reveal} reveal
 * @param {number} points
 * @param {number} selected
 */
export function revealed(patch, base, { trails, heads, cells }, points, selected) {
  const whole = (/** @type {string} */ place) => patch[place] ?? place.split(".").reduce((part, name) => part[name], /** @type {any} */ (base));
  const cut = { ...patch };
  for (const [place, each] of Object.entries(trails)) {
    const [all, left] = [whole(place), points * each];
    cut[place] = left < all.length ? Array.from(all, (value, i) => (i < left ? value : NaN)) : all;
  }
  for (const [place, source] of Object.entries(heads)) {
    const each = trails[source] ?? 1;
    const last = Math.min(points * each, whole(source).length);
    cut[place] = whole(source).slice(last - each, last);
  }
  for (const [place, since] of Object.entries(cells)) {
    const shown = Array.from(since[selected], (row) => Array.from(row, (value) => value < points));
    cut[place] = Array.from(/** @type {Rows} */ (whole(place)), (row, i) => Array.from(row, (value, j) => (shown[i][j] ? value : NaN)));
  }
  return cut;
}
