// A hand over a figure: it points, clicks and pulls.
/** @import { Content, Handlers, PlotElement } from "./types.d.ts" */
import { axisKey, isAxis } from "./narrow.js";

/** @typedef {(event: MouseEvent) => void} Move */

export class Hand {
  /** Whether something has followed it since it was put down: then its end is not a click. */
  pulled = false;

  /**
   * @param {PlotElement} element
   * @param {Handlers} handlers what to do
   * @param {Content} content what a hand can do
   */
  constructor(element, handlers, { pick, first, drag = {}, press = {}, grab = {} }) {
    this.element = element;
    this.handlers = handlers;
    this.pick = pick ?? "";
    this.first = first;
    this.pull(drag, grab);
    element.addEventListener("click", (event) => this.click(event, press));
    if (!pick) return;
    element.addEventListener("pointermove", (event) => this.point(event));
    element.addEventListener("pointerleave", () => this.handlers.preview(null));
  }

  /**
   * What a hand takes hold of follows it, from when it has gone 3 pixels. A finger that holds something scrolls no page; along
   * an axis its first move says which it means. (A touch-action is not heard inside of an svg.)
   * @param {Record<string, string>} drag
   * @param {Record<string, [across: string, down: string]>} grab
   */
  pull(drag, grab) {
    /** @type {Move | null} */
    let move = null;
    let sure = false;
    let start = [0, 0];
    const way = (/** @type {MouseEvent | Touch} */ { clientX, clientY }) => [clientX - start[0], clientY - start[1]].map(Math.abs);
    this.element.addEventListener("pointerdown", (event) => {
      this.pulled = false;
      move = null;
      if (event.button || !event.isPrimary) return; // two fingers zoom the page
      start = [event.clientX, event.clientY];
      move = this.holdAxes(event, drag) ?? this.holdThing(event, grab);
      sure = Boolean(move) || event.pointerType !== "touch" || !this.picksAlong;
      move ??= this.holdSteps(event);
      if (move && sure) this.element.setPointerCapture(event.pointerId);
    });
    this.element.addEventListener("touchmove", (event) => {
      const [across, down] = way(event.targetTouches[0]);
      if (event.touches.length > 1 || (!sure && across <= down)) move = null;
      sure = true;
      if (move) event.preventDefault();
    }, { passive: false });
    this.element.addEventListener("pointermove", (event) => {
      if (!event.buttons) move = null; // let go where we did not hear of it
      if (!move || !sure) return;
      this.pulled ||= Math.hypot(...way(event)) > 3;
      if (this.pulled) move(event);
    });
    for (const ending of ["pointerup", "pointercancel"]) this.element.addEventListener(ending, () => (move = null));
  }

  /**
   * What was pointed at stays in sight while the hand is where there is nothing.
   * @param {MouseEvent} event
   */
  point(event) {
    const step = event.buttons ? null : this.stepAt(event);
    if (step !== null) this.handlers.preview(step);
  }

  /**
   * @param {MouseEvent} event
   * @param {Record<string, string>} press the control of each axis whose panel can be clicked
   */
  click(event, press) {
    if (this.pulled) return;
    for (const [axis, control] of Object.entries(press)) if (this.inside(event, axis)) this.handlers.drag(control, this.valueAt(event, axis));
    const step = this.stepAt(event);
    if (step !== null) this.handlers.select(step);
  }

  /**
   * A pull inside the panels of some axes moves their controls.
   * @param {MouseEvent} event
   * @param {Record<string, string>} drag the control of each axis
   * @returns {Move | null}
   */
  holdAxes(event, drag) {
    const held = Object.entries(drag).filter(([axis]) => this.inside(event, axis));
    if (!held.length) return null;
    return (moved) => {
      for (const [axis, control] of held) this.handlers.drag(control, this.valueAt(moved, axis));
    };
  }

  /**
   * A pull inside a panel moves the nearest of the things in it, each the one point of a trace. It keeps its distance from
   * the pointer, so that it does not jump and no finger lies on it.
   * @param {MouseEvent} event
   * @param {Record<string, [across: string, down: string]>} grab the controls of each thing, by the uid of its trace
   * @returns {Move | null}
   */
  holdThing(event, grab) {
    const things = Object.keys(grab).map((uid) => {
      const { trace, axes } = this.traced(uid);
      const apart = [trace.x[0], trace.y[0]].map((at, i) => at - this.valueAt(event, axes[i]));
      return { axes, apart, controls: grab[uid] };
    }).filter(({ axes }) => this.inside(event, axes[0]));
    if (!things.length) return null;
    const { axes, apart, controls } = things.reduce((best, one) => (Math.hypot(...one.apart) < Math.hypot(...best.apart) ? one : best));
    return (moved) => {
      for (const [i, axis] of axes.entries()) this.handlers.drag(controls[i], this.valueAt(moved, axis) + apart[i]);
    };
  }

  /**
   * A pull that begins at a step goes from step to step.
   * @param {PointerEvent} event
   * @returns {Move | null}
   */
  holdSteps(event) {
    if (this.stepAt(event) === null) return null;
    if (!this.picksAlong) return (moved) => this.handlers.select(this.nearestPoint(moved));
    const axis = this.stepAxis(event);
    const scrolls = event.pointerType === "touch" && axis.startsWith("y");
    const beside = !(/** @type {Element} */ (event.target)).matches(".nsewdrag");
    return scrolls || beside ? null : (moved) => this.handlers.select(this.nearestStep(moved, axis));
  }

  /** Whether steps stand along an axis; else they are the points of a trace. */
  get picksAlong() {
    return isAxis(this.pick);
  }

  /**
   * The step under the pointer, along an axis in every panel that has it and at its labels.
   * @param {MouseEvent} event
   * @returns {number | null}
   */
  stepAt(event) {
    if (!this.pick || /** @type {Element} */ (event.target).closest(".legend")) return null;
    if (!this.picksAlong) return this.inside(event, this.traced(this.pick).axes[0]) ? this.nearestPoint(event) : null;
    const axis = this.stepAxis(event);
    return axis && this.within(event, axis) ? this.nearestStep(event, axis) : null;
  }

  /**
   * The axis of the steps in the panel under the pointer, or in the one whose labels are there: the one that is said, or one
   * that matches it; "" if the panel has none.
   * @param {MouseEvent} event
   * @returns {string}
   */
  stepAxis(event) {
    const beside = (/** @type {any} */ { _name, _length }) => {
      const pixel = this.pixelAt(event, _name);
      return Math.max(-pixel, 0, pixel - _length);
    };
    const far = (/** @type {any} */ { xaxis, yaxis }) => Math.hypot(beside(xaxis), beside(yaxis));
    const panels = Object.values(this.element._fullLayout._plots);
    const { xaxis, yaxis } = panels.reduce((best, panel) => (far(panel) < far(best) ? panel : best));
    const group = (/** @type {any} */ { _id, matches }) => matches ?? _id;
    return [xaxis, yaxis].find((axis) => group(axis) === group(this.axis(this.pick)))?._name ?? "";
  }

  /**
   * The nearest step along an axis, on which step 0 stands at the first whole number or where it is said to stand.
   * @param {MouseEvent} event
   * @param {string} axis
   */
  nearestStep(event, axis) {
    return Math.round(this.valueAt(event, axis)) - (this.first ?? Math.ceil(Math.min(...this.axis(axis).range)));
  }

  /**
   * The nearest point of the trace whose points are the steps.
   * @param {MouseEvent} event
   * @returns {number}
   */
  nearestPoint(event) {
    const { trace, axes } = this.traced(this.pick);
    const far = (/** @type {number} */ i) => Math.hypot(...[trace.x[i], trace.y[i]].map((at, k) => this.axis(axes[k]).c2p(at) - this.pixelAt(event, axes[k])));
    return [...trace.x.keys()].reduce((best, i) => (far(i) < far(best) ? i : best), 0);
  }

  /** @param {string} name */
  axis(name) {
    return this.element._fullLayout[name];
  }

  /**
   * A trace and the names of its two axes.
   * @param {string} uid
   */
  traced(uid) {
    const trace = this.element._fullData.find((one) => one.uid === uid);
    return { trace, axes: [trace.xaxis, trace.yaxis].map(axisKey) };
  }

  /**
   * How many pixels the pointer is from where an axis begins.
   * @param {MouseEvent} event
   * @param {string} name
   */
  pixelAt(event, name) {
    const box = this.element.getBoundingClientRect();
    return (name.startsWith("x") ? event.clientX - box.left : event.clientY - box.top) - this.axis(name)._offset;
  }

  /**
   * The value of an axis under the pointer, as if the axis went on beyond its ends.
   * @param {MouseEvent} event
   * @param {string} name
   * @returns {number}
   */
  valueAt(event, name) {
    return this.axis(name).p2c(this.pixelAt(event, name));
  }

  /**
   * @param {MouseEvent} event
   * @param {string} name
   */
  within(event, name) {
    const pixel = this.pixelAt(event, name);
    return pixel >= 0 && pixel <= this.axis(name)._length;
  }

  /**
   * Whether the pointer is inside the panel of an axis.
   * @param {MouseEvent} event
   * @param {string} name
   */
  inside(event, name) {
    return this.within(event, name) && this.within(event, axisKey(this.axis(name).anchor));
  }
}
