// A page from disk: recordings take the kernel's place. Everything else is the notebook's own front end.
/** @import { Content, Plotly, PlotlyFigure, Traits, Value } from "../../../widgets/front_end/types.d.ts" */
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
    const index = Object.entries(recorded).reduce((place, [name, values]) => {
      const wish = this.state.values[name];
      const known = values.map((value) => JSON.stringify(value)); // a drawing is found by its points
      return place * values.length + (typeof wish === "number" ? nearest(values.map(Number), wish) : known.indexOf(JSON.stringify(wish)));
    }, 0);
    const { figure, content } = answers[index];
    this.set("figure", figures[figure]);
    this.set("content", content);
    this.listeners.get("change:content")?.();
  }
}

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
