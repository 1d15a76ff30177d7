// What of a figure we draw, because plotly would do so slowly: curves, maps, the places of words.
/** @import { Patch } from "./patch.js" */
/** @import { PlotElement, PlotlyFigure } from "./types.d.ts" */
import { drawCurves, takeCurves } from "./curves.js";
import { calculateMap, drawMaps, takeMaps } from "./maps.js";
import { drawWords, takeWords } from "./words.js";

export class Ours {
  /**
   * @param {PlotlyFigure} figure from which it is taken: plotly gets the rest
   * @param {Patch} patch
   */
  constructor(figure, patch) {
    this.curves = takeCurves(figure, patch);
    this.maps = takeMaps(figure, patch);
    this.words = takeWords(figure, patch);
  }

  /** @param {number} i of a trace */
  has(i) {
    return this.curves.has(i) || this.maps.has(i) || this.words.has(i);
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
    for (const old of element.querySelectorAll(".seqviz-curve, .seqviz-map")) old.remove();
    for (const [i, places] of this.words) {
      for (const trace of [element.data[i], element._fullData[i]]) Object.assign(trace, places);
      calculate(element, element._fullData[i]);
    }
    this.draw(element);
  }

  /** @param {PlotElement} element */
  draw(element) {
    drawCurves(element, this.curves);
    drawMaps(element, this.maps);
    drawWords(element, this.words.keys());
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
