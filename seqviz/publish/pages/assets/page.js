// What a page itself does: recordings play, what is wider than a phone can be scrolled by keyboard, and all is printed.
import { play } from "./recorded.js";

const wide = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (!(target instanceof HTMLElement)) continue;
    if (target.scrollWidth > target.clientWidth && !target.querySelector("input, button, a")) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const box of document.querySelectorAll(".scroll")) wide.observe(box);
const makeRest = play(globalThis.Plotly, (made) => wide.observe(made));

const PAPER = 640; // px inside the margins of A4 and of Letter, and a little less
addEventListener("beforeprint", () => {
  makeRest();
  for (const box of document.querySelectorAll(".seqviz-figure, .seqviz-scene, .scroll")) {
    if (box instanceof HTMLElement) box.style.setProperty("--printed", String(Math.min(1, PAPER / neededWidth(box))));
  }
});

/**
 * How wide something is: a figure all of its box, an equation or a table from its first sign to its last.
 * @param {HTMLElement} box
 */
function neededWidth(box) {
  const signs = [...box.querySelectorAll("mi, mo, mn, mtext, td, th")].map((sign) => sign.getBoundingClientRect());
  return signs.length ? Math.max(...signs.map((one) => one.right)) - Math.min(...signs.map((one) => one.left)) : box.clientWidth;
}
