// Native elements for the controls that Python describes. Each returns {element, show(value, selections)}.
let controlCount = 0;

function makeControl(control, onChange) {
  const id = `seqviz-control-${(controlCount += 1)}`;
  const made = { range: rangeControl, choice: choiceControl, text: textControl }[control.kind](control, id, onChange);
  made.element.prepend(element("label", { htmlFor: id }, control.label));
  return made;
}

function rangeControl(control, id, onChange) {
  const input = element("input", { id, type: "range", min: control.minimum, max: control.maximum, step: control.step });
  const digits = (String(control.step).split(".")[1] ?? "").length;
  const output = element("output", { htmlFor: id });
  input.addEventListener("input", () => onChange(Number(input.value)));
  return {
    element: element("div", { className: "seqviz-control" }, input, output),
    show(value, maximum = control.maximum) {
      input.max = maximum;
      input.value = value;
      output.textContent = (Number(input.value) + control.offset).toFixed(digits);
      input.setAttribute("aria-valuetext", output.textContent);
    },
  };
}

function choiceControl(control, id, onChange) {
  const options = control.options.map((option) => element("option", { value: option }, option));
  const select = element("select", { id }, ...options);
  select.addEventListener("change", () => onChange(select.value));
  return { element: element("div", { className: "seqviz-control" }, select), show: (value) => (select.value = value) };
}

function textControl(control, id, onChange) {
  const input = element("input", { id, type: "text", maxLength: control.maximum, spellcheck: false, autocomplete: "off" });
  input.addEventListener("input", () => onChange(input.value));
  return {
    element: element("div", { className: "seqviz-control seqviz-wide" }, input),
    show: (value) => input.value !== value && (input.value = value),
  };
}
