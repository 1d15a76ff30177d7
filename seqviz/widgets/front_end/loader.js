// The module of every figure: fetches the shared front end from the kernel's runtime widget, once per page.
const shared = (globalThis.seqvizFrontEnds ??= new Map());

/**
 * @param {any} model
 * @param {string} id
 */
async function load(model, id) {
  const runtime = await model.widget_manager.get_model(id);
  const url = URL.createObjectURL(new Blob([runtime.get("front_end")], { type: "text/javascript" }));
  try {
    const module = await import(url);
    module.use(runtime);
    return module;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** @param {any} model */
function frontEnd(model) {
  const id = model.get("runtime").replace("IPY_MODEL_", "");
  const known = shared.get(id);
  if (known) return known;
  const loading = load(model, id);
  loading.catch(() => shared.delete(id)); // the next figure tries again
  shared.set(id, loading);
  return loading;
}

export default {
  /** @param {{ model: any, el: HTMLElement }} context */
  async render(context) {
    return (await frontEnd(context.model)).render(context);
  },
};
