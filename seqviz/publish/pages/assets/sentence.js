// The explorer `sentence` for a text that was not recorded: what plots/language/sentence.py makes of a trace, made here
// of the same numbers. A browser test compares both.
/** @import { Content, Values } from "../../../widgets/front_end/types.d.ts" */
/** @import { Answer, ComputedSentence } from "./onnx.d.ts" */
import { Computer } from "./computing.js";
import { fixed, percent, significant } from "./numbers.js";

/** @extends {Computer<ComputedSentence>} */
export class SentenceComputer extends Computer {
  /**
   * @param {ComputedSentence} computed
   * @param {Answer[]} recorded what does not depend on the text is taken from any of them
   */
  constructor(computed, [recorded]) {
    super(computed);
    this.recorded = recorded;
  }

  /**
   * @param {Values} values
   * @returns {Promise<Answer>}
   */
  async answer({ text, model }) {
    const { tokens, before } = this.computed;
    const places = [...String(text)].map((sign) => tokens.indexOf(sign));
    if (!places.length) throw new Error("expected at least one character, got an empty text");
    if (places.includes(-1)) throw new Error("expected only characters that the box names");
    const steps = await this.steps();
    /** @type {Map<string, ArrayLike<number>[]>} */
    const said = new Map();
    for (const [name, step] of steps) {
      const all = await step.read([...before, ...places]);
      said.set(name, all.slice(before.length - 1, -1)); // of every token, before it was read
    }
    return { figure: this.figure(places, said), content: this.content(places, said, String(model)) };
  }

  /**
   * @param {number[]} places
   * @param {Map<string, ArrayLike<number>[]>} said
   */
  figure(places, said) {
    const { visible, mostBits } = this.computed;
    const { data, layout } = structuredClone(this.recorded.figure);
    for (const trace of data) {
      const expected = said.get(trace.name);
      if (!expected) continue;
      trace.x = places.map((_, t) => t);
      trace.y = surprises(expected, places).map((bits) => Math.min(bits, mostBits));
    }
    Object.assign(layout.xaxis, {
      range: [-0.5, places.length - 0.5],
      tickvals: places.map((_, t) => t),
      ticktext: places.map((place) => visible[place]),
    });
    return { data, layout };
  }

  /**
   * @param {number[]} places
   * @param {Map<string, ArrayLike<number>[]>} said
   * @param {string} model
   * @returns {Content}
   */
  content(places, said, model) {
    const { visible, spoken, mostBits } = this.computed;
    const { content, figure } = this.recorded;
    const path = (/** @type {string} */ uid) => `data.${figure.data.findIndex((trace) => trace.uid === uid)}.x`;
    const expected = said.get(model) ?? [];
    const levels = surprises(expected, places).map((bits) => 1 - Math.min(bits, mostBits) / mostBits);
    return {
      ...content,
      error: undefined,
      selections: places.length,
      patches: {
        [path("mark")]: places.map((_, t) => [t, t]),
        [path("expected")]: expected,
        [path("came")]: expected.map((row, t) => Array.from(row, (p, place) => (place === places[t] ? p : 0))),
      },
      sentences: places.map((_, t) => this.sentence(places, said, model, t)),
      strip: content.strip && {
        ...content.strip,
        label: `The text, lighter where ${model} had expected the character`,
        tokens: places.map((place) => visible[place]),
        names: places.map((place) => spoken[place]),
        levels: [levels], // which no selection changes
      },
    };
  }

  /**
   * @param {number[]} places
   * @param {Map<string, ArrayLike<number>[]>} said
   * @param {string} model
   * @param {number} t
   */
  sentence(places, said, model, t) {
    const { visible } = this.computed;
    const rows = said.get(model) ?? [];
    const expected = Array.from(rows[t]);
    const before = places.slice(0, t).map((place) => visible[place]).join("");
    const likeliest = expected.map((_, place) => place).sort((a, b) => expected[b] - expected[a]).slice(0, 3);
    const names = likeliest.map((place) => `“${visible[place]}” ${percent(expected[place])}`).join(", ");
    const bits = surprises(rows, places);
    const costs = [...said].map(([name, one]) => `${name} ${fixed(total(surprises(one, places)) / places.length, 2)}`).join(", ");
    return (
      `${model}, after “${before}”: it expected ${names}. “${visible[places[t]]}” came, with ` +
      `${significant(100 * expected[places[t]], 3)} %, ${fixed(bits[t], 1)} bits. ` +
      `The whole text: 2 to the power of −${fixed(total(bits), 1)}. Bits for each token: ${costs}.`
    );
  }
}

/**
 * The bits that every token cost.
 * @param {ArrayLike<number>[]} expected
 * @param {number[]} places
 */
const surprises = (expected, places) => places.map((place, t) => -Math.log2(expected[t][place]));

/** @param {number[]} numbers */
const total = (numbers) => numbers.reduce((sum, one) => sum + one, 0);
