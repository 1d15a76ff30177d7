// Labels in the symbols of another lecture (NOTATIONS, from notation.py): one choice for all figures of the page, kept for the next page.
const OURS = "this course";
const KEPT = "seqviz-notation";
// A symbol with its index, as h_t or h<sub>t</sub>; what stands in “quotes” is text that was read, not a label.
const SYMBOL = /“[^”]*”|(?<![\p{L}\d_])(\p{L})(?:_([\p{L}\d]+(?:[−+]\d+)?)|<sub>([^<]+)<\/sub>)/gu;

let chosenNotation = keptNotation();

function keptNotation() {
  try {
    return localStorage.getItem(KEPT) in NOTATIONS ? localStorage.getItem(KEPT) : OURS;
  } catch {
    return OURS; // a page that may not keep anything
  }
}

function chooseNotation(name) {
  chosenNotation = name;
  try {
    localStorage.setItem(KEPT, name);
  } catch {} // then for this page only
  document.dispatchEvent(new Event("seqviz:notation"));
}

function inNotation(text, name = chosenNotation) {
  const table = NOTATIONS[name];
  if (!table) return text;
  return text.replace(SYMBOL, (found, letter, plain, low) => {
    const theirs = table[`${letter}_${plain ?? low}`] ?? table[letter]?.replace("{}", plain ?? low);
    if (theirs === undefined) return found;
    return low === undefined ? theirs.replaceAll("^", "") : asMarkup(theirs);
  });
}

function asMarkup(symbol) {
  return symbol.replace(/_([\p{L}\d]+)/gu, "<sub>$1</sub>").replace(/\^(⟨[^⟩]*⟩)/g, "<sup>$1</sup>");
}

// Whether any text in it, however deep, is written otherwise elsewhere.
function hasSymbols(value) {
  if (typeof value === "string") return Object.keys(NOTATIONS).some((name) => inNotation(value, name) !== value);
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return false;
  return Object.values(value).some(hasSymbols);
}

function notationControl() {
  const control = { kind: "choice", label: "Symbols as in", options: [OURS, ...Object.keys(NOTATIONS)] };
  return makeControl(control, chooseNotation);
}
