// What a page computes itself: the graphs of networks, run by ONNX Runtime, which is loaded at the first key or stroke.
/** @import { Graph, OnnxRuntime, OnnxSession, OnnxTensor } from "./onnx.d.ts" */
import { element } from "../../../widgets/front_end/page.js";

/** @typedef {number | number[]} Read a token, or a vector */

const RUNTIME = "shared/onnxruntime.js";

/** @type {Promise<OnnxRuntime> | undefined} */
let loading;
export const here = { loaded: false };

function runtime() {
  loading ??= loadRuntime().catch((error) => {
    loading = undefined; // the next key tries again
    throw error;
  });
  return loading;
}

/** @returns {Promise<OnnxRuntime>} */
async function loadRuntime() {
  if (typeof WebAssembly === "undefined") {
    throw new Error("Here nothing can be computed: this browser has no WebAssembly, or it is switched off. Open the notebook to type.");
  }
  await loadScript(RUNTIME);
  const { module, wasm } = globalThis.seqvizOnnxRuntime;
  const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
  try {
    const ort = await import(url);
    ort.env.wasm.numThreads = 1; // threads need a server's headers
    ort.env.wasm.wasmBinary = await unzipped(wasm);
    here.loaded = true;
    return ort;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Load a classic script, which leaves what it holds in a global: from disk no other loads.
 * @param {string} src
 * @returns {Promise<void>}
 */
function loadScript(src) {
  return new Promise((resolve, reject) => {
    const script = element("script", { src });
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => {
      script.remove();
      reject(new Error(`Here nothing can be computed: the file ${src} is not beside this page. Copy the whole folder, or open the notebook to type.`));
    });
    document.head.append(script);
  });
}

/**
 * The decode steps of a page's models, by name.
 * @param {string} src the script that holds their graphs
 */
async function loadDecodeSteps(src) {
  const ort = await runtime();
  await loadScript(src);
  /** @type {Map<string, DecodeStep>} */
  const steps = new Map();
  for (const [name, graph] of Object.entries(globalThis.seqvizGraphs[src])) {
    const session = await ort.InferenceSession.create(await unzipped(graph.graph), { executionProviders: ["wasm"] });
    steps.set(name, new DecodeStep(ort, session, graph));
  }
  return steps;
}

/**
 * What answers in a page for an explorer: its steps are loaded when the first answer needs them.
 * @template {{ graphs: string }} Computed
 */
export class Computer {
  /** @type {Promise<Map<string, DecodeStep>> | undefined} */
  making;

  /** @param {Computed} computed */
  constructor(computed) {
    this.computed = computed;
  }

  steps() {
    this.making ??= loadDecodeSteps(this.computed.graphs).catch((error) => {
      this.making = undefined; // the next key or stroke tries again
      throw error;
    });
    return this.making;
  }
}

/**
 * @param {string} base64 of gzipped bytes
 */
async function unzipped(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i); // Uint8Array.from takes ten times as long
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** A step: reads tokens one by one and says what may come next, or vectors. Tokens that it read before, it does not read again. */
export class DecodeStep {
  /** @type {Read[]} */
  tokens = [];
  /** After each of them, the probabilities. @type {ArrayLike<number>[]} */
  said = [];
  /** Before each of the tokens, and after the last. @type {OnnxTensor[][]} */
  states = [];

  /**
   * @param {OnnxRuntime} ort
   * @param {OnnxSession} session
   * @param {Graph} graph
   */
  constructor(ort, session, { state }) {
    this.ort = ort;
    this.session = session;
    this.type = state[0].type; // of vectors too
    this.states = [state.map(({ type, shape, values }) => new ort.Tensor(type, typed(type, values), shape))];
  }

  /**
   * For every token or vector, the probabilities after it.
   * @param {Read[]} tokens
   */
  async read(tokens) {
    let known = 0;
    while (known < tokens.length && tokens[known] === this.tokens[known]) known += 1;
    this.tokens.length = this.said.length = known;
    this.states.length = known + 1;
    for (const token of tokens.slice(known)) {
      const [probabilities, state] = await this.step(token, this.states[this.tokens.length]);
      this.tokens.push(token);
      this.said.push(probabilities);
      this.states.push(state);
    }
    return [...this.said];
  }

  /**
   * @param {Read} token
   * @param {OnnxTensor[]} state
   * @returns {Promise<[ArrayLike<number>, OnnxTensor[]]>}
   */
  async step(token, state) {
    const { inputNames, outputNames } = this.session;
    const read = typeof token === "number" ? new this.ort.Tensor("int64", typed("int64", [token]), [1]) : new this.ort.Tensor(this.type, typed(this.type, token), [1, token.length]);
    const parts = [read, ...state];
    const outputs = await this.session.run(Object.fromEntries(inputNames.map((name, i) => [name, parts[i]])));
    const [probabilities, ...after] = outputNames.map((name) => outputs[name]);
    return [/** @type {ArrayLike<number>} */ (probabilities.data), after];
  }
}

/**
 * @param {string} type
 * @param {number[]} values
 */
function typed(type, values) {
  if (type === "int64") return BigInt64Array.from(values, BigInt);
  return type === "float64" ? Float64Array.from(values) : Float32Array.from(values);
}
