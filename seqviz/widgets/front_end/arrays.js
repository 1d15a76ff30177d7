// What Python sent, ready to be drawn: binary arrays, {dtype, shape, bytes} or base64 in a page from disk, as a typed
// array or an array of rows; labels in the notation that the reader chose.
/** @import { EncodedArray } from "./types.d.ts" */
import { inNotation } from "./notation.js";

const ARRAY_TYPES = { float32: Float32Array, int32: Int32Array };

/**
 * @param {any} value
 * @returns {any}
 */
export function decode(value) {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value === "string") return inNotation(value);
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  if (value.dtype in ARRAY_TYPES && ("bytes" in value || "base64" in value)) return decodeArray(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item)]));
}

/**
 * Give a message of our own its bytes back, which came beside it.
 * @param {any} value
 * @param {DataView<ArrayBuffer>[]} buffers
 * @returns {any}
 */
export function withBuffers(value, buffers) {
  if (Array.isArray(value)) return value.map((item) => withBuffers(item, buffers));
  if (value === null || typeof value !== "object") return value;
  if (value.dtype in ARRAY_TYPES && "bytes" in value) return { ...value, bytes: buffers[value.bytes] };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withBuffers(item, buffers)]));
}

/** @param {EncodedArray} array */
function decodeArray({ dtype, shape, bytes, base64 }) {
  if (base64 !== undefined) bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  // a copy, since a view into a message need not be aligned
  const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return rows(new ARRAY_TYPES[dtype](copy), shape);
}

/**
 * @param {Float32Array | Int32Array} flat
 * @param {number[]} shape
 * @returns {unknown}
 */
function rows(flat, [count, ...rest]) {
  if (rest.length === 0) return flat;
  const length = flat.length / Math.max(count, 1);
  return Array.from({ length: count }, (_, i) => rows(flat.subarray(i * length, (i + 1) * length), rest));
}
