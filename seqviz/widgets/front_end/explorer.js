// Controls, views and a sentence, and what happens between a hand and the kernel.
const ANSWER_DUE = 4000; // ms without an answer before we say that the kernel is busy or gone

class Explorer {
  constructor(model, el) {
    this.model = model;
    this.values = { ...model.get("values") };
    this.asked = JSON.stringify(this.values);
    this.preview = null;
    this.controls = model.get("controls").map((control) => ({ ...control, ...makeControl(control, (v) => this.set(control.name, v)) }));
    this.swept = this.controls.at(-1)?.name;
    this.sentence = element("p", { className: "seqviz-sentence", "aria-live": "polite" });
    this.alert = element("p", { className: "seqviz-alert", role: "alert" });
    this.root = element("section", { className: "seqviz" });
    this.build();
    el.append(this.root);
    this.paint = oneAtATime(() => this.draw());
    this.listen();
    this.receive();
  }

  build() {
    const handlers = {
      preview: (i) => this.look(i),
      select: (i) => this.set(this.swept, this.clamp(i)),
      selected: () => this.selected, // which may not be drawn yet
      drag: (name, value) => this.drag(this.controls.find((control) => control.name === name), value),
    };
    const content = this.model.get("content");
    const parts = this.controls.length ? [element("div", { className: "seqviz-controls" }, ...this.controls.map((c) => c.element))] : [];
    if (parts.length && [content, this.model.get("figure"), this.model.get("controls")].some(hasSymbols)) {
      this.notation = notationControl();
      parts[0].append(this.notation.element);
    }
    if (content.strip) parts.push((this.strip = new Strip(content.strip.label, handlers)).element);
    if (content.scene) parts.push((this.scene = new Scene(this, handlers)).element);
    else parts.push((this.figure = new Figure(handlers)).element);
    this.root.append(...parts, this.sentence, this.alert);
  }

  listen() {
    this.onContent = () => this.receive();
    this.model.on("change:content", this.onContent);
    this.onNotation = () => this.take(true);
    document.addEventListener("seqviz:notation", this.onNotation);
  }

  receive() {
    clearTimeout(this.due);
    this.waiting = false;
    this.alert.textContent = this.model.get("content").error ?? "";
    this.take();
    if (this.changed) this.ask();
  }

  // Read what is to be drawn, and draw it.
  take(labelsToo = !this.content) {
    this.content = decode(this.model.get("content")); // beside an error stands the last that could be drawn
    const base = this.model.get("figure");
    if (labelsToo || base !== this.encodedBase) [this.encodedBase, this.base] = [base, decode(base)];
    if (labelsToo) this.label();
    this.paint(true);
  }

  // What was written once, when the explorer was built.
  label() {
    this.root.setAttribute("aria-label", inNotation(this.model.get("title")));
    const elements = this.controls.map((control) => control.element);
    for (const text of elements.flatMap((one) => [...one.querySelectorAll("label, option")])) {
      text.textContent = inNotation((text.ours ??= text.textContent));
    }
    this.notation?.show(chosenNotation);
  }

  set(name, value) {
    this.values[name] = value;
    this.preview = null;
    const control = this.controls.find((c) => c.name === name);
    if (control.browser) this.paint();
    else this.ask();
    this.showControls();
  }

  // Ask the kernel for what the controls say now; while it computes, only the last wish is kept.
  ask() {
    this.changed = this.waiting;
    const wish = JSON.stringify(this.values);
    // what was asked last has its answer: asked again, no message would leave, and none would come back
    if (this.waiting || wish === this.asked) return;
    this.asked = wish;
    this.waiting = true;
    this.due = setTimeout(() => {
      this.alert.textContent = "The kernel has not answered yet: it is busy, or it was stopped. Run the notebook's cells again to move this.";
    }, ANSWER_DUE);
    this.model.set("values", { ...this.values });
    this.model.save_changes();
  }

  look(i) {
    const preview = i === null ? null : this.clamp(i);
    if (preview === this.preview) return;
    this.preview = preview;
    this.paint();
  }

  // What a drag points at, as the slider would have it.
  drag({ name, minimum, maximum, step }, value) {
    const most = name === this.swept ? this.content.selections - 1 : maximum;
    const stepped = minimum + Math.round((value - minimum) / step) * step;
    const wish = Math.min(Math.max(stepped, minimum), most);
    if (wish !== this.values[name]) this.set(name, wish);
  }

  clamp(i) {
    return Math.min(Math.max(i, 0), this.content.selections - 1);
  }

  get selected() {
    return this.swept ? this.clamp(this.preview ?? this.values[this.swept]) : 0;
  }

  showControls() {
    for (const control of this.controls) {
      const maximum = control.name === this.swept ? this.content.selections - 1 : control.maximum;
      control.show(this.values[control.name], maximum);
    }
  }

  async draw() {
    if (!this.content || this.disposed) return;
    const { content, selected } = this;
    const sentence = content.sentences[selected];
    this.showControls();
    if (this.sentence.textContent !== sentence) this.sentence.textContent = sentence;
    if (this.strip) this.strip.draw(content.strip, selected);
    if (this.scene) this.scene.draw(content.scene, selected);
    const patch = Object.fromEntries(Object.entries(content.patches ?? {}).map(([path, values]) => [path, values[selected]]));
    if (this.figure) await this.figure.draw(this.base, patch, sentence, content);
    this.root.dataset.selected = selected;
    this.root.dataset.serial = content.serial ?? 0;
    this.root.dispatchEvent(new CustomEvent("seqviz:painted", { bubbles: true }));
  }

  dispose() {
    this.disposed = true;
    clearTimeout(this.due);
    this.model.off("change:content", this.onContent);
    document.removeEventListener("seqviz:notation", this.onNotation);
    this.figure?.dispose();
    this.scene?.dispose();
    this.root.replaceChildren(); // JupyterLab may hold on to the view of an earlier run: let it hold an empty one
    this.content = this.base = null;
  }
}
