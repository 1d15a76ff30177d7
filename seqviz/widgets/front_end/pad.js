// A sheet to draw on: by mouse, finger or pen, or by keys that move a pen across it.
/** @import { Made, Pad, Strokes, Value } from "./types.d.ts" */
import { element, uniqueId } from "./page.js";

const SIDE = 100; // of the sheet, in its own units
const KEY_STEP = 5; // how far a key moves the pen
const NEAR = 1; // a pointer that moved less than this draws nothing new
const ARROWS = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });

/** @param {string} name */
const svgElement = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);

/** @param {number} part */
const thousandths = (part) => Math.round((1000 * part) / SIDE) / 1000;

class Sheet {
  /** @type {Strokes} */
  strokes = [];
  /** The pointer that draws. @type {number | null} */
  pointer = null;
  /** Where the pen of the keys is. */
  at = [SIDE / 2, SIDE / 2];
  /** Whether that pen is down. */
  down = false;
  /** The drawing that the explorer was last told of, or last laid here. */
  told = "";

  /**
   * @param {(strokes: Strokes) => void} onChange
   * @param {(words: string) => void} say
   */
  constructor(onChange, say) {
    this.svg = svgElement("svg");
    this.path = svgElement("path");
    this.pen = svgElement("circle");
    this.onChange = onChange;
    this.say = say;
    this.svg.setAttribute("viewBox", `0 0 ${SIDE} ${SIDE}`);
    this.pen.setAttribute("r", "3.5");
    this.svg.append(this.path, this.pen);
  }

  listen() {
    this.svg.addEventListener("pointerdown", (event) => this.press(event));
    this.svg.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) this.svg.addEventListener(end, () => (this.pointer = null));
    this.svg.addEventListener("keydown", (event) => this.key(event));
    this.svg.addEventListener("blur", () => this.lift());
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (!event.isPrimary || event.button > 0) return;
    event.preventDefault(); // no text is selected on the way
    this.lift();
    this.say("");
    this.svg.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.strokes.push([]);
    this.add(this.place(event));
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (event.pointerId !== this.pointer) return;
    // between two frames a pointer may have been in several places
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const one of passed.length ? passed : [event]) this.add(this.place(one));
  }

  /**
   * Where on the sheet a pointer is, in its units.
   * @param {PointerEvent} event
   */
  place(event) {
    const box = this.svg.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height].map((part) => Math.min(Math.max(part, 0), 1) * SIDE);
  }

  /**
   * Lengthen the last stroke.
   * @param {number[]} place
   */
  add([x, y]) {
    const stroke = this.strokes[this.strokes.length - 1];
    const last = stroke.at(-1);
    if (last && Math.hypot(x - last[0] * SIDE, y - last[1] * SIDE) < NEAR) return;
    stroke.push([thousandths(x), thousandths(y)]);
    this.changed();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const arrow = ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrow) this.step(arrow);
    else if (event.key === " " || event.key === "Enter") this.setDown(!this.down);
    else if (event.key === "Escape") this.lift();
    else if (event.key === "Backspace") this.undo();
    else if (event.key === "Delete") this.clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {[number, number]} by */
  step(by) {
    this.at = this.at.map((part, axis) => Math.min(Math.max(part + KEY_STEP * by[axis], 0), SIDE));
    if (this.down) this.add(this.at);
    this.draw();
    this.say(`${this.down ? "drawing" : "pen up"}, ${Math.round(this.at[0])} % from the left, ${Math.round(this.at[1])} % from the top`);
  }

  /** @param {boolean} down */
  setDown(down) {
    this.down = down;
    if (down) this.strokes.push([]);
    if (down) this.add(this.at);
    this.draw();
    this.say(down ? "pen down" : "pen up");
  }

  lift() {
    if (this.down) this.setDown(false);
  }

  undo() {
    this.lift();
    this.strokes.pop();
    this.changed();
    this.say("last stroke taken away");
  }

  clear() {
    this.lift();
    this.strokes = [];
    this.changed();
    this.say("empty");
  }

  changed() {
    this.draw();
    if (this.strokes.length && this.strokes.every((stroke) => stroke.length < 2)) return; // a dot is no line yet
    this.told = JSON.stringify(this.strokes);
    // a copy: what was sent must not grow with the next point
    this.onChange(this.strokes.map((stroke) => [...stroke]));
  }

  /** @param {Strokes} strokes */
  lay(strokes) {
    const wish = JSON.stringify(strokes);
    if (wish === this.told) return; // since then a stroke may have been begun here
    this.told = wish;
    this.strokes = strokes.map((stroke) => [...stroke]);
    this.draw();
  }

  draw() {
    const lines = this.strokes.map((stroke) => stroke.map(([x, y]) => `${x * SIDE} ${y * SIDE}`));
    // a point alone is a dot: a line without length has round ends
    this.path.setAttribute("d", lines.map((line) => (line.length ? `M${line[0]}L${line.join("L")}` : "")).join(""));
    this.pen.setAttribute("cx", String(this.at[0]));
    this.pen.setAttribute("cy", String(this.at[1]));
    this.pen.classList.toggle("down", this.down);
  }
}

/**
 * @param {Pad} control
 * @param {string} id
 * @param {(value: Value) => void} onChange
 * @returns {Made}
 */
export function padControl(control, id, onChange) {
  const said = element("span", { role: "status", className: "seqviz-why" });
  const sheet = new Sheet(onChange, (words) => (said.textContent = words));
  const help = element("p", { id: uniqueId("keys") }, control.fixed ?? "By mouse or finger. By keys: arrows move the pen, space sets it down or lifts it, Backspace removes the last stroke.", control.note ? ` ${control.note}` : "");
  const label = element("label", { id: `${id}-label` }, control.label);
  const look = { id, role: control.fixed ? "img" : "application", "aria-labelledby": label.id, "aria-describedby": help.id };
  for (const [name, value] of Object.entries(look)) sheet.svg.setAttribute(name, value);
  const buttons = control.given.map(([name, strokes]) => {
    const button = element("button", { type: "button" }, name);
    button.addEventListener("click", () => onChange(strokes));
    return button;
  });
  if (control.fixed) sheet.svg.classList.add("fixed");
  else {
    sheet.svg.setAttribute("tabindex", "0");
    sheet.svg.setAttribute("data-lm-suppress-shortcuts", "true"); // keys on the sheet move the pen, not the notebook
    sheet.listen();
    for (const [name, act] of /** @type {[string, () => void][]} */ ([["Undo", () => sheet.undo()], ["Clear", () => sheet.clear()]])) {
      const button = element("button", { type: "button" }, name);
      button.addEventListener("click", act);
      buttons.unshift(button);
    }
  }
  return {
    element: element("div", { className: "seqviz-pad" }, label, help, sheet.svg, element("div", {}, ...buttons, said)),
    show: (value) => sheet.lay(/** @type {Strokes} */ (value)),
  };
}
