// ▶: a slider that walks by itself, and stops when a hand takes over. Who wishes less motion steps it by key.
import { element, lessMotion } from "./page.js";

const WALK = 6000; // ms from end to end, but no step so short or so long that an eye loses it
const SHORTEST = 90;
const LONGEST = 700;

export class Play {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  timer;

  /**
   * @param {string} label
   * @param {{ at: () => number, first: number, last: () => number, step: number, go: (value: number) => void, playing: (on: boolean) => void }} slider
   */
  constructor(label, slider) {
    this.label = label;
    this.slider = slider;
    this.button = element("button", { type: "button", className: "seqviz-play" });
    this.button.addEventListener("click", () => this.press());
    this.button.addEventListener("keydown", (event) => event.key === "Escape" && this.stop());
    this.show();
  }

  show() {
    const [sign, does] = this.timer ? ["❚❚", "Pause"] : lessMotion() ? ["▶❘", `${this.label}, one step`] : ["▶", this.label];
    this.button.replaceChildren(element("span", { "aria-hidden": "true" }, sign), ` ${does}`);
  }

  press() {
    if (this.timer) return this.stop();
    const { at, first, last, step, go, playing } = this.slider;
    const again = at() >= last();
    if (lessMotion()) {
      go(again ? first : at() + step);
      return this.show();
    }
    if (again) go(first);
    const steps = Math.max(1, (last() - first) / step);
    this.button.style.minWidth = `${this.button.offsetWidth}px`; // a shorter word in it would move all beside it
    this.timer = setInterval(() => this.walk(), Math.min(Math.max(WALK / steps, SHORTEST), LONGEST));
    playing(true);
    this.show();
  }

  walk() {
    const { at, last, step, go } = this.slider;
    if (at() < last()) go(Math.min(at() + step, last()));
    if (at() >= last()) this.stop();
  }

  stop() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.slider.playing(false);
    this.show();
  }
}
