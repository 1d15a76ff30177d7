// A plotly figure: drawn whole when its base changes, patched where only the selection did.
/** @import { Patch } from "./patch.js" */
/** @import { Content, Handlers, PlotElement, Plotly, PlotlyFigure } from "./types.d.ts" */
import { layGround } from "./curves.js";
import { adaptNumbers } from "./hover.js";
import { axisKey, legendOf, loosen, NARROW, stack, wrapWords } from "./narrow.js";
import { Ours } from "./ours.js";
import { element, markedUp, plotlyMarkup } from "./page.js";
import { patched } from "./patch.js";
import { plotly } from "./plotly.js";
import { redraw } from "./redraw.js";

export class Figure {
  /** @type {PlotlyFigure | undefined} */
  base;
  /** The width that is drawn, and the one there is room for: plotly's own until the figure is seen. */
  width = 700;
  room = 700;
  /** @type {Ours | undefined} */
  ours;
  hands = false;
  dragged = false;
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
  async draw(base, patch, sentence, { pick, first, drag, press, grab }) {
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
    setLow(figure);
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
    if (this.hands) return;
    this.hands = true;
    for (const [axis, control] of Object.entries(drag ?? {})) this.dragAlong(axis, control);
    for (const [axis, control] of Object.entries(press ?? {})) this.pressOn(axis, control);
    if (Object.keys(grab ?? {}).length) this.grabNearest(grab ?? {});
    if (pick) this.pickBy(pick, first ?? null);
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

  /**
   * Where an axis puts the pointer: the value there, or null beside the axis.
   * @param {MouseEvent} event
   * @param {string} axisName
   * @returns {number | null}
   */
  valueAt(event, axisName) {
    const axis = this.element._fullLayout[axisName];
    const box = this.element.getBoundingClientRect();
    const pixel = (axisName.startsWith("x") ? event.clientX - box.left : event.clientY - box.top) - axis._offset;
    return pixel >= 0 && pixel <= axis._length ? axis.p2c(pixel) : null;
  }

  /**
   * A trace and the names of its axes.
   * @param {string} uid
   */
  traced(uid) {
    const trace = this.element._fullData.find((one) => one.uid === uid);
    const [x, y] = [trace.xaxis, trace.yaxis].map(axisKey);
    return { trace, x, y };
  }

  /**
   * Which point of a trace is nearest to the pointer, or null beside the trace's plot.
   * @param {MouseEvent} event
   * @param {string} uid
   * @returns {number | null}
   */
  pointAt(event, uid) {
    const { trace, x, y } = this.traced(uid);
    const at = [this.valueAt(event, x), this.valueAt(event, y)];
    if (at.includes(null)) return null;
    const [across, up] = [x, y].map((name) => this.element._fullLayout[name]);
    const far = (/** @type {number} */ i) => Math.hypot(across.c2p(trace.x[i]) - across.c2p(at[0]), up.c2p(trace.y[i]) - up.c2p(at[1]));
    return [...trace.x.keys()].reduce((best, i) => (far(i) < far(best) ? i : best), 0);
  }

  /**
   * Pointing selects the nearest step along an axis, or the nearest point of a trace; a click or a pull keeps it. On an axis
   * selection 0 stands at the first whole number, or where it is said to stand.
   * @param {string} name of an axis, or the uid of a trace
   * @param {number | null} firstPlace
   */
  pickBy(name, firstPlace) {
    const axis = /^[xy]axis\d*$/.test(name);
    const at = (/** @type {MouseEvent} */ event) => (axis ? this.valueAt(event, name) : this.pointAt(event, name));
    const point = (/** @type {MouseEvent} */ event, /** @type {"select" | "preview"} */ what) => {
      const value = this.dragged ? null : at(event);
      if (value === null) return;
      const first = axis ? firstPlace ?? Math.ceil(Math.min(...this.element._fullLayout[name].range)) : 0;
      this.handlers[what](Math.round(value) - first);
    };
    // a hand goes from step to step, on a map from point to point: plotly must not take the pointer, nor a finger scroll
    // the page, unless it does not go along the axis
    let held = false;
    let follows = false;
    let start = [0, 0];
    this.element.addEventListener("pointerdown", (event) => {
      start = [event.clientX, event.clientY];
      const inPlot = /** @type {Element} */ (event.target).matches(".nsewdrag"); // and not on a legend, as a click may be
      follows = at(event) !== null && (inPlot || !axis);
      held = follows && !(axis && event.pointerType === "touch");
      if (held) this.element.setPointerCapture(event.pointerId);
    });
    this.element.addEventListener("touchmove", (event) => {
      const [across, down] = [event.touches[0].clientX - start[0], event.touches[0].clientY - start[1]].map(Math.abs);
      held ||= follows && axis && name.startsWith("x") && across > down;
      follows = held; // the first move decides
      if (held) event.preventDefault();
    }, { passive: false });
    for (const ending of ["pointerup", "pointercancel"]) this.element.addEventListener(ending, () => (held = follows = false));
    this.element.addEventListener("pointermove", (event) => {
      if (held || !event.buttons) point(event, event.buttons ? "select" : "preview");
    });
    this.element.addEventListener("pointerleave", () => this.handlers.preview(null));
    this.element.addEventListener("click", (event) => point(event, "select"));
  }

  /**
   * The axis that an axis meets.
   * @param {string} name
   */
  across(name) {
    return axisKey(this.element._fullLayout[name].anchor);
  }

  /**
   * Whether the pointer is inside the plot of an axis.
   * @param {MouseEvent} event
   * @param {string} axisName
   */
  inside(event, axisName) {
    return this.valueAt(event, axisName) !== null && this.valueAt(event, this.across(axisName)) !== null;
  }

  /**
   * A click inside the plot of an axis sets a control to the value there.
   * @param {string} axisName
   * @param {string} control
   */
  pressOn(axisName, control) {
    this.element.addEventListener("click", (event) => {
      const value = this.valueAt(event, axisName);
      if (!this.dragged && value !== null && this.inside(event, axisName)) this.handlers.drag(control, value);
    });
  }

  /**
   * Dragging inside the plot of an axis moves a control; the same pull that starts it does not pick a step.
   * @param {string} axisName
   * @param {string} control
   */
  dragAlong(axisName, control) {
    const move = (/** @type {MouseEvent} */ event) => {
      const value = this.valueAt(event, axisName);
      if (value !== null) this.handlers.drag(control, value);
    };
    this.pull((event) => this.inside(event, axisName), move);
  }

  /**
   * Dragging inside a plot moves the nearest of some things in it, each the one point of a trace. It keeps its distance
   * from the pointer, so that it does not jump and no finger lies on it.
   * @param {Record<string, [across: string, down: string]>} controls of each trace, by its uid
   */
  grabNearest(controls) {
    let held = "";
    let apart = [0, 0];
    const places = (/** @type {string} */ uid) => {
      const { trace, x, y } = this.traced(uid);
      return [{ axis: x, at: Number(trace.x[0]) }, { axis: y, at: Number(trace.y[0]) }];
    };
    const distances = (/** @type {MouseEvent} */ event, /** @type {string} */ uid) => places(uid).map(({ axis, at }) => at - Number(this.valueAt(event, axis)));
    const begins = (/** @type {MouseEvent} */ event) => {
      const near = Object.keys(controls).filter((uid) => places(uid).every(({ axis }) => this.valueAt(event, axis) !== null));
      if (!near.length) return false;
      const far = (/** @type {string} */ uid) => Math.hypot(...distances(event, uid));
      held = near.reduce((best, uid) => (far(uid) < far(best) ? uid : best));
      apart = distances(event, held);
      return true;
    };
    const move = (/** @type {MouseEvent} */ event) => {
      for (const [i, { axis }] of places(held).entries()) {
        const value = this.valueAt(event, axis);
        if (value !== null) this.handlers.drag(controls[held][i], value + apart[i]);
      }
    };
    this.pull(begins, move);
  }

  /**
   * A hand that pulls from where something can be dragged. A finger there drags, and elsewhere scrolls the page. (A
   * touch-action is not heard inside of an svg.)
   * @param {(event: MouseEvent) => boolean} begins
   * @param {(event: MouseEvent) => void} move
   */
  pull(begins, move) {
    let held = false;
    this.element.addEventListener("touchmove", (event) => held && event.preventDefault(), { passive: false });
    this.element.addEventListener("pointerdown", (event) => {
      this.dragged = false;
      held = begins(event);
      if (!held) return;
      const start = [event.clientX, event.clientY];
      const pulled = (/** @type {MouseEvent} */ moved) => {
        this.dragged ||= Math.hypot(moved.clientX - start[0], moved.clientY - start[1]) > 3;
        if (this.dragged) move(moved);
      };
      this.element.setPointerCapture(event.pointerId);
      this.element.addEventListener("pointermove", pulled, true); // before pickBy hears of it
      const end = () => {
        held = false;
        this.element.removeEventListener("pointermove", pulled, true);
      };
      for (const name of ["pointerup", "pointercancel"]) this.element.addEventListener(name, end, { once: true });
    });
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
  const axes = Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name));
  for (const name of new Set(["xaxis", "yaxis", ...axes])) layout[name] = { ...layout[name], fixedrange: true };
}

/**
 * Titles, names and what is said under a hand, with indices low; what is read along an axis stays as it was read.
 * @param {PlotlyFigure} figure
 */
function setLow({ data, layout }) {
  const axes = Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name)).map((name) => layout[name]);
  const bars = data.map((trace) => trace.colorbar).filter(Boolean);
  for (const { title } of [...axes, ...bars]) if (title?.text) title.text = plotlyMarkup(title.text);
  for (const trace of data) {
    for (const name of ["name", "hovertemplate"]) if (typeof trace[name] === "string") trace[name] = plotlyMarkup(trace[name]);
  }
}
