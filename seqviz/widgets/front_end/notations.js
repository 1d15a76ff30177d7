// How other lectures and libraries write our symbols: what labels can be shown in (docs/notation.md).
//
// In a label a symbol carries its index: h_t, W_hh, or h<sub>t</sub>. A table says what stands for a name or, whatever
// its index, for a letter; {} is where the index goes, _ sets low and ^ high. What a table leaves out is written there
// as here.
/** @type {Record<string, Record<string, string>>} */
export const NOTATIONS = {
  "a⟨t⟩ and Γ (Ng)": {
    x: "x^⟨{}⟩",
    h: "a^⟨{}⟩",
    ŷ: "ŷ^⟨{}⟩",
    y: "y^⟨{}⟩",
    L: "L^⟨{}⟩",
    W_xh: "W_ax",
    W_hh: "W_aa",
    W_hy: "W_ya",
    b_h: "b_a",
    c: "c^⟨{}⟩",
    i: "Γ_u^⟨{}⟩",
    f: "Γ_f^⟨{}⟩",
    g: "c̃^⟨{}⟩",
    o: "Γ_o^⟨{}⟩",
    r: "Γ_r^⟨{}⟩",
    z: "(1 − Γ_u^⟨{}⟩)",
    n: "c̃^⟨{}⟩",
  },
  "C̃ and h̃ (Olah)": { c: "C_{}", g: "C̃_{}", z: "(1 − z_{})", n: "h̃_{}" },
  "U, V, W": { W_xh: "U", W_hh: "W", W_hy: "V", b_h: "b", b_y: "c" },
  "W_ih (torch)": { W_xh: "W_ih", b_h: "(b_ih + b_hh)" },
};
