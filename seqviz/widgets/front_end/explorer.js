// Controls, views and a sentence, and what happens between a hand and the kernel.
/** @import { AheadMessage, Answer, Content, Handlers, Made, Model, PlotlyFigure, Range, Value } from "./types.d.ts" */
import { decode, withBuffers } from "./arrays.js";
import { makeControl, sameValue, unread } from "./controls.js";
import { Figure } from "./figure.js";
import { chosenNotation, hasSymbols, inNotation, notationControl } from "./notation.js";
import { afterPaint, element, oneAtATime, showWhatWasRun, uniqueId } from "./page.js";
import { Play } from "./play.js";
import { revealed } from "./reveal.js";
import { Scene } from "./scene.js";
import { SoundButton } from "./sound.js";
import { Strip } from "./strip.js";
import { inOneScript, markedUp } from "./symbols.js";

const ANSWER_DUE = 4000; // ms without an answer before we say that the kernel is busy or gone
const PAGE_DUE = 150; // … and before a page says that it loads or computes

export class Explorer {
  /** What is drawn, decoded. @type {Content | null} */
  content = null;
  /** @type {PlotlyFigure | null} */
  base = null;
  /** `base` as it came: another one is another figure. @type {PlotlyFigure | null} */
  encodedBase = null;
  /** What the kernel answered before it was asked. @type {Answer[]} */
  ahead = [];
  /** @type {number | null} */
  preview = null;
  /** @type {Made | undefined} */
  notation;
  /** @type {Strip | undefined} */
  strip;
  /** @type {Scene | undefined} */
  scene;
  /** @type {Figure | undefined} */
  figure;
  /** @type {SoundButton | undefined} */
  sound;
  /** The box that text is typed into. @type {Element | null} */
  box = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  due;
  onContent = () => this.receive();
  /** @type {(message: AheadMessage, buffers: DataView<ArrayBuffer>[]) => void} */
  onAhead = ({ ahead }, buffers) => this.keep(withBuffers(ahead, buffers));
  onNotation = () => this.take(true);
  said = "";
  /** @type {Play[]} */
  plays = [];
  playing = false; // whether ▶ moves a control, not a hand
  waiting = false;
  changed = false;
  disposed = false;

  /**
   * @param {Model} model
   * @param {HTMLElement} el
   */
  constructor(model, el) {
    this.model = model;
    this.values = { ...model.get("values") };
    this.asked = JSON.stringify(this.values);
    this.controls = model.get("controls").map((control) => ({ ...control, ...makeControl(control, (v) => this.set(control.name, v)) }));
    this.swept = this.controls.at(-1)?.name;
    this.sentence = element("p", { className: "seqviz-sentence", "aria-live": "polite" });
    this.alert = element("p", { className: "seqviz-alert", role: "alert", id: uniqueId("alert") });
    this.root = element("div", { className: "seqviz", role: "group" });
    this.build();
    el.append(this.root);
    this.paint = oneAtATime(() => this.draw());
    this.listen();
    this.receive();
  }

  build() {
    /** @type {Handlers} */
    const handlers = {
      preview: (i) => this.look(i),
      select: (i) => this.swept && this.set(this.swept, this.clamp(i)),
      selected: () => this.selected, // which may not be drawn yet
      drag: (name, value) => this.drag(/** @type {Range} */ (this.control(name)), value),
      resize: () => this.paint(),
    };
    const content = this.model.get("content");
    /** @type {HTMLElement[]} */
    const parts = this.controls.length ? [element("div", { className: "seqviz-controls" }, ...this.controls.map((c) => c.element))] : [];
    if (parts.length && [content, this.model.get("figure"), this.model.get("controls")].some(hasSymbols)) {
      this.notation = notationControl();
      parts[0].append(this.notation.element);
    }
    if (content.sound) parts.push((this.sound = new SoundButton()).element);
    if (content.strip) {
      this.strip = new Strip(content.strip, handlers);
      parts.push(this.strip.caption, this.strip.element);
      if (content.strip.written) parts.push(this.strip.written);
    }
    if (content.scene) parts.push((this.scene = new Scene(this, handlers)).element);
    else {
      this.figure = new Figure(handlers);
      parts.push(this.figure.legend, this.figure.element);
    }
    this.root.append(...parts, this.sentence);
    this.placeAlert();
    for (const control of this.controls) if (control.kind === "range" && control.play) this.addPlay(control);
  }

  /** @param {Range & Made} control */
  addPlay(control) {
    const { name, minimum, maximum, step, play, element: place } = control;
    const made = new Play(play, {
      at: () => (name === this.swept ? this.clamp(Number(this.values[name])) : Number(this.values[name])),
      first: minimum,
      last: () => (name === this.swept ? this.last : maximum),
      step,
      go: (value) => this.set(name, value, true),
      playing: (on) => this.hush(on),
    });
    place.append(made.button);
    this.plays.push(made);
  }

  /**
   * While a picture moves by itself, its sentences are not read aloud; the last one is.
   * @param {boolean} on
   */
  hush(on) {
    this.playing = on;
    this.root.dataset.playing = String(on);
    this.sentence.setAttribute("aria-live", on ? "off" : "polite");
  }

  // What cannot be done is said beside what it was typed into or drawn on, or else at the end.
  placeAlert() {
    this.box = this.root.querySelector("input[type=text]:not([readonly])");
    const beside = this.box ?? this.root.querySelector(".seqviz-pad, .seqviz-keypad");
    if (!beside) return this.root.append(this.alert);
    beside.after(this.alert);
    if (!this.box) return;
    const described = [this.alert.id, this.box.getAttribute("aria-describedby")].filter(Boolean);
    this.box.setAttribute("aria-describedby", described.join(" "));
  }

  listen() {
    this.model.on("change:content", this.onContent);
    this.model.on("msg:custom", this.onAhead);
    document.addEventListener("seqviz:notation", this.onNotation);
  }

  receive() {
    clearTimeout(this.due);
    this.waiting = false;
    this.warn(this.model.get("content").error ?? "");
    // an answer to what is asked now takes the place of what was sent ahead
    if (!this.changed || this.asked === JSON.stringify(this.values)) this.keep([]);
    this.take();
    if (this.changed) this.ask();
  }

  /** @param {(Node | string)[]} words */
  warn(...words) {
    if (!this.alert.textContent && !words.some(Boolean)) return; // nothing said anew is styled and laid out anew
    this.alert.replaceChildren(...words);
    this.box?.setAttribute("aria-invalid", String(this.alert.textContent !== ""));
  }

  /** @param {Answer[]} ahead */
  keep(ahead) {
    this.ahead = ahead;
    this.root.dataset.ahead = String(ahead.length);
  }

  // What the kernel has sent ahead for the controls as they are now.
  get early() {
    const { values } = this;
    const asked = this.controls.filter((control) => !control.browser);
    return this.ahead.find((answer) => asked.every((control) => sameValue(control, answer.values[control.name], values[control.name])))?.content;
  }

  // Read what is to be drawn, and draw it.
  take(labelsToo = !this.content) {
    const base = this.model.get("figure");
    const another = base !== this.encodedBase;
    if (another) this.keep([]); // of another figure
    const content = this.early ?? this.model.get("content"); // beside an error stands the last that could be drawn
    if (!labelsToo && !another && content.serial === this.content?.serial) return; // it was sent ahead, and is drawn
    this.content = decode(content);
    if (labelsToo || another) [this.encodedBase, this.base] = [base, decode(base)];
    if (labelsToo) this.label();
    this.paint(true);
  }

  // What was written once, when the explorer was built.
  label() {
    this.root.setAttribute("aria-label", inNotation(this.model.get("title")));
    const elements = this.controls.map((control) => control.element);
    for (const text of elements.flatMap((one) => [.../** @type {NodeListOf<HTMLElement>} */ (one.querySelectorAll("label, option"))])) {
      text.dataset.ours ??= text.textContent;
      const label = inNotation(text.dataset.ours);
      if (text instanceof HTMLOptionElement) text.textContent = inOneScript(label);
      else text.replaceChildren(...markedUp(label));
    }
    this.notation?.show(chosenNotation);
  }

  /** @param {string} name */
  control(name) {
    const found = this.controls.find((control) => control.name === name);
    if (!found) throw new Error(`expected the name of a control, got ${name}`);
    return found;
  }

  /**
   * @param {string} name
   * @param {Value} value
   * @param {boolean} played
   */
  set(name, value, played = false) {
    if (!played) for (const play of this.plays) play.stop();
    this.values[name] = value;
    // what is drawn or pressed is followed to its end; how many steps it has, the answer will say
    if (["pad", "keypad"].includes(this.control(name).kind) && this.swept) this.values[this.swept] = Number.MAX_SAFE_INTEGER;
    this.preview = null;
    if (this.control(name).browser) this.paint(true);
    else this.ask();
    this.showControls();
  }

  // Ask the kernel for what the controls say now; while it computes, only the last wish is kept.
  ask() {
    this.changed = this.waiting;
    const strange = this.controls.map((control) => unread(control, this.values[control.name])).find(Boolean);
    this.warn(...(strange ?? [this.model.get("content").error ?? ""]));
    if (strange) return; // the last picture stays
    if (!this.early) return this.send();
    this.take();
    afterPaint(() => this.send()); // what the kernel says to it would only delay what is drawn
  }

  send() {
    if (this.disposed) return;
    const wish = JSON.stringify(this.values);
    // what was asked last has its answer: asked again, no message would leave, and none would come back
    if (this.waiting || wish === this.asked) return;
    this.asked = wish;
    this.waiting = true;
    const { late } = this.model;
    this.due = setTimeout(() => {
      this.alert.textContent = late ?? "The kernel has not answered yet: it is busy, or it was stopped. Run the notebook's cells again to move this.";
    }, late ? PAGE_DUE : ANSWER_DUE);
    this.model.set("values", { ...this.values });
    this.model.save_changes();
  }

  /** @param {number | null} i */
  look(i) {
    const preview = i === null ? null : this.clamp(i);
    if (preview === this.preview) return;
    this.preview = preview;
    this.paint(true);
  }

  /**
   * What a drag points at, as the slider would have it.
   * @param {Range} control
   * @param {number} value
   */
  drag({ name, minimum, maximum, step }, value) {
    const most = name === this.swept ? this.last : maximum;
    const stepped = minimum + Math.round((value - minimum) / step) * step;
    const wish = Math.min(Math.max(stepped, minimum), most);
    if (wish !== this.values[name]) this.set(name, wish);
  }

  /** @param {number} i */
  clamp(i) {
    return Math.min(Math.max(i, 0), this.last);
  }

  get last() {
    return (this.content?.selections ?? 1) - 1;
  }

  get selected() {
    return this.swept ? this.clamp(this.preview ?? Number(this.values[this.swept])) : 0;
  }

  /**
   * The place of a slider's value among its values, from 0.
   * @param {string} name
   */
  counted(name) {
    if (name === this.swept) return this.selected;
    const { minimum, step } = /** @type {Range} */ (this.control(name));
    return Math.round((Number(this.values[name]) - minimum) / step);
  }

  showControls() {
    for (const control of this.controls) {
      control.show(this.values[control.name], control.name === this.swept ? this.last : undefined);
    }
  }

  async draw() {
    if (!this.content || this.disposed) return;
    const { content, selected } = this;
    const sentence = content.sentences[selected];
    this.showControls();
    if (content.sound) this.sound?.take(content.sound);
    if (content.strip) this.strip?.draw(content.strip, selected, (name) => this.counted(name));
    if (content.scene) this.scene?.draw(content.scene, selected, sentence);
    this.say(this.scene?.used ?? sentence);
    const patch = Object.fromEntries(Object.entries(content.patches ?? {}).map(([path, values]) => [path, values[selected]]));
    const { reveal } = content;
    const cut = this.base && reveal ? revealed(patch, this.base, reveal, this.counted(reveal.control) + 1, selected) : patch;
    if (this.base) await this.figure?.draw(this.base, cut, sentence, content);
    if (!this.root.dataset.selected) showWhatWasRun(this.root, this.model.get("controls")); // drawn for the first time
    this.root.dataset.selected = String(selected);
    this.root.dataset.serial = String(content.serial ?? 0);
    this.root.dispatchEvent(new CustomEvent("seqviz:painted", { bubbles: true }));
  }

  /**
   * Show a sentence, once: what is set again is read aloud again.
   * @param {string} sentence
   */
  say(sentence) {
    if (this.said === sentence) return;
    this.said = sentence;
    this.sentence.replaceChildren(...markedUp(sentence));
  }

  dispose() {
    this.disposed = true;
    clearTimeout(this.due);
    for (const play of this.plays) play.stop();
    this.model.off("change:content", this.onContent);
    this.model.off("msg:custom", this.onAhead);
    document.removeEventListener("seqviz:notation", this.onNotation);
    this.figure?.dispose();
    this.scene?.dispose();
    this.sound?.dispose();
    this.root.replaceChildren(); // JupyterLab may hold on to the view of an earlier run: let it hold an empty one
    this.content = this.base = null;
  }
}
