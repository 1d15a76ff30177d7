// Symbols set as in the equations: an index low, and what stands above high.
/** @import { PlotlyFigure } from "./types.d.ts" */
import { isAxis } from "./narrow.js";
import { element } from "./page.js";

// An index set low, as in h<sub>t</sub> or h_t, and what stands above, as in h_t^[2], σ^(T−k) or σ<sup>T</sup>; what
// stands in “quotes” is text that was read, not a symbol.
const INDEX = /(“[^”]*”)|<sub>([^<]+)<\/sub>|(?<=(?<![\p{L}\d_])\p{L})_((?:(?!ᵀ)[\p{L}\d])+(?:[−+]\d+)?)|\^(\[[^\]]+\]|\([^)]+\))|<sup>([^<]+)<\/sup>/u;

/**
 * A label as the equations have it: with its indices set low, and what stands above set high.
 * @param {string} text
 * @returns {(HTMLElement | string)[]}
 */
export function markedUp(text) {
  const parts = text.split(INDEX); // text, then quoted, lowered (two ways) and raised (two ways), again and again
  return parts.map((part, i) => (i % 6 < 2 ? part : element(i % 6 < 4 ? "sub" : "sup", {}, part?.replace(/^\((.*)\)$/, "$1")))).filter((part, i) => parts[i]);
}

// What a chapter's text marks: *a word that is stressed or quoted*, `code`.
const STRESS = /\*([^*\s](?:[^*]*[^*\s])?)\*|`([^`]+)`/u;

/**
 * A sentence with its stressed words, its code and its symbols set as in a chapter's text.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function stressed(text) {
  const parts = text.split(STRESS); // text, then a stressed one or code, again and again
  return parts.flatMap((part, i) => (i % 3 === 0 ? markedUp(part) : part ? [element(i % 3 === 1 ? "em" : "code", {}, part)] : []));
}

/**
 * A label in plotly's markup.
 * @param {string} text
 */
export const plotlyMarkup = (text) => markedUp(text).map((part) => (typeof part === "string" ? part : part.outerHTML)).join("");

const LOWERED = new Map(Object.entries({ a: "ₐ", e: "ₑ", h: "ₕ", i: "ᵢ", j: "ⱼ", k: "ₖ", n: "ₙ", o: "ₒ", r: "ᵣ", t: "ₜ", u: "ᵤ", v: "ᵥ", x: "ₓ", "+": "₊", "−": "₋" }));

/**
 * The same where nothing can be marked up, as in a list of options: with letters that are low themselves, if there are.
 * @param {string} text
 */
export function inOneScript(text) {
  return markedUp(text)
    .map((part) => {
      if (typeof part === "string") return part;
      if (part.localName === "sup") return `^${part.textContent}`;
      const low = [...(part.textContent ?? "")].map((sign) => (/\d/.test(sign) ? String.fromCharCode(0x2080 + Number(sign)) : LOWERED.get(sign)));
      return low.includes(undefined) ? `_${part.textContent}` : low.join("");
    })
    .join("");
}

/**
 * Titles, names and what is said under a hand, set as symbols; what is read along an axis stays as it was read.
 * @param {PlotlyFigure} figure
 */
export function setSymbols({ data, layout }) {
  const axes = Object.keys(layout).filter(isAxis).map((name) => layout[name]);
  const bars = data.map((trace) => trace.colorbar).filter(Boolean);
  for (const { title } of [...axes, ...bars]) if (title?.text) title.text = plotlyMarkup(title.text);
  for (const trace of data) {
    for (const name of ["name", "hovertemplate"]) if (typeof trace[name] === "string") trace[name] = plotlyMarkup(trace[name]);
  }
}
