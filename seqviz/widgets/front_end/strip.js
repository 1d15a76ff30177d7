// A row of tokens, one of them selected, each coloured by its level for that selection.
/** @import { Handlers, StripContent } from "./types.d.ts" */
import { colourLegend, element, markedUp, uniqueId } from "./page.js";

/** @typedef {HTMLButtonElement & { level?: number, colour?: string, selected?: boolean }} Token */

export class Strip {
  /** @type {StripContent | undefined} */
  drawn;
  /** @type {Token[]} */
  buttons = [];

  /**
   * @param {StripContent} strip
   * @param {Handlers} handlers
   */
  constructor({ label, palette }, handlers) {
    this.caption = colourLegend(`${label}: `, palette, ["", ""]);
    this.caption.id = uniqueId("caption");
    this.element = element("div", { className: "seqviz-strip", role: "group", "aria-labelledby": this.caption.id });
    this.handlers = handlers;
    this.element.addEventListener("pointerleave", () => handlers.preview(null));
    this.element.addEventListener("keydown", (event) => this.move(event));
  }

  /** @param {KeyboardEvent} event */
  move(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const to = Math.min(Math.max(this.handlers.selected() + by, 0), this.buttons.length - 1);
    this.handlers.select(to);
    this.buttons[to].focus();
  }

  /** @param {StripContent} strip */
  fill(strip) {
    this.buttons = strip.tokens.map((token, i) => {
      const button = element("button", { type: "button", "aria-label": `step ${i + 1}, ${strip.names[i]}` }, ...markedUp(token));
      button.addEventListener("pointerenter", () => this.handlers.preview(i));
      button.addEventListener("click", () => this.handlers.select(i));
      return button;
    });
    this.element.replaceChildren(...this.buttons);
  }

  /**
   * @param {StripContent} strip
   * @param {number} selected
   */
  draw(strip, selected) {
    if (this.drawn?.tokens.join("\0") !== strip.tokens.join("\0")) this.fill(strip);
    if (this.drawn !== strip) {
      const bar = /** @type {HTMLElement} */ (this.caption.querySelector(".seqviz-bar"));
      bar.hidden = Array.from(strip.levels).every((levels) => Array.from(levels).every(Number.isNaN)); // nothing is coloured
    }
    this.drawn = strip;
    const levels = strip.levels[selected];
    this.buttons.forEach((button, i) => {
      button.level = levels[i];
      const colour = Number.isNaN(button.level) ? "" : strip.palette[Math.round(button.level * (strip.palette.length - 1))];
      if (button.colour !== colour) {
        button.colour = button.style.background = colour;
        button.style.color = colour && (isDark(colour) ? "#fff" : "#000");
      }
      if (button.selected === (i === selected)) return;
      button.selected = i === selected;
      button.setAttribute("aria-pressed", String(i === selected));
      button.tabIndex = i === selected ? 0 : -1; // one stop for the tab key, arrows inside
    });
  }
}

/**
 * Relative luminance (WCAG 2.2), to put black or white on a colour: 0.179 is where both contrast the same.
 * @param {string} hex
 */
function isDark(hex) {
  const channel = (/** @type {number} */ i) => {
    const c = parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2) < 0.179;
}
