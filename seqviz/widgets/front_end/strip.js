// A row of tokens, one of them selected, each coloured by its level for that selection.
/** @import { Handlers, StripContent } from "./types.d.ts" */
import { channels, colourLegend, isDark } from "./colours.js";
import { element, uniqueId } from "./page.js";
import { markedUp } from "./symbols.js";

/** @typedef {HTMLButtonElement & { level?: number, colour?: string, selected?: boolean }} Token */

export class Strip {
  /** @type {StripContent | undefined} */
  drawn;
  /** @type {Token[]} */
  buttons = [];
  /** @type {number[]} */
  selects = [];
  /** @type {string[]} */
  palette = [];
  said = "";

  /**
   * @param {StripContent} strip
   * @param {Handlers} handlers
   */
  constructor(strip, handlers) {
    this.caption = element("p", { className: "seqviz-caption", id: uniqueId("caption") });
    this.element = element("div", { className: `seqviz-strip${strip.flowing ? " flowing" : ""}`, role: "group", "aria-labelledby": this.caption.id });
    this.written = element("p", { className: "seqviz-written" }); // the sentence says it to who cannot see it
    this.handlers = handlers;
    this.element.addEventListener("pointerleave", () => handlers.preview(null));
    this.element.addEventListener("keydown", (event) => this.move(event));
  }

  /** @param {KeyboardEvent} event */
  move(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const to = Math.min(Math.max(this.handlers.selected() + by, 0), Math.max(...this.selects));
    this.handlers.select(to);
    this.buttons[this.selects.lastIndexOf(to)].focus();
  }

  /** @param {StripContent} strip */
  fill(strip) {
    /** @type {Map<number, HTMLElement>} */
    const names = new Map(strip.rows.map(([name, first]) => [first, element("span", { className: "seqviz-row" }, name)]));
    this.buttons = strip.tokens.map((token, i) => {
      const [name, first] = strip.rows.findLast((row) => row[1] <= i) ?? ["step", 0];
      const button = element("button", { type: "button", "aria-label": `${name} ${i - first + 1}, ${strip.names[i]}` }, ...markedUp(token));
      button.addEventListener("pointerenter", () => this.handlers.preview(this.selects[i]));
      button.addEventListener("click", () => this.handlers.select(this.selects[i]));
      return button;
    });
    this.element.replaceChildren(...this.buttons.flatMap((button, i) => [names.get(i), button].filter((one) => one !== undefined)));
    this.element.classList.toggle("words", strip.tokens.some((token) => token.length > 1));
  }

  /**
   * What the colours of a row mean; a row without colours has no scale.
   * @param {StripContent} strip
   * @param {number} row
   */
  explain(strip, row) {
    const { words: template, ends, diverging, scale } = strip.captions[Math.min(row, strip.captions.length - 1)] ?? { words: strip.label, ends: ["", ""], diverging: false, scale: true };
    this.palette = strip.palettes[diverging ? 1 : 0];
    const words = template.replace("{row}", String(row));
    const said = [words, ...ends].join("\0");
    if (said !== this.said) this.caption.replaceChildren(...colourLegend(scale ? `${words}: ` : words, this.palette, ends).childNodes);
    this.said = said;
    const bar = /** @type {HTMLElement} */ (this.caption.querySelector(".seqviz-bar"));
    bar.hidden = !scale || Array.from(strip.captions.length ? [strip.levels[row]] : strip.levels).every((levels) => Array.from(levels).every(Number.isNaN));
  }

  /**
   * @param {StripContent} strip
   * @param {number} selected
   * @param {(control: string) => number} counted
   */
  draw(strip, selected, counted) {
    const made = (/** @type {StripContent | undefined} */ one) => one && JSON.stringify([one.tokens, one.rows]);
    if (this.drawn !== strip && made(this.drawn) !== made(strip)) this.fill(strip);
    const row = Math.min(strip.by ? counted(strip.by) : selected, strip.levels.length - 1); // one row serves all
    if (this.drawn !== strip || strip.by) this.explain(strip, row);
    this.drawn = strip;
    this.selects = strip.selects.length ? strip.selects : [...strip.tokens.keys()];
    if (strip.written) this.write(strip, selected, counted(strip.written));
    const levels = strip.levels[row];
    this.buttons.forEach((button, i) => {
      button.level = levels[i];
      const colour = Number.isNaN(button.level) ? "" : this.palette[Math.round(button.level * (this.palette.length - 1))];
      if (button.colour !== colour) {
        button.colour = button.style.background = colour;
        button.style.color = colour && (isDark(channels(colour)) ? "#fff" : "#000");
      }
      const now = this.selects[i] === selected;
      button.classList.toggle("later", this.selects[i] > selected);
      if (button.selected === now) return;
      button.selected = now;
      button.setAttribute("aria-pressed", String(now));
      button.tabIndex = now && i === this.selects.lastIndexOf(selected) ? 0 : -1; // one stop for the tab key, arrows inside
    });
  }

  /**
   * What was read up to the selected token, and as many letters of what goes on from there.
   * @param {StripContent} strip
   * @param {number} selected
   * @param {number} letters
   */
  write(strip, selected, letters) {
    const text = strip.tokens.slice(0, selected + 1).join("");
    const more = [...strip.writes[selected]].slice(0, letters).join("");
    if (this.written.textContent === text + more) return;
    this.written.replaceChildren(text, element("b", {}, more));
  }
}
