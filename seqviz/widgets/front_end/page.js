// What the page around us is like: its elements, its frames, its reader's wish for less motion.
let idCount = 0;

/** @param {string} what */
export const uniqueId = (what) => `seqviz-${what}-${(idCount += 1)}`;

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} attributes
 * @param {(Node | string)[]} children
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in made && !name.startsWith("aria")) Object.assign(made, { [name]: value });
    else made.setAttribute(name, value);
  }
  // Keys on our controls move our controls: JupyterLab looks for this mark on the focused element itself.
  if (["input", "select", "button"].includes(tag)) made.setAttribute("data-lm-suppress-shortcuts", "true");
  made.append(...children);
  return made;
}

export const lessMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Runs `draw` at the next frame, one at a time; asked again meanwhile, it runs once more with the last state.
 * What comes no faster than frames, as a kernel's answers, asks for it at once: then the frame has only to show it.
 * @param {() => Promise<void>} draw
 */
export function oneAtATime(draw) {
  let drawing = false;
  let again = false;
  const run = async () => {
    again = false;
    try {
      await draw();
    } finally {
      if (again) requestAnimationFrame(run);
      else drawing = false;
    }
  };
  return (atOnce = false) => {
    again = true;
    if (drawing) return;
    drawing = true;
    if (atOnce) run();
    else requestAnimationFrame(run);
  };
}
