// What a page itself does: recordings play, and what is wider than a phone can be scrolled by keyboard.
import { play } from "./recorded.js";

const wide = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (!(target instanceof HTMLElement)) continue;
    if (target.scrollWidth > target.clientWidth && !target.querySelector("input, button, a")) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const box of document.querySelectorAll(".scroll")) wide.observe(box);
play(globalThis.Plotly, (made) => wide.observe(made));
