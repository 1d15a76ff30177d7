// Numbers that plotly formats, under a hand, as the rest of a page has them: −2.5, and 4.0 · 10⁻³.
/** @import { PlotElement } from "./types.d.ts" */

/** What plotly writes such numbers with, until it draws the figure anew. */
const adapted = new WeakSet();

/** @param {PlotElement} element */
export function adaptNumbers({ _fullLayout: { _d3locale: locale } }) {
  if (adapted.has(locale)) return;
  const { numberFormat } = locale;
  locale.numberFormat = (/** @type {string} */ form) => (/** @type {number} */ value) => asRead(numberFormat(form)(value));
  adapted.add(locale);
}

/** @param {string} number */
function asRead(number) {
  return number.replace(/e\+?(-?\d+)/, (_, power) => (power === "0" ? "" : ` · 10<sup>${power}</sup>`)).replaceAll("-", "−");
}
