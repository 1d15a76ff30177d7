// Entry: what the loader of a notebook and the player of a page call.
/** @import { Model, Runtime } from "./types.d.ts" */
import { Explorer } from "./explorer.js";
import { element } from "./page.js";
import { takePlotlyFrom } from "./plotly.js";
import { Quiz } from "./quiz.js";

/**
 * Take from the runtime what all figures share.
 * @param {Runtime} runtime
 */
export function use(runtime) {
  takePlotlyFrom(runtime);
  if (document.getElementById("seqviz-style")) return;
  document.head.append(element("style", { id: "seqviz-style" }, runtime.get("style")));
}

/**
 * Draw what the widget's kind says; returns how to take it away again.
 * @param {{ model: Model, el: HTMLElement }} context
 */
export function render({ model, el }) {
  const made = new { explorer: Explorer, quiz: Quiz }[model.get("kind")](model, el);
  return () => made.dispose();
}
