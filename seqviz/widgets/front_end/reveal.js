// Curves drawn up to one of their points, and marks that stand there: what ▶ moves along.
/** @import { PlotlyFigure, Reveal } from "./types.d.ts" */

/**
 * The patch with its trails cut after the given number of points and its heads at the last one left.
 * Cut off is what is not a number: a trace of another length would have to be drawn afresh.
 * @param {Record<string, any>} patch
 * @param {PlotlyFigure} base
 * @param {Reveal} reveal
 * @param {number} points
 */
export function revealed(patch, base, { trails, heads }, points) {
  const whole = (/** @type {string} */ place) => patch[place] ?? place.split(".").reduce((part, name) => part[name], /** @type {any} */ (base));
  const cut = { ...patch };
  for (const [place, each] of Object.entries(trails)) {
    const left = points * each;
    if (left < whole(place).length) cut[place] = Array.from(whole(place), (value, i) => (i < left ? value : NaN));
  }
  for (const [place, source] of Object.entries(heads)) {
    const each = trails[source] ?? 1;
    const last = Math.min(points * each, whole(source).length);
    cut[place] = whole(source).slice(last - each, last);
  }
  return cut;
}
