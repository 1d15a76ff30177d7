// A plotly figure: drawn whole when its base changes, patched where only the selection did.
/** @import { Patch } from "./patch.js" */
/** @import { Content, Handlers, PlotElement, Plotly, PlotlyFigure } from "./types.d.ts" */
import { layGround } from "./curves.js";
import { Hand } from "./hand.js";
import { adaptNumbers } from "./hover.js";
import { isAxis, legendOf, loosen, NARROW, stack, wrapWords } from "./narrow.js";
import { Ours } from "./ours.js";
import { element } from "./page.js";
import { patched } from "./patch.js";
import { plotly } from "./plotly.js";
import { redraw } from "./redraw.js";
import { markedUp, setSymbols } from "./symbols.js";

export class Figure {
  /** @type {PlotlyFigure | undefined} */
  base;
  /** The width that is drawn, and the one there is room for: plotly's own until the figure is seen. */
  width = 700;
  room = 700;
  /** @type {Ours | undefined} */
  ours;
  /** @type {Hand | undefined} */
  hand;
  disposed = false;

  /** @param {Handlers} handlers */
  constructor(handlers) {
    this.element = /** @type {PlotElement} */ (/** @type {HTMLElement} */ (element("div", { className: "seqviz-figure", role: "img" })));
    this.legend = element("ul", { className: "seqviz-legend" });
    this.handlers = handlers;
    this.watch = new ResizeObserver(() => this.resized());
    this.watch.observe(this.element);
    // At every touch plotly lays a cover over the page, and a browser would scroll that: it must not hear of touches.
    this.element.addEventListener("touchstart", (event) => event.stopPropagation(), { capture: true, passive: true });
  }

  /**
   * @param {PlotlyFigure} base
   * @param {Patch} patch
   * @param {string} sentence
   * @param {Content} content
   */
  async draw(base, patch, sentence, content) {
    this.element.setAttribute("aria-label", sentence);
    const Plotly = await plotly();
    if (this.disposed) return;
    if (this.ours && base === this.base && this.room === this.width) {
      const moved = redraw(this.element, patch, this.ours);
      if (!moved) await this.patch(Plotly, patch);
      this.ours.draw(this.element, moved);
      return;
    }
    // for another width all is drawn afresh: margins that plotly only moves come out a pixel different
    if (base === this.base) Plotly.purge(this.element);
    this.base = base;
    const figure = patched(base, patch);
    // the height is the figure's own: plotly, asked to be responsive, would forget it
    figure.layout.width = this.width = this.room = this.element.clientWidth || this.room;
    setSymbols(figure);
    this.fit(figure);
    keepAxes(figure.layout);
    this.ours = new Ours(figure, patch);
    const heard = this.element.on; // until the figure is purged
    const config = { displayModeBar: false, doubleClick: false };
    await Plotly.react(this.element, figure.data, figure.layout, config);
    if (this.width < NARROW) {
      loosen(figure, this.element._fullLayout);
      await Plotly.react(this.element, figure.data, { ...figure.layout }, config);
    }
    layGround(this.element);
    this.ours.begin(this.element);
    if (!heard) {
      this.element.on?.("plotly_restyle", () => this.ours?.begin(this.element)); // a click on the legend
      this.element.on?.("plotly_beforehover", () => adaptNumbers(this.element));
    }
    this.element.dataset.width = String(this.width);
    this.hand ??= new Hand(this.element, this.handlers, content);
  }

  /**
   * Make the figure fit its width.
   * @param {PlotlyFigure} figure
   */
  fit(figure) {
    const narrow = this.width < NARROW;
    const entries = narrow ? legendOf(figure) : [];
    this.legend.replaceChildren(...entries.map(({ name, color, line }) => {
      const key = element("span", { className: "seqviz-key" });
      key.style.cssText = line ? `border-top: 3px ${line} ${color}` : `height: 0.8em; background: ${color}`;
      return element("li", {}, key, ...markedUp(name));
    }));
    if (!narrow) return;
    stack(figure);
    wrapWords(figure, this.width);
    if (entries.length) figure.layout.showlegend = false;
  }

  resized() {
    const room = this.element.clientWidth; // 0 while it is hidden
    if (!this.base || !room || room === this.width) return;
    this.room = room;
    this.handlers.resize();
  }

  /**
   * @param {Plotly} Plotly
   * @param {Patch} patch
   */
  patch(Plotly, patch) {
    const count = this.element.data.length;
    /** @type {Record<string, unknown[]>} */
    const data = {};
    /** @type {Record<string, unknown>} */
    const layout = {};
    for (const [path, value] of Object.entries(patch)) {
      const [part, ...rest] = path.split(".");
      if (part === "layout") layout[rest.join(".").replace(/\.(\d+)\./g, "[$1].")] = value;
      else ((data[rest.slice(1).join(".")] ??= Array(count))[Number(rest[0])] = value);
    }
    return Plotly.update(this.element, data, layout, [...Array(count).keys()]);
  }

  async dispose() {
    this.disposed = true;
    this.watch.disconnect();
    if (this.base) (await plotly()).purge(this.element);
  }
}

/**
 * A hand moves points, steps and thresholds, never the axes.
 * @param {Record<string, any>} layout
 */
function keepAxes(layout) {
  layout.dragmode = false;
  const axes = Object.keys(layout).filter(isAxis);
  for (const name of new Set(["xaxis", "yaxis", ...axes])) layout[name] = { ...layout[name], fixedrange: true };
}
