// A page from disk: recordings take the kernel's place, and where nothing was recorded a page may compute. Everything else
// is the notebook's own front end.
/** @import { Content, Control, Plotly, PlotlyFigure, Traits, Value } from "../../../widgets/front_end/types.d.ts" */
import { here } from "./computing.js";
import { DigitComputer } from "./digit.js";
import { SentenceComputer } from "./sentence.js";
import { nearest } from "../../../widgets/front_end/controls.js";
import { render, use } from "../../../widgets/front_end/main.js";

/**
 * What widgets/recording.py keeps of an explorer beside its state.
 * @typedef Answers
 * @property {Record<string, Value[]>} recorded
 * @property {PlotlyFigure[]} figures
 * @property {{ figure: number, content: Content }[]} answers
 */

class Recorded {
  /** @type {Map<string, () => void>} */
  listeners = new Map();

  /** @param {any} recording */
  constructor(recording) {
    /** @type {Traits} */
    this.state = { ...recording };
    /** @type {Answers} */
    this.recording = recording;
    const { computed } = recording;
    if (!computed) return;
    this.megabytes = `${(computed.bytes / 1e6).toFixed(1)} MB`;
    const Computer = { sentence: SentenceComputer, digit: DigitComputer }[/** @type {"sentence" | "digit"} */ (computed.kind)];
    this.computer = new Computer(computed, this.recording.answers.map(({ figure, content }) => ({ figure: this.recording.figures[figure], content })));
    this.state.controls = this.state.controls.map((control) => this.freed(control));
  }

  /**
   * @param {Control} control
   * @returns {Control}
   */
  freed(control) {
    const loads = `at the first key or stroke it loads what that takes, ${this.megabytes}, from its own folder.`;
    if (control.kind === "text") return { ...control, fixed: undefined, note: `Type your own: this page computes; ${loads}` };
    if (control.kind === "pad") return { ...control, fixed: undefined, note: `Draw your own: this page computes; ${loads}` };
    return control;
  }

  /** What to say while an answer is on its way. */
  get late() {
    if (!this.computer) return undefined;
    return here.loaded ? "This page is computing." : `Loading what it takes to compute, ${this.megabytes}, from this folder.`;
  }

  /**
   * @template {keyof Traits} Name
   * @param {Name} name
   * @returns {Traits[Name]}
   */
  get(name) {
    return this.state[name];
  }

  /**
   * @template {keyof Traits} Name
   * @param {Name} name
   * @param {Traits[Name]} value
   */
  set(name, value) {
    this.state[name] = value;
  }

  /**
   * @param {string} event
   * @param {() => void} listener
   */
  on(event, listener) {
    this.listeners.set(event, listener);
  }

  /** @param {string} event */
  off(event) {
    this.listeners.delete(event);
  }

  // What a kernel would compute is looked up: the answers lie in the order of their controls' values.
  save_changes() {
    const { recorded, figures, answers } = this.recording;
    const { values: wishes } = this.state;
    if (!Object.entries(recorded).every(([name, values]) => typeof wishes[name] === "number" || isAmong(values, wishes[name]))) {
      this.compute();
      return;
    }
    const index = Object.entries(recorded).reduce((place, [name, values]) => {
      const wish = wishes[name];
      const known = values.map((value) => JSON.stringify(value)); // a drawing is found by its points
      return place * values.length + (typeof wish === "number" ? nearest(values.map(Number), wish) : known.indexOf(JSON.stringify(wish)));
    }, 0);
    const { figure, content } = answers[index];
    this.answer(figures[figure], content);
  }

  // The explorer asks for nothing else until it has its answer.
  async compute() {
    try {
      const answer = await this.computer?.answer(this.state.values);
      if (answer) this.answer(answer.figure, answer.content);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      this.answer(this.state.figure, { ...this.state.content, error: words });
    }
  }

  /**
   * @param {PlotlyFigure} figure
   * @param {Content} content
   */
  answer(figure, content) {
    this.set("figure", figure);
    this.set("content", { ...content, serial: (this.state.content.serial ?? 0) + 1 });
    this.listeners.get("change:content")?.();
  }
}

/**
 * A drawing is found by its points.
 * @param {Value[]} values
 * @param {Value} wish
 */
const isAmong = (values, wish) => values.some((value) => JSON.stringify(value) === JSON.stringify(wish));

/**
 * Figures are made when they come near: a page is there at once, however many it holds. Returns how to make the rest.
 * @param {Plotly} plotly
 * @param {(made: HTMLElement) => void} made
 */
export function play(plotly, made) {
  use(new Map(Object.entries({ plotly, style: "" })));
  const places = new Set(document.querySelectorAll("[data-recording]"));
  const make = (/** @type {Element} */ place) => {
    near.unobserve(place);
    if (places.delete(place)) made(makeExplorer(/** @type {HTMLElement} */ (place)));
  };
  const near = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => make(target)), {
    rootMargin: "600px",
  });
  for (const place of places) near.observe(place);
  return () => places.forEach(make);
}

/** @param {HTMLElement} place */
function makeExplorer(place) {
  const recording = JSON.parse(document.getElementById(place.dataset.recording ?? "")?.textContent ?? "");
  place.replaceChildren();
  render({ model: new Recorded(recording), el: place });
  return /** @type {HTMLElement} */ (place.firstElementChild);
}
