"""The inside of an LSTM's cell at one step."""

import numpy as np

from seqviz.plots.gated.wiring import Diagram, Node, Part, Wire, factor, said, total, wiring
from seqviz.plots.picture import Picture
from seqviz.plots.theme import visible
from seqviz.traces.gated.records import LSTMCellTrace

# as the reader points at them: what each part computes
PARTS = ("h_t−1, x_t", "f_t", "i_t", "g_t", "c_t = f_t ⊙ c_t−1 + i_t ⊙ g_t", "o_t", "h_t = o_t ⊙ tanh c_t")
_F, _I, _G, _C, _O, _H = range(1, 7)  # the columns
_TOP, _MIDDLE, _BOX, _BUS = 3.0, 2.0, 1.0, 0.0
_COLUMNS = {"f": _F, "i": _I, "g": _G, "o": _O}


def lstm_cell_diagram(trace: LSTMCellTrace, step: int) -> Diagram:
    """Gather the diagram of one step, counted from 0."""
    i, f, g, o = (float(gate) for gate in trace.gates[step])
    c_before, c = (float(cell) for cell in trace.cells[step : step + 2])
    h_before, h = (float(state) for state in trace.states[step : step + 2])
    tanh_c = float(np.tanh(c))
    feeds = {f"feed {gate}": Wire(((column, _BUS), (column, _BOX))) for gate, column in _COLUMNS.items()}
    wires = feeds | {
        "h before": Wire(((-0.7, _BUS), (_O, _BUS)), None, f"h<sub>t−1</sub><br>{said(h_before)}", (-0.45, 0.35)),
        "x": Wire(((0, -0.75), (0, _BUS)), None, "x<sub>t</sub>", (0.25, -0.6)),
        "f": Wire(((_F, _BOX), (_F, _TOP)), f, "f<sub>t</sub>", (_F + 0.3, 1.75)),
        "i": Wire(((_I, _BOX), (_I, _MIDDLE), (_G, _MIDDLE)), i, "i<sub>t</sub>", (_I + 0.3, 1.6)),
        "g": Wire(((_G, _BOX), (_G, _MIDDLE)), g, "g<sub>t</sub>", (_G + 0.32, 1.5)),
        "c before": Wire(((-0.7, _TOP), (_F, _TOP)), c_before, "c<sub>t−1</sub>", (-0.2, 3.38)),
        "kept": Wire(((_F, _TOP), (_C, _TOP)), f * c_before, "f<sub>t</sub> ⊙ c<sub>t−1</sub>", (2.5, 3.38)),
        "written": Wire(
            ((_G, _MIDDLE), (_C, _MIDDLE), (_C, _TOP)), i * g, "i<sub>t</sub> ⊙ g<sub>t</sub>", (_C + 0.45, 2.35)
        ),
        "c": Wire(((_C, _TOP), (_H + 0.7, _TOP)), c, "c<sub>t</sub>", (5, 3.38)),
        "squashed": Wire(((_H, _TOP), (_H, 1.35)), tanh_c, "tanh c<sub>t</sub>", (_H + 0.42, 1.85)),
        "o": Wire(((_O, _BOX), (_O, 1.35), (_H, 1.35)), o, "o<sub>t</sub>", (_O - 0.27, 1.6)),
        "h": Wire(((_H, 1.35), (_H, _BUS), (_H + 0.7, _BUS)), h, "h<sub>t</sub>", (_H + 0.3, 0.4)),
    }
    nodes = {
        "keep": Node((_F, _TOP), "⊙"),
        "write": Node((_G, _MIDDLE), "⊙"),
        "add": Node((_C, _TOP), "+"),
        "show": Node((_H, 1.35), "⊙"),
        "squash": Node((_H, 2.35), "tanh"),
        **{gate: Node((column, _BOX), "tanh" if gate == "g" else "σ") for gate, column in _COLUMNS.items()},
    }
    inside = {gate: total(trace.sums[step, place]) for place, gate in enumerate("ifgo")}
    values = {"i": i, "f": f, "g": g, "o": o}
    parts = (
        Part(
            PARTS[0],
            "All four blocks read x<sub>t</sub> and h<sub>t−1</sub>, of all cells.",
            f"This cell showed {said(h_before)} and holds {said(c_before)}",
            ("h before", "x", "c before"),
        ),
        *(_gate(gate, inside[gate], values[gate]) for gate in "fig"),
        Part(
            PARTS[4],
            "c<sub>t</sub> = f<sub>t</sub> ⊙ c<sub>t−1</sub> + i<sub>t</sub> ⊙ g<sub>t</sub>",
            f"= {f:.2f} · {factor(c_before)} + {i:.2f} · {factor(g)} = {said(c)}",
            ("c before", "kept", "written", "c"),
        ),
        _gate("o", inside["o"], o),
        Part(
            PARTS[6],
            "h<sub>t</sub> = o<sub>t</sub> ⊙ tanh c<sub>t</sub>",
            f"= {o:.2f} · {factor(tanh_c)} = {said(h)}",
            ("squashed", "o", "h"),
        ),
    )
    heading = f"Cell {trace.unit + 1}, step {step + 1}, reads “{visible(trace.tokens[step])}”"
    return Diagram(heading, tuple(wires.items()), tuple(nodes.items()), parts)


def _gate(gate: str, inside: str, value: float) -> Part:
    squash = "tanh" if gate == "g" else "σ"
    symbols = (
        f"{gate}<sub>t</sub> = {squash}(W<sub>x{gate}</sub> x<sub>t</sub> + W<sub>h{gate}</sub> h<sub>t−1</sub>"
        f" + b<sub>{gate}</sub>)"
    )
    return Part(
        f"{gate}_t", symbols, f"= {squash}({inside}) = {said(value)}", ("h before", "x", f"feed {gate}", gate), (gate,)
    )


def lstm_cell(trace: LSTMCellTrace, step: int, part: int = 4) -> Picture:
    """Draw one step (counted from 0) with the numbers on its wires, and the part in the column ``part`` lit up."""
    return wiring(lstm_cell_diagram(trace, step), part)
