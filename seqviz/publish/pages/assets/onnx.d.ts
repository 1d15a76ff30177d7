// What widgets/computed.py and the explorers write for a page that computes, and what we use of ONNX Runtime Web.
import type { Content, PlotlyFigure } from "../../../widgets/front_end/types.d.ts";

export interface Graph {
  /** A ModelProto, gzipped, in base64. */
  graph: string;
  /** The state before anything was read. */
  state: { type: string; shape: number[]; values: number[] }[];
}

/** What the language-model explorer `sentence` needs to answer to any text. */
export interface ComputedSentence {
  kind: "sentence";
  /** Every token, as it is typed, as it is shown and as it is read aloud. */
  tokens: string[];
  visible: string[];
  spoken: string[];
  /** What has been read when a text begins, as tokens' places. */
  before: number[];
  mostBits: number;
  /** The script with the graphs of the models, and how large it and the runtime are: set where the page is written. */
  graphs: string;
  bytes: number;
}

/** What the explorer `digit` needs to read any drawing. */
export interface ComputedDigit {
  kind: "digit";
  /** Of a picture, in pixels; of the pen's step, in heights of the digit; how strongly a row is drawn that was not read. */
  size: number;
  spacing: number;
  unread: number;
  graphs: string;
  bytes: number;
}

export interface Answer {
  figure: PlotlyFigure;
  content: Content;
}

export interface OnnxTensor {
  data: ArrayLike<number> | BigInt64Array;
}

export interface OnnxSession {
  inputNames: string[];
  outputNames: string[];
  run(inputs: Record<string, OnnxTensor>): Promise<Record<string, OnnxTensor>>;
}

export interface OnnxRuntime {
  env: { wasm: { numThreads: number; wasmBinary: ArrayBuffer } };
  Tensor: new (type: string, data: ArrayLike<number> | BigInt64Array, shape: number[]) => OnnxTensor;
  InferenceSession: { create(model: ArrayBuffer, options: object): Promise<OnnxSession> };
}

declare global {
  var seqvizOnnxRuntime: { module: string; wasm: string };
  /** By script, the graphs of its models by name. */
  var seqvizGraphs: Record<string, Record<string, Graph>>;
}
