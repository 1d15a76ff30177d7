// What crosses the wall between kernel and browser (docs/architecture.md), and what we use of plotly.js.

/** Our side of a widget: anywidget's model in a notebook, a recording in a page from disk. */
export interface Model {
  get<Name extends keyof Traits>(name: Name): Traits[Name];
  set<Name extends keyof Traits>(name: Name, value: Traits[Name]): void;
  save_changes(): void;
  on(event: string, listener: (...what: any[]) => void): void;
  off(event: string, listener: (...what: any[]) => void): void;
  /** What to say while an answer is late, if not that of a kernel. */
  readonly late?: string;
}

/** The traits of a figure or a quiz. Arrays in `figure` and `content` arrive encoded; decode() makes them what is said here. */
export interface Traits {
  kind: "explorer" | "quiz";
  title: string;
  figure: PlotlyFigure;
  content: Content;
  controls: Control[];
  values: Values;
  question: string;
  answers: [answer: string, right: boolean, why: string][];
}

/** What all figures of a kernel share: `style`, a text, and `plotly`, compressed or, in a page from disk, loaded already. */
export interface Runtime {
  get(name: "style" | "plotly"): any;
}

/** An array on its way: bytes from a kernel, base64 in a page from disk. */
export interface EncodedArray {
  dtype: "float32" | "int32";
  shape: number[];
  bytes: DataView<ArrayBuffer> | Uint8Array<ArrayBuffer>;
  base64?: string;
}

/** What a kernel answers before it is asked. */
export interface Answer {
  values: Values;
  content: Content;
}

/** Arrays in it have the number of a buffer for their bytes. */
export interface AheadMessage {
  ahead: Answer[];
}

/** What follows the selection, for all selections at once. */
export interface Content {
  serial?: number;
  error?: string;
  selections?: number;
  sentences: string[];
  patches?: Record<string, unknown[]>;
  strip?: StripContent;
  scene?: SceneContent;
  sound?: SoundContent;
  pick?: string;
  first?: number | null;
  drag?: Record<string, string>;
  press?: Record<string, string>;
  /** The uid of a trace of one point → the controls of its place, across and down. */
  grab?: Record<string, [across: string, down: string]>;
  reveal?: Reveal;
}

/** Curves that a control draws up to a point: how many numbers of each belong to a value, and what shows the last. */
export interface Reveal {
  control: string;
  trails: Record<string, number>;
  heads: Record<string, string>;
  /** For each selection, from which value on each cell of a map is shown. */
  cells: Record<string, ArrayLike<ArrayLike<number>>[]>;
}

export interface StripContent {
  label: string;
  tokens: string[];
  names: string[];
  /** For each selection a level for each token, from 0 to 1, or NaN for none. */
  levels: ArrayLike<number>[];
  /** The sequential palette and, where a caption asks for it, the diverging one. */
  palettes: string[][];
  flowing: boolean;
  /** The control whose value says which row of the levels is shown; "" for the selection. */
  by: string;
  captions: { words: string; ends: [low: string, high: string]; diverging: boolean; scale: boolean }[];
  /** For each selection a text that goes on from there, and the control that says how much of it is shown. */
  writes: string[];
  written: string;
  /** The lines it is set in, each with its first token; without, one line of steps. */
  rows: [name: string, first: number][];
  /** The selection that each token stands for; without, its own number. */
  selects: number[];
}

/** What a button plays: sines of amplitude 1 that sound together, in white noise. */
export interface SoundContent {
  /** What is played. */
  words: string;
  seconds: number;
  /** Samples a second. */
  rate: number;
  tones: { start: number; end: number; hertz: number[] }[];
  /** The standard deviation of the noise. */
  noise: number;
}

export interface SceneContent {
  /** What the colours of the states mean: what, and the ends of the palette. */
  legend: [what: string, low: string, high: string];
  nodes: SceneNode[];
  edges: SceneEdge[];
  parameters: { name: string; sentence: string }[];
  /** Of each step, the values of the units; `levels` are the same as places in the palette, from 0 to 1. */
  states: ArrayLike<number>[];
  levels: ArrayLike<number>[];
  palette: string[];
  /** The step from which the network enters the drawing. */
  entry: number;
}

export interface SceneNode {
  id: string;
  label: string;
  kind: "state" | "input" | "output";
  t: number;
  folded: [column: number, row: number];
  unfolded: [column: number, row: number];
  reads?: string;
}

export interface SceneEdge {
  parameter: string;
  tail: string;
  head: string;
  t: number;
  kind: "recurrent" | "up";
}

/** What a pen drew: of every stroke its points, from 0 to 1, y down. */
export type Strokes = [x: number, y: number][][];
export type Value = number | string | Strokes;
export type Values = Record<string, Value>;

interface Described {
  name: string;
  label: string;
  /** Whether it selects among what the browser already has, without the kernel. */
  browser: boolean;
}

export interface Range extends Described {
  kind: "range";
  minimum: number;
  maximum: number;
  step: number;
  offset: number;
  /** What is shown for each value, from the minimum on; else the value itself, plus the offset. */
  shown: string[];
  /** What ▶ beside it is called; "" without. */
  play: string;
  /** The recorded values, in a page from disk. */
  values?: number[];
}

export interface Choice extends Described {
  kind: "choice";
  options: string[];
  /** Why nothing else can be chosen, in a page from disk. */
  fixed?: string;
}

export interface TextBox extends Described {
  kind: "text";
  maximum: number;
  /** The characters that can be read; empty where only the source knows. */
  readable: string;
  /** Why nothing can be typed, or what it takes, in a page from disk. */
  fixed?: string;
  note?: string;
}

export interface Pad extends Described {
  kind: "pad";
  /** Drawings that can be laid on it. */
  given: [name: string, strokes: Strokes][];
  /** Why nothing else can be drawn, in a page from disk. */
  fixed?: string;
  /** What drawing takes, in a page that computes. */
  note?: string;
}

export interface Keypad extends Described {
  kind: "keypad";
  /** Numbers that can be pressed all at once. */
  given: string[];
  maximum: number;
  rows: string[];
  /** Why its keys cannot be pressed, in a page from disk. */
  fixed?: string;
}

export type Control = Range | Choice | TextBox | Pad | Keypad;

/** A native element made for a control. */
export interface Made {
  element: HTMLElement;
  show(value: Value, most?: number): void;
}

/** What a view asks of its explorer when a hand moves. */
export interface Handlers {
  preview(i: number | null): void;
  select(i: number): void;
  selected(): number;
  drag(control: string, value: number): void;
  resize(): void;
}

export interface PlotlyFigure {
  data: Record<string, any>[];
  layout: Record<string, any>;
}

export interface Plotly {
  newPlot: unknown;
  react(element: HTMLElement, data: object[], layout: object, config: object): Promise<unknown>;
  update(element: HTMLElement, data: object, layout: object, traces: number[]): Promise<unknown>;
  purge(element: HTMLElement): void;
}

/** An element that plotly has drawn in, with what it keeps there for itself: any version may change it. */
export interface PlotElement extends HTMLElement {
  data: any[];
  _fullData: any[];
  _fullLayout: any;
  calcdata: any[];
  _context: any;
  on?(event: string, then: () => void): void;
}

declare global {
  var Plotly: Plotly;
  var seqvizFrontEnds: Map<string, Promise<any>>;
}
