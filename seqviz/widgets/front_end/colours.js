// Colours as numbers: between two, and dark or not; and a legend of what they mean.
import { element } from "./page.js";
import { markedUp } from "./symbols.js";

/** @typedef {[red: number, green: number, blue: number, alpha: number]} Colour */

/** @type {Map<string, Colour>} */
const known = new Map();

/**
 * @param {string} colour #rrggbb, or rgb or rgba with numbers
 * @returns {Colour}
 */
export function channels(colour) {
  const found = known.get(colour);
  if (found) return found;
  const pairs = colour.match(/^#(..)(..)(..)$/)?.slice(1);
  const numbers = pairs ? pairs.map((pair) => parseInt(pair, 16)) : (colour.match(/[\d.]+/g) ?? []).map(Number);
  const [red, green, blue, alpha = 1] = numbers;
  /** @type {Colour} */
  const made = [red, green, blue, alpha];
  known.set(colour, made);
  return made;
}

/**
 * The colour at a place between 0 and 1: between the two that stand on its sides in a scale.
 * @param {number} place
 * @param {[place: number, colour: string][]} scale
 * @returns {Colour}
 */
export function colourAt(place, scale) {
  const at = Math.min(Math.max(place, 0), 1);
  const above = Math.max(1, scale.findIndex(([end]) => end >= at));
  const [[low, from], [high, to]] = [scale[above - 1], scale[above]];
  const share = high > low ? (at - low) / (high - low) : 1;
  const other = channels(to);
  const [red, green, blue, alpha] = channels(from).map((part, i) => part + share * (other[i] - part));
  return [Math.round(red), Math.round(green), Math.round(blue), alpha];
}

/**
 * Relative luminance (WCAG 2.2), to put black or white on a colour: 0.179 is where both contrast the same.
 * @param {Colour} colour
 */
export function isDark([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((part) => {
    const c = part / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.179;
}

/**
 * What colours mean: words, and the palette from its low to its high end.
 * @param {string} words
 * @param {string[]} palette
 * @param {string[]} ends
 */
export function colourLegend(words, palette, [low, high]) {
  const bar = element("span", { className: "seqviz-bar", "aria-hidden": "true" });
  bar.style.background = `linear-gradient(to right, ${palette.join()})`;
  return element("p", { className: "seqviz-caption" }, ...markedUp(words), low && ` ${low}`, bar, high);
}
