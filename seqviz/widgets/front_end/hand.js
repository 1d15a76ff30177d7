// A hand over a figure: it points, presses, pulls and drags.
/** @import { Content, Handlers, PlotElement } from "./types.d.ts" */
import { axisKey } from "./narrow.js";

export class Hand {
  dragged = false;

  /**
   * @param {PlotElement} element
   * @param {Handlers} handlers what to do
   * @param {Content} content what a hand may do
   */
  constructor(element, handlers, { pick, first, drag = {}, press = {}, grab = {} }) {
    this.element = element;
    this.handlers = handlers;
    for (const [axis, control] of Object.entries(drag)) this.dragAlong(axis, control);
    for (const [axis, control] of Object.entries(press)) this.pressOn(axis, control);
    if (Object.keys(grab).length) this.grabNearest(grab);
    if (pick) this.pickBy(pick, first ?? null);
  }

  /**
   * Where an axis puts the pointer, in pixels from its beginning.
   * @param {MouseEvent} event
   * @param {string} axisName
   * @returns {number}
   */
  pixelAt(event, axisName) {
    const box = this.element.getBoundingClientRect();
    const pixel = axisName.startsWith("x") ? event.clientX - box.left : event.clientY - box.top;
    return pixel - this.element._fullLayout[axisName]._offset;
  }

  /**
   * The value there, or null beside the axis.
   * @param {MouseEvent} event
   * @param {string} axisName
   * @returns {number | null}
   */
  valueAt(event, axisName) {
    const axis = this.element._fullLayout[axisName];
    const pixel = this.pixelAt(event, axisName);
    return pixel >= 0 && pixel <= axis._length ? axis.p2c(pixel) : null;
  }

  /**
   * The value there for a hand that pulls: beyond the axis that of its end.
   * @param {MouseEvent} event
   * @param {string} axisName
   * @returns {number}
   */
  pulledTo(event, axisName) {
    const axis = this.element._fullLayout[axisName];
    return axis.p2c(Math.min(Math.max(this.pixelAt(event, axisName), 0), axis._length));
  }

  /**
   * The panel under the pointer, or the one whose labels are.
   * @param {MouseEvent} event
   * @returns {Record<string, any>} its two axes
   */
  nearestPanel(event) {
    const box = this.element.getBoundingClientRect();
    const beside = (/** @type {number} */ pixel, /** @type {any} */ { _offset, _length }) => Math.max(_offset - pixel, 0, pixel - _offset - _length);
    const far = (/** @type {any} */ { xaxis, yaxis }) => Math.hypot(beside(event.clientX - box.left, xaxis), beside(event.clientY - box.top, yaxis));
    return Object.values(this.element._fullLayout._plots).reduce((best, panel) => (far(panel) < far(best) ? panel : best));
  }

  /**
   * Whether an axis is one of a panel's, or drawn there once more.
   * @param {Record<string, any>} panel
   * @param {string} axisName
   */
  hasAxis(panel, axisName) {
    const axis = this.element._fullLayout[axisName];
    const { _offset, _length, range } = panel[`${axisName[0]}axis`];
    return _offset === axis._offset && _length === axis._length && String(range) === String(axis.range);
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
   * Pointing selects the nearest step along an axis, in every panel that has it, or the nearest point of a trace; a click or a
   * pull keeps it. On an axis selection 0 stands at the first whole number, or where it is said to stand.
   * @param {string} name of an axis, or the uid of a trace
   * @param {number | null} firstPlace
   */
  pickBy(name, firstPlace) {
    const axis = /^[xy]axis\d*$/.test(name);
    const at = (/** @type {MouseEvent} */ event) => {
      if (!axis) return this.pointAt(event, name);
      return this.hasAxis(this.nearestPanel(event), name) ? this.valueAt(event, name) : null;
    };
    // A hand goes from step to step, on a map from point to point, and plotly must not take the pointer. A finger does so
    // on a map and along a horizontal axis; else it scrolls the page.
    let held = false;
    let follows = false;
    let start = [0, 0];
    const point = (/** @type {MouseEvent} */ event, /** @type {"select" | "preview"} */ what) => {
      if (this.dragged) return;
      const value = held && axis ? this.pulledTo(event, name) : at(event);
      if (value === null) return;
      const first = axis ? firstPlace ?? Math.ceil(Math.min(...this.element._fullLayout[name].range)) : 0;
      this.handlers[what](Math.round(value) - first);
    };
    this.element.addEventListener("pointerdown", (event) => {
      start = [event.clientX, event.clientY];
      const inPlot = /** @type {Element} */ (event.target).matches(".nsewdrag"); // a legend is clicked
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
    const move = (/** @type {MouseEvent} */ event) => this.handlers.drag(control, this.pulledTo(event, axisName));
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
      for (const [i, { axis }] of places(held).entries()) this.handlers.drag(controls[held][i], this.pulledTo(event, axis) + apart[i]);
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
}
