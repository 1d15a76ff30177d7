// The explorer `digit` for a drawing that was not recorded: what plots/classification/digit.py makes of a trace, made here
// of the same numbers. A browser test compares both.
/** @import { Content, PlotlyFigure, Strokes, Values } from "../../../widgets/front_end/types.d.ts" */
/** @import { Answer, ComputedDigit } from "./onnx.d.ts" */
/** @import { Point } from "./pen.js" */
import { Computer } from "./computing.js";
import { percent } from "./numbers.js";
import { penPoints, penSteps, picture, upright } from "./pen.js";

/** @extends {Computer<ComputedDigit>} */
export class DigitComputer extends Computer {
  /**
   * @param {ComputedDigit} computed
   * @param {Answer[]} recorded
   */
  constructor(computed, recorded) {
    super(computed);
    this.recorded = recorded;
  }

  /**
   * @param {Values} values
   * @returns {Promise<Answer>}
   */
  async answer({ strokes, way }) {
    const { size, spacing } = this.computed;
    const drawn = upright(/** @type {Strokes} */ (strokes));
    const reader = (await this.steps()).get(String(way));
    if (!reader) throw new Error(`expected a network that reads ${way}`);
    if (way === "row by row") {
      const rows = picture(drawn, size);
      return this.ofRows(rows, await reader.read(rows));
    }
    const steps = penSteps(drawn, spacing);
    return this.ofPen(penPoints(drawn, steps, spacing), steps.map(([, , up]) => up === 1), await reader.read(steps));
  }

  /**
   * A picture that is read row by row: its figure is that of every other.
   * @param {number[][]} rows
   * @param {ArrayLike<number>[]} beliefs
   */
  ofRows(rows, beliefs) {
    const { figure, content } = this.like("picture");
    const { unread } = this.computed;
    const turned = transposed(beliefs);
    const patches = {
      [pathOf(figure, "frame.x")]: beliefs.map((_, t) => around(t + 1)),
      [pathOf(figure, "picture.z")]: beliefs.map((_, t) => rows.map((row, i) => (i <= t ? row : row.map((dark) => unread * dark)))),
      [pathOf(figure, "now.y")]: beliefs.map((_, t) => [t + 0.5, t + 0.5]),
      [pathOf(figure, "beliefs.z")]: beliefs.map(() => turned),
    };
    return { figure, content: said(content, patches, beliefs, "row") };
  }

  /**
   * The way of a pen.
   * @param {Point[]} points
   * @param {boolean[]} lifted
   * @param {ArrayLike<number>[]} beliefs
   */
  ofPen(points, lifted, beliefs) {
    const { figure: like, content } = this.like("read");
    const figure = structuredClone(like);
    const [x, y] = onPaper(points, lifted, lifted.length);
    const [outline, read] = figure.data;
    Object.assign(outline, { x, y });
    Object.assign(read, { x, y });
    Object.assign(figure.data[numberOf(figure, "beliefs")], { z: transposed(beliefs) });
    Object.assign(figure.layout.xaxis2, { range: [0.5, beliefs.length + 0.5], tickvals: ticks(beliefs.length) });
    const ways = beliefs.map((_, t) => onPaper(points, lifted, t + 1));
    const patches = {
      [pathOf(figure, "frame.x")]: beliefs.map((_, t) => around(t + 1)),
      [pathOf(figure, "read.x")]: ways.map((way) => way[0]),
      [pathOf(figure, "read.y")]: ways.map((way) => way[1]),
      [pathOf(figure, "now.x")]: beliefs.map((_, t) => [points[t + 1][0]]),
      [pathOf(figure, "now.y")]: beliefs.map((_, t) => [points[t + 1][1]]),
    };
    return { figure, content: said(content, patches, beliefs, "step") };
  }

  /**
   * A recorded answer whose figure has a trace of this name: what does not depend on the drawing is taken from it.
   * @param {string} uid
   */
  like(uid) {
    const found = this.recorded.find(({ figure }) => numberOf(figure, uid) >= 0);
    if (!found) throw new Error(`expected a recorded figure with ${uid}`);
    return found;
  }
}

/**
 * @param {PlotlyFigure} figure
 * @param {string} uid
 */
const numberOf = (figure, uid) => figure.data.findIndex((trace) => trace.uid === uid);

/**
 * @param {PlotlyFigure} figure
 * @param {string} name of a trace and of what is drawn of it
 */
function pathOf(figure, name) {
  const [uid, of] = name.split(".");
  return `data.${numberOf(figure, uid)}.${of}`;
}

/** @param {number} column */
const around = (column) => [column - 0.5, column + 0.5, column + 0.5, column - 0.5, column - 0.5];

/** @param {ArrayLike<number>[]} rows */
const transposed = (rows) => Array.from(rows[0], (_, i) => rows.map((row) => row[i]));

/**
 * Some of the steps, counted from 1, the first and the last among them.
 * @param {number} steps
 */
function ticks(steps) {
  const fives = Array.from({ length: steps }, (_, t) => t).filter((t) => t >= 5 && t < steps - 1 && t % 5 === 0);
  return [...new Set([1, ...fives, steps])];
}

/**
 * The pen's way of the first steps, always in as many numbers: gaps where it was up, and for the rest.
 * @param {Point[]} points
 * @param {boolean[]} lifted
 * @param {number} steps
 */
function onPaper(points, lifted, steps) {
  return [0, 1].map((axis) => {
    const way = Array(2 * lifted.length + 1).fill(NaN);
    for (let k = 0; k <= steps; k += 1) way[2 * k] = points[k][axis];
    for (let k = 0; k < steps; k += 1) if (!lifted[k]) way[2 * k + 1] = (points[k][axis] + points[k + 1][axis]) / 2;
    return way;
  });
}

/**
 * @param {Content} content
 * @param {Record<string, unknown[]>} patches
 * @param {ArrayLike<number>[]} beliefs
 * @param {string} unit
 * @returns {Content}
 */
function said(content, patches, beliefs, unit) {
  const changes = changesOfMind(beliefs, unit);
  const sentences = beliefs.map((row, t) => {
    const names = likeliest(row).map((digit) => `${digit} with ${percent(row[digit])}`).join(", ");
    return `After ${unit} ${t + 1} of ${beliefs.length}: ${names}. ${changes}.`;
  });
  return { ...content, error: undefined, selections: beliefs.length, patches, sentences };
}

/** @param {ArrayLike<number>} row */
const likeliest = (row) => Array.from(row, (_, digit) => digit).sort((a, b) => row[b] - row[a]).slice(0, 3);

/**
 * @param {ArrayLike<number>[]} beliefs
 * @param {string} unit
 */
function changesOfMind(beliefs, unit) {
  const best = beliefs.map((row) => likeliest(row)[0]);
  const changes = best.map((_, t) => t).filter((t) => t && best[t] !== best[t - 1]);
  const last = changes.at(-1);
  if (last === undefined) return "It never changed its mind";
  const times = ["", "once", "twice"][changes.length] ?? `${changes.length} times`;
  return `It changed its mind ${times}, the last time at ${unit} ${last + 1}, from ${best[last - 1]} to ${best[last]}`;
}
