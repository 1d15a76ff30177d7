// One question, its answers as radio buttons, and for each the reason why it is right or wrong.
/** @import { Model } from "./types.d.ts" */
import { element, uniqueId } from "./page.js";
import { stressed } from "./symbols.js";

export class Quiz {
  /**
   * @param {Model} model
   * @param {HTMLElement} el
   */
  constructor(model, el) {
    const name = uniqueId("quiz");
    const feedback = element("p", { className: "seqviz-feedback", "aria-live": "polite" });
    const answers = model.get("answers").map(([answer, right, why], i) => {
      const input = element("input", { type: "radio", name, id: `${name}-${i}` });
      input.addEventListener("change", () => {
        feedback.replaceChildren(`${right ? "✓ Right." : "✗ Not this one."} `, ...stressed(why));
        feedback.dataset.right = String(right);
      });
      return element("div", {}, input, element("label", { htmlFor: input.id }, ...stressed(answer)));
    });
    const legend = element("legend", {}, ...stressed(model.get("question")));
    const root = element("div", { className: "seqviz seqviz-quiz", role: "group", "aria-label": "Quiz" });
    root.append(element("fieldset", {}, legend, ...answers), feedback);
    el.append(root);
  }

  dispose() {}
}
