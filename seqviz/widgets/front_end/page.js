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

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} attributes
 * @param {(Node | string)[]} children
 */
export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * Set an attribute that differs: where the same is set again, a browser styles and lays out again.
 * @param {Element} node
 * @param {string} name
 * @param {string} value
 */
export function set(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** @type {WeakSet<object>} */
const runBefore = new WeakSet();

/**
 * Shift+Enter takes JupyterLab on to the next cell, and what the cell has just shown out of the window: bring it back,
 * once. (JupyterLab makes a new view of the same widget when its cell is scrolled to again.)
 * @param {Element} root
 * @param {object} key what stays the same in all views of a widget
 */
export function showWhatWasRun(root, key) {
  if (runBefore.has(key)) return;
  runBefore.add(key);
  const next = root.closest(".jp-Cell")?.nextElementSibling;
  if (!next?.classList.contains("jp-mod-active")) return;
  // the whole, and if that is higher than the window, its upper end with the controls
  for (const part of [root, root.firstElementChild]) part?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

export const lessMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Do something when what was just drawn has been seen.
 * @param {() => void} then
 */
export const afterPaint = (then) => requestAnimationFrame(() => setTimeout(then));

/**
 * Runs `draw` at the next frame, one at a time; asked again meanwhile, it runs once more with the last state.
 * What comes no faster than frames, as a hand and a kernel's answers, asks for it at once: then the frame has only to
 * show it.
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
