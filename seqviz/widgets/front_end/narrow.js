// A figure on a narrow screen: panels that lie side by side are stacked, its legend is a list above it, labels thin out.
/** @import { PlotlyFigure } from "./types.d.ts" */

export const NARROW = 600; // px
const APART = 100; // px between stacked panels: room for the title and the labels of the axis between them
const COLORBAR_AT = 1.02; // plotly's own place, right of the plot
const BAR_BELOW = 64; // px that a colour bar below a table takes
const MARGINS = 112; // px beside a plot, both together
const LONG = 14; // letters of a label that still fit beside the plot
const LETTER = 0.58; // width of a letter, of its size
const SMALLEST = 8; // px that can be read

/** @typedef {[start: number, end: number]} Span */
/** @typedef {{ x: Span, y: Span, xaxis: string, yaxis: string }} Panel */
/** @typedef {{ panels: Panel[], x: Span, y: Span, row: Span }} Block */
/** @typedef {Block & { bottom: number, height: number }} Slot */

/**
 * The figure with its panels below each other, each as high as it was; a figure of one column stays as it is.
 * @param {PlotlyFigure} figure
 */
export function stack({ data, layout }) {
  const { t, b } = layout.margin;
  const inside = layout.height - t - b;
  const blocks = rowsOf(panelsOf(data, layout)).flatMap((row) => blocksOf(row));
  if (blocks.every((block) => block.panels.length && spansAll(block, blocks))) return;
  const { slots, total } = place(blocks, inside);
  ownAxes(data, layout, slots);
  for (const [id, slot, domain] of axesOf(slots)) {
    const isX = id.startsWith("x");
    layout[axisKey(id)] = { ...layout[axisKey(id)], domain: isX ? across(slot, domain) : domain.map((at) => up(slot, at, total)) };
    if (!isX && !layout[axisKey(id)].tickvals) layout[axisKey(id)].showticklabels = true; // it had them from the panel beside it
  }
  for (const mark of [...(layout.annotations ?? []), ...(layout.shapes ?? [])]) moveMark(mark, slots, total);
  for (const trace of data) moveColorbar(trace, slots, total, inside);
  for (const { panels } of slots) for (const panel of panels) anchor(layout, panel);
  delete layout.grid;
  layout.height = total + t + b;
}

/**
 * Say which axis each axis stands at, where a grid said it.
 * @param {Record<string, any>} layout
 * @param {Panel} panel
 */
function anchor(layout, { xaxis, yaxis }) {
  layout[axisKey(xaxis)].anchor ??= yaxis;
  layout[axisKey(yaxis)].anchor ??= xaxis;
}

/** @param {string} name of an entry of a layout, or of what a hand may pick */
export const isAxis = (name) => /^[xy]axis\d*$/.test(name);

/** @param {string} id */
export const axisKey = (id) => id.replace(/^[xy]/, "$&axis");

/**
 * @param {Block} block
 * @param {Block[]} blocks
 */
const spansAll = (block, blocks) => blocks.every((other) => other === block || !overlap(other.row, block.row));

/**
 * @param {Span} one
 * @param {Span} other
 */
const overlap = (one, other) => one[0] < other[1] - 1e-6 && other[0] < one[1] - 1e-6;

/**
 * @param {Record<string, any>[]} data
 * @param {Record<string, any>} layout
 * @returns {Panel[]}
 */
function panelsOf(data, layout) {
  const pairs = new Map(data.map((trace) => [trace.xaxis ?? "x", trace.yaxis ?? "y"]).map((pair) => [pair.join(), pair]));
  return [...pairs.values()].map(([xaxis, yaxis]) => ({ xaxis, yaxis, x: domainOf(layout, xaxis), y: domainOf(layout, yaxis) }));
}

/**
 * Where an axis lies: where it says, or where plotly's grid puts it.
 * @param {Record<string, any>} layout
 * @param {string} id
 * @returns {Span}
 */
function domainOf(layout, id) {
  const given = layout[axisKey(id)]?.domain;
  const { rows = 1, columns = 1, xgap = 0.2, ygap = 0.3 } = layout.grid ?? {};
  if (given || !layout.grid) return given ?? [0, 1];
  const number = Number(id.slice(1) || 1) - 1;
  const [count, gap, cell] = id.startsWith("x") ? [columns, xgap, number % columns] : [rows, ygap, rows - 1 - Math.floor(number / columns)];
  const step = 1 / (count - gap);
  return [step * cell, step * (cell + 1 - gap)];
}

/**
 * Panels in groups: those that overlap along a direction, directly or by others between them, are in one.
 * @param {Panel[]} panels
 * @param {"x" | "y"} along
 */
function groups(panels, along) {
  /** @type {{ span: Span, panels: Panel[] }[]} */
  const found = [];
  for (const panel of [...panels].sort((one, other) => one[along][0] - other[along][0])) {
    const last = found.at(-1);
    if (last && overlap(last.span, panel[along])) {
      last.panels.push(panel);
      last.span = [last.span[0], Math.max(last.span[1], panel[along][1])];
    } else found.push({ span: [...panel[along]], panels: [panel] });
  }
  return found;
}

/** @param {Panel[]} panels */
const rowsOf = (panels) => groups(panels, "y").reverse(); // from the top

/**
 * @param {{ span: Span, panels: Panel[] }} row
 * @returns {Block[]}
 */
function blocksOf(row) {
  return groups(row.panels, "x").map(({ span, panels }) => {
    const y = /** @type {Span} */ ([Math.min(...panels.map((one) => one.y[0])), Math.max(...panels.map((one) => one.y[1]))]);
    return { panels, x: span, y, row: row.span };
  });
}

/**
 * @param {Block[]} blocks
 * @param {number} inside
 * @returns {{ slots: Slot[], total: number }}
 */
function place(blocks, inside) {
  const slots = blocks.map((block) => ({ ...block, bottom: 0, height: (block.y[1] - block.y[0]) * inside }));
  let total = 0;
  for (let i = slots.length - 1; i >= 0; i--) {
    const below = slots[i + 1];
    if (below) total += Math.max(APART, below.row === slots[i].row ? 0 : (slots[i].row[0] - below.row[1]) * inside);
    slots[i].bottom = total;
    total += slots[i].height;
  }
  return { slots, total };
}

/**
 * A panel that shared the axis of a panel beside it gets one of its own: they do not lie side by side any more.
 * @param {Record<string, any>[]} data
 * @param {Record<string, any>} layout
 * @param {Slot[]} slots
 */
function ownAxes(data, layout, slots) {
  const taken = new Map();
  let next = 1 + Math.max(...Object.keys(layout).map((name) => Number(/^[xy]axis(\d+)$/.exec(name)?.[1] ?? 1)));
  for (const slot of slots) {
    for (const panel of slot.panels) {
      const owner = taken.get(panel.yaxis) ?? slot;
      taken.set(panel.yaxis, owner);
      if (owner === slot) continue;
      const id = `y${next}`;
      layout[`yaxis${next}`] = { ...layout[axisKey(panel.yaxis)], anchor: panel.xaxis };
      for (const trace of data) if ((trace.xaxis ?? "x") === panel.xaxis && (trace.yaxis ?? "y") === panel.yaxis) trace.yaxis = id;
      layout[axisKey(panel.xaxis)] = { ...layout[axisKey(panel.xaxis)], anchor: id };
      panel.yaxis = id;
      next += 1;
    }
  }
}

/**
 * @param {Slot[]} slots
 * @returns {[id: string, slot: Slot, domain: Span][]}
 */
function axesOf(slots) {
  return slots.flatMap((slot) => slot.panels.flatMap((panel) => /** @type {[string, Slot, Span][]} */ ([[panel.xaxis, slot, panel.x], [panel.yaxis, slot, panel.y]])));
}

/**
 * @param {Slot} slot
 * @param {Span} domain
 */
const across = ({ x: [left, right] }, domain) => domain.map((at) => (at - left) / (right - left));

/**
 * @param {Slot} slot
 * @param {number} at
 * @param {number} total
 */
const up = ({ y: [low, high], bottom, height }, at, total) => (bottom + ((at - low) / (high - low)) * height) / total;

/**
 * Text and shapes that are placed on the whole figure move with the panel they lie at.
 * @param {Record<string, any>} mark
 * @param {Slot[]} slots
 * @param {number} total
 */
function moveMark(mark, slots, total) {
  if (mark.xref !== "paper" || mark.yref !== "paper") return;
  const [x, y] = [mark.x ?? mark.x0, mark.y ?? mark.y0];
  const slot = nearestSlot(slots, x, y);
  for (const name of ["x", "x0", "x1"]) if (name in mark) mark[name] = across(slot, [mark[name], mark[name]])[0];
  for (const name of ["y", "y0", "y1"]) if (name in mark) mark[name] = up(slot, mark[name], total);
}

/**
 * @param {Slot[]} slots
 * @param {number} x
 * @param {number} y
 */
function nearestSlot(slots, x, y) {
  const away = (/** @type {Span} */ [low, high], /** @type {number} */ at) => Math.max(low - at, at - high, 0);
  const distance = (/** @type {Slot} */ slot) => away(slot.x, x) + away(slot.y, y);
  return slots.reduce((best, slot) => (distance(slot) < distance(best) ? slot : best));
}

/**
 * @param {Record<string, any>} trace
 * @param {Slot[]} slots
 * @param {number} total
 * @param {number} inside
 */
function moveColorbar(trace, slots, total, inside) {
  const slot = slots.find(({ panels }) => panels.some((panel) => panel.xaxis === (trace.xaxis ?? "x") && panel.yaxis === (trace.yaxis ?? "y")));
  for (const holder of [trace, trace.marker]) {
    if (!slot || !holder?.colorbar) continue;
    const { y = 0.5, len = 1 } = holder.colorbar;
    holder.colorbar = { ...holder.colorbar, x: COLORBAR_AT, y: up(slot, y, total), len: (len * inside) / total };
  }
}

/**
 * What the legend says: for each named trace its colour and its line.
 * @param {PlotlyFigure} figure
 * @returns {{ name: string, color: string, line: string }[]}
 */
export function legendOf({ data, layout }) {
  if (!layout.showlegend) return [];
  const color = (/** @type {Record<string, any>} */ trace, /** @type {number} */ i) =>
    [trace.line?.color, trace.marker?.color].find((one) => typeof one === "string") ?? layout.colorway[i % layout.colorway.length];
  const line = (/** @type {Record<string, any>} */ trace) =>
    /lines/.test(trace.mode ?? "") ? ({ dash: "dashed", dot: "dotted" }[/** @type {string} */ (trace.line?.dash)] ?? "solid") : "";
  const entries = data.map((trace, i) => ({ name: trace.name, color: color(trace, i), line: line(trace), shown: trace.showlegend !== false }));
  return entries.filter(({ name, shown }) => name && shown);
}

/**
 * What is known before anything is drawn: long words beside and below the plot go on in a next line, and a colour bar
 * beside a table lies below it.
 * @param {PlotlyFigure} figure
 * @param {number} width
 */
export function wrapWords({ data, layout }, width) {
  layout.margin = { ...layout.margin, l: Math.min(layout.margin.l, MARGINS / 2) }; // it grows as the labels need
  wrapTitle(layout, width);
  for (const [name, axis] of Object.entries(layout).filter(([key]) => isAxis(key))) {
    const text = axis.title?.text;
    if (name.startsWith("x") && text && !text.includes("<br>")) {
      const most = (width - MARGINS) / 8; // a letter of a title is about 8 px wide
      layout[name] = { ...axis, title: { ...axis.title, text: wrapped(text, most) } };
    }
    /** @type {string[]} */
    const labels = axis.ticktext ?? namesAlong(data, name);
    if (name.startsWith("y") && labels.some((one) => one.length > LONG)) {
      const ticktext = labels.map((one) => wrapped(one, LONG));
      layout[name] = { ...axis, tickvals: axis.tickvals ?? labels, ticktext };
      layout.height += roomFor(ticktext, axis.domain ?? [0, 1], layout);
    }
  }
  const [table] = data.filter((trace) => trace.type === "heatmap" && trace.showscale !== false);
  if (!table || layout.xaxis?.side !== "top" || layout.xaxis2) return;
  const text = wrapped(table.colorbar?.title?.text ?? "", LONG); // the bar begins where the table does
  const title = { ...table.colorbar?.title, text, side: "top" };
  table.colorbar = { ...table.colorbar, title, orientation: "h", len: 1, x: 0.5, xanchor: "center", y: 0, yanchor: "top" };
  const below = BAR_BELOW + (text.split("<br>").length - 1) * 1.35 * layout.font.size;
  layout.margin = { ...layout.margin, b: layout.margin.b + below };
  layout.height += below;
}

/**
 * A title that is too long goes on in a next line, and the figure is higher by that.
 * @param {Record<string, any>} layout
 * @param {number} width
 */
function wrapTitle(layout, width) {
  if (!layout.title?.text) return;
  const size = layout.title.font?.size ?? layout.font.size;
  const text = wrapped(layout.title.text, width / (LETTER * size) - 2);
  const more = (text.split("<br>").length - layout.title.text.split("<br>").length) * 1.35 * size;
  layout.title = { ...layout.title, text, pad: more ? { t: 0.8 * size } : {} }; // plotly puts two lines a little higher
  layout.margin = { ...layout.margin, t: layout.margin.t + more };
  layout.height += more;
}

/**
 * How much higher a figure must be for labels of several lines below each other.
 * @param {string[]} ticktext
 * @param {Span} domain
 * @param {Record<string, any>} layout
 */
function roomFor(ticktext, domain, { height, margin, font }) {
  const lines = Math.max(...ticktext.map((text) => text.split("<br>").length));
  const has = ((height - margin.t - margin.b) * (domain[1] - domain[0])) / ticktext.length;
  return Math.max(0, ((lines * 1.35 * font.size + 4 - has) * ticktext.length) / (domain[1] - domain[0]));
}

/**
 * The names that the traces of an axis have along it.
 * @param {Record<string, any>[]} data
 * @param {string} axis
 * @returns {string[]}
 */
function namesAlong(data, axis) {
  const names = data.filter((trace) => axisKey(trace.yaxis ?? "y") === axis).flatMap((trace) => Array.from(trace.y ?? []));
  return names.every((name) => typeof name === "string") ? [...new Set(names)] : [];
}

/**
 * @param {string} text
 * @param {number} most
 */
function wrapped(text, most) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (!last || lettersIn(`${last} ${word}`) <= most) lines[lines.length - 1] = last ? `${last} ${word}` : word;
    else lines.push(word);
  }
  return lines.join("<br>");
}

/** @param {string} text */
const lettersIn = (text) => Math.max(...text.split("<br>").map((line) => line.replace(/<[^>]*>/g, "").length));

/**
 * What is known once it is drawn, when the axes have their length: labels that run together stand upright, or only every
 * so many of them is there, and words inside the plot are smaller.
 * @param {PlotlyFigure} figure
 * @param {Record<string, any>} full what plotly made of its layout
 */
export function loosen({ data, layout }, full) {
  for (const name of Object.keys(full).filter((key) => isAxis(key) && key.startsWith("x"))) {
    const { _length: length, range, type, visible } = full[name];
    const axis = layout[name] ?? {};
    if (!visible || type === "log") continue;
    const size = axis.tickfont?.size ?? layout.font.size;
    const pixels = length / Math.abs(range[1] - range[0]); // for one on the axis; of dates there is nothing to count
    layout[name] = { ...axis, ...looserTicks(axis, pixels, size, Math.floor(length / (type === "date" ? 80 : 50))) };
  }
  for (const trace of data.filter((one) => /text/.test(one.mode ?? ""))) smallerTexts(trace, full);
}

/**
 * @param {Record<string, any>} axis
 * @param {number} pixels
 * @param {number} size
 * @param {number} most
 */
function looserTicks({ ticktext, tickvals, dtick, nticks }, pixels, size, most) {
  if (typeof dtick === "number" && pixels) return { dtick: dtick * Math.ceil((2.2 * size) / (dtick * pixels)) };
  if (!ticktext || !tickvals) return { nticks: Math.max(2, Math.min(nticks ?? most, most)) };
  const texts = Array.from(ticktext, String);
  const longest = Math.max(...texts.map(lettersIn));
  const apart = pixels * Math.abs((tickvals[1] ?? tickvals[0] + 1) - tickvals[0]);
  if ((longest > 1 ? LETTER * longest + 0.5 : 0.9) * size < apart) return {};
  const upright = longest > 1 ? { tickangle: -90 } : {};
  const every = Math.ceil(((longest > 1 ? 1.25 : 0.9) * size) / apart);
  return { ...upright, ticktext: texts.filter((_, i) => i % every === 0), tickvals: Array.from(tickvals).filter((_, i) => i % every === 0) };
}

/**
 * @param {Record<string, any>} trace
 * @param {Record<string, any>} full
 */
function smallerTexts(trace, full) {
  const axis = full[axisKey(trace.xaxis ?? "x")];
  const size = trace.textfont?.size ?? full.font.size;
  if (typeof size !== "number" || !trace.text || typeof trace.x?.[0] !== "number") return;
  const texts = Array.isArray(trace.text) ? trace.text : Array.from(trace.x, () => trace.text);
  const at = Array.from(trace.x, (x) => axis._offset + axis.c2p(x));
  const wide = texts.map((text) => Math.max(lettersIn(String(text)), 0.1) * LETTER * size);
  let share = 1;
  for (const [i, x] of at.entries()) {
    share = Math.min(share, (2 * Math.min(x, full.width - x)) / wide[i]);
    const beside = at.findIndex((other, j) => other > x && trace.y[j] === trace.y[i] && texts[j]);
    if (beside > 0 && texts[i]) share = Math.min(share, (at[beside] - x) / ((wide[i] + wide[beside]) / 2));
  }
  trace.textfont = { ...trace.textfont, size: Math.max(SMALLEST, Math.min(size, Math.floor(size * share))) };
}
