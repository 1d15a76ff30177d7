// Native elements for the controls that Python describes. Each returns {element, show(value, selections)}.
let controlCount = 0;

function makeControl(control, onChange) {
  const id = `seqviz-control-${(controlCount += 1)}`;
  const made = { range: rangeControl, choice: choiceControl, text: textControl }[control.kind](control, id, onChange);
  made.element.prepend(element("label", { htmlFor: id }, control.label));
  return made;
}

// A recorded slider moves from one recorded value to the next: it counts them.
function rangeControl(control, id, onChange) {
  const { minimum, maximum, step, offset, values } = control;
  const input = element("input", { id, type: "range", ...(values ? { min: 0, max: values.length - 1, step: 1 } : { min: minimum, max: maximum, step }) });
  const value = () => (values ? values[input.value] : Number(input.value));
  const digits = (String(step).split(".")[1] ?? "").length;
  const output = element("output", { htmlFor: id });
  input.addEventListener("input", () => onChange(value()));
  return {
    element: element("div", { className: "seqviz-control" }, input, output),
    show(shown, most = maximum) {
      if (!values) input.max = most;
      input.value = values ? nearest(values, shown) : shown;
      output.textContent = (value() + offset).toFixed(digits);
      input.setAttribute("aria-valuetext", output.textContent);
    },
  };
}

function nearest(values, value) {
  return values.reduce((best, one, i) => (Math.abs(one - value) < Math.abs(values[best] - value) ? i : best), 0);
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
  const why = element("span", { id: `${id}-why`, className: "seqviz-why" }, control.fixed ?? "");
  if (control.fixed) {
    input.readOnly = true;
    input.setAttribute("aria-describedby", why.id);
  }
  return {
    element: element("div", { className: "seqviz-control seqviz-wide" }, input, why),
    show: (value) => input.value !== value && (input.value = value),
  };
}
