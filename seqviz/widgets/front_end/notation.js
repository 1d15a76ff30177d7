// Labels in the symbols of another lecture: one choice for all figures of the page, kept for the next page.
import { makeControl } from "./controls.js";
import { NOTATIONS } from "./notations.js";

const OURS = "this course";
const KEPT = "seqviz-notation";
// A symbol with its index, as h_t or h<sub>t</sub>, and perhaps its layer, as h_t^[2] or h<sub>t</sub><sup>[2]</sup>;
// what stands in “quotes” is text that was read, not a label.
const SYMBOL =
  /“[^”]*”|(?<![\p{L}\d_])(\p{L})(?:_([\p{L}\d]+(?:[−+]\d+)?)(?:\^(\[\d+\]))?|<sub>([^<]+)<\/sub>(?:<sup>(\[\d+\])<\/sup>)?)/gu;

export let chosenNotation = keptNotation();

function keptNotation() {
  try {
    const kept = localStorage.getItem(KEPT) ?? OURS;
    return kept in NOTATIONS ? kept : OURS;
  } catch {
    return OURS; // a page that may not keep anything
  }
}

/** @param {string} name */
function chooseNotation(name) {
  chosenNotation = name;
  try {
    localStorage.setItem(KEPT, name);
  } catch {
    // then for this page only
  }
  document.dispatchEvent(new Event("seqviz:notation"));
}

/** @param {string} text */
export function inNotation(text, name = chosenNotation) {
  const table = NOTATIONS[name];
  if (!table) return text;
  return text.replace(SYMBOL, (found, letter, plain, plainLayer, low, lowLayer) => {
    const theirs = table[`${letter}_${plain ?? low}`] ?? table[letter]?.replace("{}", plain ?? low);
    if (theirs === undefined) return found;
    if (low !== undefined) return asMarkup(lowLayer ? ofLayer(theirs, lowLayer) : theirs);
    return plainLayer ? ofLayer(theirs, plainLayer) : theirs.replaceAll("^", "");
  });
}

/**
 * A symbol with its layer, which stands high and before a step: a^[2]⟨t⟩.
 * @param {string} symbol
 * @param {string} layer
 */
function ofLayer(symbol, layer) {
  return symbol.includes("^") ? symbol.replace("^", `^${layer}`) : `${symbol}^${layer}`;
}

/** @param {string} symbol */
function asMarkup(symbol) {
  return symbol.replace(/_([\p{L}\d]+)/gu, "<sub>$1</sub>").replace(/\^((?:\[\d+\])?(?:⟨[^⟩]*⟩)?)/g, "<sup>$1</sup>");
}

/**
 * Whether any text in it, however deep, is written otherwise elsewhere.
 * @param {unknown} value
 * @returns {boolean}
 */
export function hasSymbols(value) {
  if (typeof value === "string") return Object.keys(NOTATIONS).some((name) => inNotation(value, name) !== value);
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return false;
  return Object.values(value).some(hasSymbols);
}

export function notationControl() {
  const options = [OURS, ...Object.keys(NOTATIONS)];
  const control = /** @type {const} */ ({ kind: "choice", name: "notation", label: "Symbols as in", options, browser: true });
  return makeControl(control, (name) => chooseNotation(String(name)));
}
