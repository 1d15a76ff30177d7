// A network that folds and unfolds. Python says where each node is folded and unfolded; we draw the way between.
/** @import { Explorer } from "./explorer.js" */
/** @import { Handlers, SceneContent, SceneEdge, SceneNode } from "./types.d.ts" */
import { colourLegend } from "./colours.js";
import { element, lessMotion, set, svg, uniqueId } from "./page.js";
import { markedUp } from "./symbols.js";

const SCALE = { x: 104, y: 92 }; // pixels for one step, and from a row to the next
const RADIUS = 24;
const FOLD_TIME = 500; // ms from folded to unfolded

/** @typedef {{ node: SceneNode, group: SVGElement, squares: SVGElement[] }} DrawnNode */
/** @typedef {{ edge: SceneEdge, path: SVGElement, label: SVGElement, group: SVGElement }} DrawnEdge */

/**
 * "h_2 = e" with the 2 set low, as in the equation
 * @param {string} text
 */
function subscripted(text) {
  const parts = text.split(/_([a-z0-9]+)/);
  return parts.map((part, i) => {
    if (i % 2) return svg("tspan", { dy: 4, "font-size": "0.72em" }, part);
    return svg("tspan", i ? { dy: -4 } : {}, part);
  });
}

export class Scene {
  /** @type {SceneContent | undefined} */
  filled;
  /** How far what lies there is unfolded. @type {number | null} */
  laid = null;
  /** The weight whose uses are lit now, and the one that stays lit. @type {string | null} */
  lit = null;
  /** @type {string | null} */
  locked = null;
  /** @type {{ x: number, unfolded: number, moving: boolean } | null} */
  drag = null;
  /** @type {Map<string, DrawnNode>} */
  nodes = new Map();
  /** @type {DrawnEdge[]} */
  edges = [];
  /** @type {HTMLButtonElement[]} */
  buttons = [];
  fold = element("button", { type: "button" });
  disposed = false;

  /**
   * @param {Explorer} explorer
   * @param {Handlers} handlers
   */
  constructor(explorer, { select }) {
    this.explorer = explorer;
    this.select = select;
    this.svg = svg("svg", { role: "img", preserveAspectRatio: "xMidYMid meet" });
    this.parameters = element("div", { className: "seqviz-parameters", role: "group", "aria-label": "Show where a weight is used" });
    this.caption = element("p");
    this.element = element("div", { className: "seqviz-scene" }, this.parameters, this.svg, this.caption);
    this.fold.addEventListener("click", () => this.toggle());
    this.dragToFold();
  }

  dragToFold() {
    this.svg.addEventListener("pointerdown", (event) => {
      this.drag = { x: event.clientX, unfolded: this.unfolded, moving: false };
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (!event.buttons) this.drag = null; // let go where we did not hear of it
      if (!this.drag) return;
      const pulled = event.clientX - this.drag.x;
      if (!this.drag.moving && Math.abs(pulled) <= 3) return;
      this.drag.moving = true;
      this.svg.setPointerCapture(event.pointerId); // not before: a captured click would not reach the node under it
      const wish = this.drag.unfolded + pulled / (0.6 * this.svg.clientWidth);
      this.explorer.set("unfolded", Math.min(Math.max(wish, 0), 1));
    });
    for (const name of ["pointerup", "pointercancel"]) this.svg.addEventListener(name, () => (this.drag = null));
  }

  get unfolded() {
    return Number(this.explorer.values.unfolded);
  }

  // Slide to the other end, or be there at once where the reader wants less motion.
  toggle() {
    const from = this.unfolded;
    const to = from > 0.5 ? 0 : 1;
    if (lessMotion()) return this.explorer.set("unfolded", to);
    const start = performance.now();
    const slide = (/** @type {number} */ now) => {
      const part = Math.min((now - start) / FOLD_TIME, 1);
      const eased = part * part * (3 - 2 * part);
      this.explorer.set("unfolded", from + (to - from) * eased);
      if (part < 1 && !this.disposed) requestAnimationFrame(slide);
    };
    requestAnimationFrame(slide);
  }

  /** @param {SceneContent} scene */
  fill(scene) {
    this.filled = scene;
    this.laid = null;
    this.lit = this.locked = scene.parameters.some(({ name }) => name === this.locked) ? this.locked : null;
    this.fillButtons(scene);
    const ids = uniqueId("arrow");
    this.edges = scene.edges.map((edge) => this.makeEdge(edge, ids));
    this.nodes = new Map(scene.nodes.map((node) => [node.id, this.makeNode(node, scene)]));
    const arrow = svg("path", { d: "M0,0 L8,4 L0,8 z", fill: "context-stroke" });
    const marker = svg(
      "marker",
      { id: ids, markerWidth: 8, markerHeight: 8, refX: 7, refY: 4, orient: "auto", markerUnits: "userSpaceOnUse" },
      arrow,
    );
    const xs = scene.nodes.flatMap((node) => [node.folded[0], node.unfolded[0]]);
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    this.svg.setAttribute("viewBox", `${left * SCALE.x - 60} -50 ${(right - left) * SCALE.x + 120} ${2 * SCALE.y + 104}`);
    this.svg.replaceChildren(svg("defs", {}, marker), ...this.edges.map((e) => e.group), ...[...this.nodes.values()].map((n) => n.group));
  }

  /** @param {SceneContent} scene */
  fillButtons({ parameters, legend, palette }) {
    this.buttons = parameters.map(({ name }) => {
      const button = element("button", { type: "button", "aria-pressed": name === this.locked }, ...markedUp(name));
      button.dataset.parameter = name;
      button.addEventListener("click", () => this.lock(this.locked === name ? null : name));
      button.addEventListener("pointerenter", () => this.light(name));
      button.addEventListener("pointerleave", () => this.light(this.locked));
      return button;
    });
    this.caption.replaceWith((this.caption = colourLegend(legend[0], palette, legend.slice(1))));
    this.parameters.replaceChildren(this.fold, "point at a weight:", ...this.buttons);
  }

  /**
   * @param {SceneEdge} edge
   * @param {string} arrow
   */
  makeEdge(edge, arrow) {
    const path = svg("path", { class: "edge", "marker-end": `url(#${arrow})` });
    const label = svg("text", { class: "edge-label" }, ...subscripted(edge.parameter));
    const group = svg("g", {}, path, label);
    path.dataset.parameter = edge.parameter;
    group.addEventListener("pointerenter", () => this.light(edge.parameter));
    group.addEventListener("pointerleave", () => this.light(this.locked));
    return { edge, path, label, group };
  }

  /**
   * @param {SceneNode} node
   * @param {SceneContent} scene
   */
  makeNode(node, scene) {
    const group = svg("g", { "data-node": node.id });
    const label = svg("text", { y: node.kind === "state" && node.t ? -9 : 0 }, ...subscripted(node.label));
    group.append(svg("circle", { class: "node", r: RADIUS }), label);
    if (node.reads) group.append(svg("text", { y: RADIUS + 14 }, `“${node.reads}”`));
    const cells = node.kind === "state" && node.t > 0 ? Array.from(scene.states[node.t - 1]) : [];
    const squares = cells.map((value, unit) => {
      // a path: for a rect that is filled now and was not, a browser puts all layers of the page together anew
      const square = svg("path", { class: "unit", d: `M${12 * (unit - cells.length / 2)},3h11v11h-11z`, "data-value": value });
      square.append(svg("title", {}, `unit ${unit + 1} of ${node.label}: ${value.toFixed(3)}`));
      return square;
    });
    group.append(...squares);
    group.addEventListener("click", () => node.t > 0 && this.select(node.t - 1));
    return { node, group, squares };
  }

  /** @param {string | null} name */
  lock(name) {
    this.locked = name;
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.parameter === name));
    this.light(name);
  }

  /** @param {string | null} name */
  light(name) {
    this.lit = name;
    this.explorer.paint();
  }

  /** @param {SceneNode} node */
  place(node) {
    const u = this.unfolded;
    return [0, 1].map((i) => (node.folded[i] * (1 - u) + node.unfolded[i] * u) * (i ? SCALE.y : SCALE.x));
  }

  /**
   * Straight between steps; the more folded, the more of a loop beside the cell.
   * @param {SceneEdge} edge
   */
  route(edge) {
    const [tail, head] = [edge.tail, edge.head].map((id) => this.place(/** @type {DrawnNode} */ (this.nodes.get(id)).node));
    if (edge.kind !== "recurrent") {
      const down = Math.sign(head[1] - tail[1]);
      return { d: `M${tail[0]},${tail[1] + down * RADIUS} L${head[0]},${head[1] - down * RADIUS}`, at: [(tail[0] + head[0]) / 2 + 22, (tail[1] + head[1]) / 2] };
    }
    const folded = 1 - this.unfolded;
    const [out, back] = [-0.5 * folded, Math.PI * (1 - folded) + 0.5 * folded]; // where on its circle it leaves and arrives
    /**
     * @param {number[]} middle
     * @param {number} angle
     * @param {number} distance
     */
    const rim = ([x, y], angle, distance) => [x + distance * Math.cos(angle), y + distance * Math.sin(angle)];
    const reach = RADIUS + 85 * folded;
    const points = [rim(tail, out, RADIUS), rim(tail, out, reach), rim(head, back, reach), rim(head, back, RADIUS)];
    const [start, ...curve] = points.map((point) => point.join(","));
    // the label goes over the cells, not through them
    const lift = 14 * (1 - folded) + 32 * Math.sin(Math.PI * folded);
    const at = [(tail[0] + head[0]) / 2 + 112 * folded ** 2, tail[1] - lift];
    return { d: `M${start} C${curve.join(" ")}`, at };
  }

  /**
   * @param {SceneContent} scene
   * @param {number} selected
   * @param {string} sentence
   */
  draw(scene, selected, sentence) {
    if (scene !== this.filled) this.fill(scene);
    const now = selected + 1;
    const u = this.unfolded;
    if (this.laid !== u) this.lay(u);
    for (const { node, group, squares } of this.nodes.values()) {
      set(group, "class", node.t === now && node.kind === "state" ? "now" : node.t > now ? "later" : "");
      // folded, the copies lie on each other: only the one of the selected step is drawn
      if (node.t !== now && node.t === scene.entry) group.style.setProperty("--shown", String(u));
      group.style.visibility = u === 0 && node.t !== now ? "hidden" : "";
      squares.forEach((square, unit) => {
        const level = scene.levels[node.t - 1][unit];
        set(square, "fill", node.t > now ? "none" : scene.palette[Math.round(level * (scene.palette.length - 1))]);
      });
    }
    for (const { edge, path, label, group } of this.edges) {
      const lit = edge.parameter === this.lit;
      set(path, "class", lit ? "edge lit" : "edge");
      set(label, "class", lit ? "edge-label lit" : "edge-label");
      group.style.visibility = edge.t !== now && u < 0.15 ? "hidden" : "";
      set(group, "class", edge.t > now ? "later" : "");
    }
    set(this.svg, "aria-label", sentence);
  }

  /**
   * Put everything where it lies, unfolded so far: a step moves nothing, and what is set again is laid out again.
   * @param {number} unfolded
   */
  lay(unfolded) {
    this.laid = unfolded;
    for (const { node, group } of this.nodes.values()) set(group, "transform", `translate(${this.place(node)})`);
    for (const { edge, path, label } of this.edges) {
      const { d, at } = this.route(edge);
      set(path, "d", d);
      set(label, "x", String(at[0]));
      set(label, "y", String(at[1]));
    }
    this.fold.textContent = unfolded > 0.5 ? "Fold" : "Unfold";
  }

  /** What is said of the weight that is lit. */
  get used() {
    return this.filled?.parameters.find(({ name }) => name === this.lit)?.sentence;
  }

  dispose() {
    this.disposed = true;
  }
}
