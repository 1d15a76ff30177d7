// The words that move: plotly sets them once, all of them, and we put each where it belongs now, or out of sight.
/** @import { Patch } from "./patch.js" */
/** @import { PlotElement, PlotlyFigure } from "./types.d.ts" */
import { drawnAxes } from "./drawn.js";
import { set } from "./page.js";
import { leavesAxes, moves } from "./patch.js";

/** @typedef {Record<string, ArrayLike<number | null>>} Places of the words of a trace, along each axis */

/**
 * Give those words of a figure that a patch moves, and does not change, a place to be set at; return the places that they
 * have, by the number of their trace.
 * @param {PlotlyFigure} figure
 * @param {Patch} patch
 * @returns {Map<number, Places>}
 */
export function takeWords({ data, layout }, patch) {
  const clickable = layout.showlegend && layout.legend?.itemclick !== false;
  if (clickable || !leavesAxes(patch)) return new Map(); // plotly will set all words anew
  const areOurs = (/** @type {number} */ i) => data[i].mode === "text" && moves(patch, i, "x", "y") && !moves(patch, i, "text") && [data[i].x, data[i].y].every(isOfNumbers);
  const taken = [...data.keys()].filter(areOurs);
  const words = new Map(taken.map((i) => [i, { x: data[i].x, y: data[i].y }]));
  for (const [i, { x, y }] of words) data[i] = { ...data[i], x: somewhere(x), y: somewhere(y) };
  return words;
}

/** @param {unknown} places */
const isOfNumbers = (places) => {
  const all = Array.from(/** @type {ArrayLike<unknown>} */ (places ?? []));
  return all.length > 0 && all.every((place) => place === null || typeof place === "number");
};

/**
 * Words out of sight get places apart from each other: those on a line would share its room (`loosen`).
 * @param {ArrayLike<number | null>} places
 */
const somewhere = (places) => Array.from(places, (place, k) => (Number.isFinite(place) ? place : 1e-6 * (k + 1)));

/**
 * Put the words of a trace where their points are now.
 * @param {PlotElement} element
 * @param {number} i
 */
export function drawWords(element, i) {
  const trace = element._fullData[i];
  const [across, up] = drawnAxes(element, trace);
  const words = element.querySelectorAll(`.trace${CSS.escape(trace.uid)} .textpoint`);
  for (const [k, word] of words.entries()) {
    const at = [across.c2p(element.calcdata[i][k].x), up.c2p(element.calcdata[i][k].y)];
    const shown = at.every(Number.isFinite);
    set(word, "display", shown ? "inline" : "none");
    const [x, y] = shown ? at : [0, 0];
    for (const line of word.querySelectorAll("text, .line")) {
      set(line, "x", String(x));
      set(line, "y", String(y));
    }
  }
}
