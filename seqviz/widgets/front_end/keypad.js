// The keys of a telephone: pressed by mouse, by finger, or typed.
/** @import { Keypad, Made, Value } from "./types.d.ts" */
import { element, uniqueId } from "./page.js";

/** What a screen reader says of a key whose sign it may leave out. @type {Record<string, string>} */
const NAMES = { "*": "star", "#": "hash" };

/**
 * @param {Keypad} control
 * @param {string} id
 * @param {(value: Value) => void} onChange
 * @returns {Made}
 */
export function keypadControl(control, id, onChange) {
  let pressed = "";
  const help = element("p", { id: uniqueId("keys") }, control.fixed ?? `Up to ${control.maximum} keys, by mouse or finger. By keyboard: type them, Backspace takes the last one away.`);
  const label = element("span", { id: `${id}-label` }, control.label);
  const said = element("output", { id, "aria-labelledby": label.id });
  const press = (/** @type {string} */ key) => pressed.length < control.maximum && onChange(pressed + key);
  const back = () => pressed && onChange(pressed.slice(0, -1));
  const keys = [...control.rows.join("")];
  const buttons = keys.map((key) => keyButton(key, NAMES[key] ?? key, () => press(key)));
  const others = [keyButton("Back", "", back), keyButton("Clear", "", () => onChange(""))];
  if (control.fixed) for (const button of [...buttons, ...others]) button.disabled = true;
  const sheet = element("div", { className: "seqviz-keys" }, ...buttons);
  sheet.style.setProperty("--columns", String(control.rows[0].length));
  const given = control.given.map((number) => keyButton(number, "", () => onChange(number)));
  const made = element("div", { className: "seqviz-keypad", role: "group", "aria-labelledby": label.id, "aria-describedby": help.id });
  made.append(label, said, help, sheet, element("div", {}, ...others, ...given));
  made.addEventListener("keydown", (event) => {
    if (control.fixed || event.ctrlKey || event.metaKey || event.altKey) return;
    if (keys.includes(event.key)) press(event.key);
    else if (event.key === "Backspace") back();
    else return;
    event.preventDefault();
  });
  return {
    element: made,
    show(value) {
      pressed = String(value);
      if (said.textContent !== pressed) said.textContent = pressed; // what is set again is read aloud again
    },
  };
}

/**
 * @param {string} sign
 * @param {string} name what it is called, if not by its sign
 * @param {() => void} act
 */
function keyButton(sign, name, act) {
  const button = element("button", { type: "button", ...(name && name !== sign ? { "aria-label": name } : {}) }, sign);
  button.addEventListener("click", act);
  return button;
}
