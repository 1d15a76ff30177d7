// A drawing as a network reads it: what data/classification/pen_digits.py makes of strokes. A browser test compares both.
/** @import { Strokes } from "../../../widgets/front_end/types.d.ts" */

/** @typedef {[x: number, y: number]} Point */

const EMPTY = "expected a drawing with at least one line: press and move the pen";

/**
 * Move and scale a drawing: its larger side has length 1, its middle lies at 0.5.
 * @param {Strokes} strokes
 * @returns {Point[][]}
 */
export function upright(strokes) {
  const drawn = strokes.filter((stroke) => stroke.length);
  const ranges = [0, 1].map((axis) => {
    const places = drawn.flat().map((point) => point[axis]);
    return [Math.min(...places), Math.max(...places)];
  });
  const side = Math.max(...ranges.map(([low, high]) => high - low));
  if (!(side > 0)) throw new Error(EMPTY);
  const moved = (/** @type {number} */ place, /** @type {number} */ axis) => (place - (ranges[axis][0] + ranges[axis][1]) / 2) / side + 0.5;
  return drawn.map((stroke) => stroke.map(([x, y]) => [moved(x, 0), moved(y, 1)]));
}

/**
 * The rows of a picture: 1 where the pen went, down to 0 a pixel away.
 * @param {Point[][]} drawn upright
 * @param {number} size
 * @returns {number[][]}
 */
export function picture(drawn, size) {
  const placed = drawn.map((stroke) => stroke.map(([x, y]) => /** @type {Point} */ ([size * (0.125 + 0.75 * x), size * (0.125 + 0.75 * y)])));
  const lines = placed.flatMap((stroke) => (stroke.length > 1 ? stroke.slice(1).map((end, i) => [stroke[i], end]) : [[stroke[0], stroke[0]]]));
  const pixels = Array.from({ length: size }, (_, i) => i + 0.5);
  return pixels.map((y) => pixels.map((x) => Math.min(Math.max(1.5 - Math.min(...lines.map(([start, end]) => distance([x, y], start, end))), 0), 1)));
}

/**
 * How far a point is from a straight line between two others.
 * @param {Point} point
 * @param {Point} start
 * @param {Point} end
 */
function distance([x, y], [startX, startY], [endX, endY]) {
  const [wayX, wayY] = [endX - startX, endY - startY];
  const along = ((x - startX) * wayX + (y - startY) * wayY) / Math.max(wayX ** 2 + wayY ** 2, 1e-9);
  const share = Math.min(Math.max(along, 0), 1);
  return Math.hypot(x - startX - share * wayX, y - startY - share * wayY);
}

/**
 * The steps of the pen: how far it moves, in steps of the spacing, and 1 where it was up on the way.
 * @param {Point[][]} drawn upright
 * @param {number} spacing
 * @returns {[number, number, number][]}
 */
export function penSteps(drawn, spacing) {
  const walked = drawn.map((stroke) => evenly(stroke, spacing));
  const by = (/** @type {Point} */ from, /** @type {Point} */ to, /** @type {number} */ up) =>
    /** @type {[number, number, number]} */ ([(to[0] - from[0]) / spacing, (to[1] - from[1]) / spacing, up]);
  return walked.flatMap((points, i) => {
    const lifted = i ? [by(walked[i - 1][walked[i - 1].length - 1], points[0], 1)] : [];
    return [...lifted, ...points.slice(1).map((point, k) => by(points[k], point, 0))];
  });
}

/**
 * Points along a stroke at equal distances of about the spacing, the first and the last included.
 * @param {Point[]} stroke
 * @param {number} spacing
 * @returns {Point[]}
 */
function evenly(stroke, spacing) {
  if (stroke.length === 1) return stroke;
  const way = [0];
  for (let i = 1; i < stroke.length; i += 1) way.push(way[i - 1] + Math.hypot(stroke[i][0] - stroke[i - 1][0], stroke[i][1] - stroke[i - 1][1]));
  const total = way[way.length - 1];
  const pieces = Math.max(1, Math.round(total / spacing));
  return Array.from({ length: pieces + 1 }, (_, k) => {
    const wanted = (total * k) / pieces;
    const after = Math.min(Math.max(way.findIndex((at) => at >= wanted), 1), way.length - 1);
    const share = Math.min(Math.max((wanted - way[after - 1]) / Math.max(way[after] - way[after - 1], 1e-9), 0), 1);
    return /** @type {Point} */ (stroke[after].map((end, axis) => stroke[after - 1][axis] + share * (end - stroke[after - 1][axis])));
  });
}

/**
 * Where the pen is before its first step and after each one.
 * @param {Point[][]} drawn upright
 * @param {[number, number, number][]} steps
 * @param {number} spacing
 * @returns {Point[]}
 */
export function penPoints(drawn, steps, spacing) {
  const points = [drawn[0][0]];
  for (const [x, y] of steps) {
    const [atX, atY] = points[points.length - 1];
    points.push([atX + x * spacing, atY + y * spacing]);
  }
  return points;
}
