// Numbers as plots/wording.py writes them in a sentence: Python's rounding, a minus, powers of ten.

/**
 * With that many digits after the point. Python rounds a tie to the even digit, toFixed away from zero.
 * @param {number} value
 * @param {number} digits
 */
export function fixed(value, digits) {
  const rounded = value.toFixed(digits);
  const exact = value.toFixed(Math.min(digits + 60, 100)); // of a tie, all digits there are
  const tie = /^50*$/.test(exact.slice(exact.indexOf(".") + 1 + digits));
  if (!tie || Number(rounded.at(-1)) % 2 === 0) return rounded.replace("-", "−");
  return (Number(rounded) - Math.sign(value) * 10 ** -digits).toFixed(digits).replace("-", "−");
}

/** @param {number} share */
export const percent = (share) => `${fixed(100 * share, 0)}%`;

/**
 * With that many digits that count, without zeros at the end; very small and large ones as a power of ten.
 * @param {number} value
 * @param {number} digits
 */
export function significant(value, digits) {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  if (power >= -4 && power < digits) return Number(value.toPrecision(digits)).toString().replace("-", "−");
  return `${Number(mantissa)} · 10${raised(power)}`.replace("-", "−");
}

/** @param {number} power */
const raised = (power) => [...String(power)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("");
