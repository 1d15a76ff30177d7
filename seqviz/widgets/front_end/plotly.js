// plotly.js, unpacked once and only when a figure is drawn.
/** @import { Plotly, Runtime } from "./types.d.ts" */

/** @type {Runtime} */
let source;
/** @type {Promise<Plotly> | undefined} */
let plotlyPromise;

/** @param {Runtime} runtime */
export function takePlotlyFrom(runtime) {
  source = runtime;
}

export function plotly() {
  plotlyPromise ??= loadPlotly().catch((error) => {
    plotlyPromise = undefined; // the next figure tries again
    throw error;
  });
  return plotlyPromise;
}

/** @returns {Promise<Plotly>} */
async function loadPlotly() {
  /** @type {DataView<ArrayBuffer> | Plotly} */
  const bundle = source.get("plotly");
  if ("newPlot" in bundle) return bundle; // a page from disk has loaded it already
  const stream = new Blob([bundle]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = await new Response(stream).text();
  // The bundle is a script for `module.exports` or a global; as a module it would find neither.
  const url = URL.createObjectURL(
    new Blob([`const module = { exports: {} };\n${script}\n;export default module.exports;`], { type: "text/javascript" }),
  );
  try {
    return (await import(url)).default;
  } finally {
    URL.revokeObjectURL(url);
  }
}
