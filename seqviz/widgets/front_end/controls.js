// Native elements for the controls that Python describes.
/** @import { Choice, Control, Made, Range, TextBox, Value } from "./types.d.ts" */
import { keypadControl } from "./keypad.js";
import { padControl } from "./pad.js";
import { element, uniqueId } from "./page.js";

/**
 * @param {Control} control
 * @param {(value: Value) => void} onChange
 */
export function makeControl(control, onChange) {
  const id = uniqueId("control");
  const made = makeElement(control, id, onChange);
  // the label of a pad and of a keypad is a line above it, where its keys are told
  if (control.kind !== "pad" && control.kind !== "keypad") made.element.prepend(element("label", { htmlFor: id }, control.label));
  return made;
}

/**
 * @param {Control} control
 * @param {string} id
 * @param {(value: Value) => void} onChange
 */
function makeElement(control, id, onChange) {
  switch (control.kind) {
    case "range":
      return rangeControl(control, id, onChange);
    case "choice":
      return choiceControl(control, id, onChange);
    case "text":
      return textControl(control, id, onChange);
    case "pad":
      return padControl(control, id, onChange);
    case "keypad":
      return keypadControl(control, id, onChange);
  }
}

/**
 * A recorded slider moves from one recorded value to the next: it counts them.
 * @param {Range} control
 * @param {string} id
 * @param {(value: number) => void} onChange
 * @returns {Made}
 */
function rangeControl(control, id, onChange) {
  const { minimum, maximum, step, offset, shown: names, values } = control;
  const input = element("input", { id, type: "range", ...(values ? { min: 0, max: values.length - 1, step: 1 } : { min: minimum, max: maximum, step }) });
  const value = () => (values ? values[Number(input.value)] : Number(input.value));
  const digits = (String(step).split(".")[1] ?? "").length;
  // not a live region: the slider says its value itself
  const output = element("output", { htmlFor: id, "aria-live": "off" });
  output.style.width = `${Math.max(3, ...names.map((name) => 0.62 * name.length + 0.5))}em`;
  const said = () => names[Math.round((value() - minimum) / step)] ?? (value() + offset).toFixed(digits).replace("-", "−");
  input.addEventListener("input", () => onChange(value()));
  return {
    element: element("div", { className: "seqviz-control" }, input, output),
    show(shown, most = maximum) {
      if (!values && input.max !== String(most)) input.max = String(most);
      setValue(input, String(values ? nearest(values, Number(shown)) : shown));
      const words = said();
      if (output.textContent === words) return; // written again, it would be laid out again
      output.textContent = words;
      input.setAttribute("aria-valuetext", words);
    },
  };
}

/**
 * Set what is not so yet: at each value that is set, browsers look through all fields of the page for one to fill in.
 * @param {HTMLInputElement | HTMLSelectElement} field
 * @param {string} value
 */
function setValue(field, value) {
  if (field.value !== value) field.value = value;
}

/**
 * Whether two values of a control are one; a slider's may differ by what rounding leaves.
 * @param {Control} control
 * @param {Value} one
 * @param {Value} other
 */
export function sameValue(control, one, other) {
  return control.kind === "range" ? Math.abs(Number(one) - Number(other)) < control.step / 2 : one === other;
}

/**
 * The place of the value that lies nearest.
 * @param {number[]} values
 * @param {number} value
 */
export function nearest(values, value) {
  return values.reduce((best, one, i) => (Math.abs(one - value) < Math.abs(values[best] - value) ? i : best), 0);
}

/**
 * @param {Choice} control
 * @param {string} id
 * @param {(value: string) => void} onChange
 * @returns {Made}
 */
function choiceControl(control, id, onChange) {
  const options = control.options.map((option) => element("option", { value: option }, option));
  const select = element("select", { id }, ...options);
  select.addEventListener("change", () => onChange(select.value));
  const why = element("span", { id: `${id}-why`, className: "seqviz-why" }, control.fixed ?? "");
  select.disabled = control.fixed !== undefined;
  if (why.textContent) select.setAttribute("aria-describedby", why.id);
  return { element: element("div", { className: "seqviz-control" }, select, why), show: (value) => setValue(select, String(value)) };
}

/**
 * Which characters of a typed text cannot be read, in words and marked in the text; nothing where all can.
 * @param {Control} control
 * @param {Value} value
 */
export function unread(control, value) {
  if (control.kind !== "text" || !control.readable) return undefined;
  const signs = [...String(value)];
  const strange = new Set(signs.filter((sign) => !control.readable.includes(sign)));
  if (!strange.size) return undefined;
  const names = [...strange].map((sign) => `“${sign}”`).join(", ");
  return [`${names} cannot be read: `, ...signs.map((sign) => (strange.has(sign) ? element("mark", {}, sign) : sign))];
}

/**
 * @param {TextBox} control
 * @param {string} id
 * @param {(value: string) => void} onChange
 * @returns {Made}
 */
function textControl(control, id, onChange) {
  const input = element("input", { id, type: "text", maxLength: control.maximum, spellcheck: false, autocomplete: "off" });
  input.addEventListener("input", () => onChange(input.value));
  const why = element("span", { id: `${id}-why`, className: "seqviz-why" }, control.fixed ?? control.note ?? "");
  input.readOnly = control.fixed !== undefined;
  if (why.textContent) input.setAttribute("aria-describedby", why.id);
  return {
    element: element("div", { className: "seqviz-control seqviz-wide" }, input, why),
    show: (value) => setValue(input, String(value)),
  };
}
