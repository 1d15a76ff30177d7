// What of a figure we draw, because plotly would do so slowly: curves, maps, bars, the places of words.
/** @import { Patch } from "./patch.js" */
/** @import { PlotElement, PlotlyFigure } from "./types.d.ts" */
import { drawBars, takeBars } from "./bars.js";
import { drawCurve, takeCurves } from "./curves.js";
import { calculateMap, drawMap, takeMaps } from "./maps.js";
import { drawWords, takeWords } from "./words.js";

export class Ours {
  /**
   * @param {PlotlyFigure} figure from which it is taken: plotly gets the rest
   * @param {Patch} patch
   */
  constructor(figure, patch) {
    this.curves = takeCurves(figure, patch);
    this.maps = takeMaps(figure, patch);
    this.bars = takeBars(figure, patch);
    this.words = takeWords(figure, patch);
  }

  /** @param {number} i of a trace */
  has(i) {
    return [this.curves, this.maps, this.bars, this.words].some((taken) => taken.has(i));
  }

  /**
   * Say where the points of a trace are now, as plotly would.
   * @param {PlotElement} element
   * @param {any} trace
   */
  calculate(element, trace) {
    if (this.maps.has(trace.index)) calculateMap(element, trace);
    else calculate(element, trace);
  }

  /**
   * After plotly has drawn the whole figure, for us or for a click on its legend.
   * @param {PlotElement} element
   */
  begin(element) {
    for (const old of element.querySelectorAll(".seqviz-curve, .seqviz-map, .seqviz-bars")) old.remove();
    for (const [i, places] of this.words) {
      for (const trace of [element.data[i], element._fullData[i]]) Object.assign(trace, places);
      calculate(element, element._fullData[i]);
    }
    this.draw(element);
  }

  /**
   * @param {PlotElement} element
   * @param {Iterable<number>} traces those that may have changed
   */
  draw(element, traces = element.data.keys()) {
    for (const i of traces) {
      if (this.curves.has(i)) drawCurve(element, i, this.curves.get(i) ?? null);
      if (this.maps.has(i)) drawMap(element, i, this.maps.get(i) ?? null);
      if (this.bars.has(i)) drawBars(element, i);
      if (this.words.has(i)) drawWords(element, i);
    }
  }
}

/**
 * @param {PlotElement} element
 * @param {any} trace
 */
function calculate(element, trace) {
  const points = trace._module.calc(element, trace);
  points[0].t ??= {};
  points[0].trace = trace;
  element.calcdata[trace.index] = points;
  trace._module.crossTraceCalc?.(element, element._fullLayout._plots[trace.xaxis + trace.yaxis]);
}
