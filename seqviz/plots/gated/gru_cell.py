"""The inside of a GRU's unit at one step."""

from seqviz.plots.gated.wiring import Diagram, Node, Part, Wire, factor, said, total, wiring
from seqviz.plots.picture import Picture
from seqviz.plots.theme import visible
from seqviz.traces.gated.records import GRUCellTrace

# as the reader points at them: what each part computes
PARTS = ("h_t−1, x_t", "r_t", "z_t", "n_t", "h_t = z_t ⊙ h_t−1 + (1 − z_t) ⊙ n_t", "ŷ_t")
_CANDIDATE = {  # of the candidate, by whether the reset acts after the matrix
    False: "W<sub>hn</sub> (r<sub>t</sub> ⊙ h<sub>t−1</sub>) + b<sub>n</sub>",
    True: "r<sub>t</sub> ⊙ (W<sub>hn</sub> h<sub>t−1</sub> + b<sub>hn</sub>) + b<sub>n</sub>",
}
_R, _Z, _N, _H, _Y = range(1, 6)  # the columns
_TOP, _MIDDLE, _SEEN, _BOX, _BUS = 3.0, 2.3, 1.7, 0.9, 0.1
_X_BUS = -0.2


def gru_cell_diagram(trace: GRUCellTrace, step: int) -> Diagram:
    """Gather the diagram of one step, counted from 0."""
    answer = ", ".join(said(one) for one in trace.answers[step])
    heading = f"Unit {trace.unit + 1}, step {step + 1}, reads “{visible(trace.tokens[step])}”"
    if trace.held:
        gate, value = trace.held.split("_t")
        heading += f"; {gate}<sub>t</sub> held at {value[-1]}"
    wires, nodes = _wires(trace, step, answer), _nodes(trace)
    parts = _parts(trace, step, answer)
    return Diagram(heading, tuple(wires.items()), tuple(nodes.items()), parts, _ending(trace, step, answer))


def _wires(trace: GRUCellTrace, step: int, answer: str) -> dict[str, Wire]:
    r, z, n = (float(gate) for gate in trace.gates[step])
    before, h = float(trace.states[step]), float(trace.after[step])
    # before the matrix the reset meets the state, after it what the matrix makes of the state for this unit
    offered, what = (
        (float(trace.unreset[step]), "(W<sub>hn</sub> h)") if trace.reset_after else (before, "h<sub>t−1</sub>")
    )
    crossing = 0.09  # the gap where one wire passes under another
    return {
        "h bus": Wire(((-0.4, _TOP), (-0.4, _BUS), (_Z, _BUS))),
        "x": Wire(((0, -0.85), (0, _X_BUS), (_N, _X_BUS)), None, "x<sub>t</sub>", (0.22, -0.65)),
        "feed r": Wire(((_R, _X_BUS), (_R, _BOX))),
        "feed z": Wire(((_Z, _X_BUS), (_Z, _BOX))),
        "feed n": Wire(((_N, _X_BUS), (_N, _BOX))),
        "h before": Wire(((-0.7, _TOP), (_Z, _TOP)), before, "h<sub>t−1</sub>", (0.2, 3.38)),
        "looked at": Wire(((_R, _TOP), (_R, _SEEN)), offered),
        "r": Wire(((_R, _BOX), (_R, _SEEN)), r, "r<sub>t</sub>", (_R - 0.25, 1.35)),
        "seen": Wire(((_R, _SEEN), (_Z - crossing, _SEEN)), r * offered, "r<sub>t</sub> ⊙ " + what, (1.5, 2.05)),
        "seen on": Wire(((_Z + crossing, _SEEN), (2.55, _SEEN), (2.55, _BOX), (_N, _BOX)), r * offered),
        "z": Wire(((_Z, _BOX), (_Z, _TOP)), z, "z<sub>t</sub>", (_Z + 0.23, 1.3)),
        "rest": Wire(((_Z, _MIDDLE), (_N, _MIDDLE)), 1 - z, "", None),
        "n": Wire(((_N, _BOX), (_N, _MIDDLE)), n, "n<sub>t</sub>", (_N + 0.27, 1.5)),
        "kept": Wire(((_Z, _TOP), (_H, _TOP)), z * before, "z<sub>t</sub> ⊙ h<sub>t−1</sub>", (_N, 3.38)),
        "written": Wire(
            ((_N, _MIDDLE), (_H, _MIDDLE), (_H, _TOP)),
            (1 - z) * n,
            "(1 − z<sub>t</sub>) ⊙ n<sub>t</sub>",
            (_H - 0.1, 1.95),
        ),
        "h": Wire(((_H, _TOP), (_Y + 0.7, _TOP)), h, "h<sub>t</sub>", (_H + 0.5, 3.38)),
        "read": Wire(((_Y, _TOP), (_Y, 0.75)), None, f"ŷ<sub>t</sub><br>{answer.replace(', ', '<br>')}", (_Y, 0.4)),
    }


def _nodes(trace: GRUCellTrace) -> dict[str, Node]:
    held = trace.held[:1]
    nodes = {
        "reset": Node((_R, _SEEN), "⊙"),
        "keep": Node((_Z, _TOP), "⊙"),
        "rest": Node((2.55, _MIDDLE), "1 −"),
        "write": Node((_N, _MIDDLE), "⊙"),
        "add": Node((_H, _TOP), "+"),
        "r": Node((_R, _BOX), "σ", held == "r"),
        "z": Node((_Z, _BOX), "σ", held == "z"),
        "n": Node((_N, _BOX), "tanh"),
        "read": Node((_Y, 1.7), "W<sub>hy</sub>"),
    }
    if trace.reset_after:
        nodes["matrix"] = Node((_R, 2.4), "W<sub>hn</sub>")
    return nodes


def _parts(trace: GRUCellTrace, step: int, answer: str) -> tuple[Part, ...]:
    r, z, n = (float(gate) for gate in trace.gates[step])
    before, h = float(trace.states[step]), float(trace.after[step])
    inside = [total(parts) for parts in trace.sums[step]]
    brought, unreset = float(trace.sums[step, 2, 1]), float(trace.unreset[step])
    return (
        Part(
            PARTS[0],
            "Both gates read x<sub>t</sub> and h<sub>t−1</sub>, of all units.",
            f"This unit holds {said(before)}",
            ("h before", "h bus", "x"),
        ),
        _gate("r", inside[0], r, trace.held),
        _gate("z", inside[1], z, trace.held),
        Part(
            PARTS[3],
            f"n<sub>t</sub> = tanh(W<sub>xn</sub> x<sub>t</sub> + {_CANDIDATE[trace.reset_after]})",
            f"= tanh({inside[2]}) = {said(n)},<br>"
            f"of which the old state brings {said(brought)} (unreset {said(unreset)})",
            ("x", "feed n", "looked at", "r", "seen", "seen on", "n"),
        ),
        Part(
            PARTS[4],
            "h<sub>t</sub> = z<sub>t</sub> ⊙ h<sub>t−1</sub> + (1 − z<sub>t</sub>) ⊙ n<sub>t</sub>",
            f"= {z:.2f} · {factor(before)} + {1 - z:.2f} · {factor(n)} = {said(h)}",
            ("h before", "kept", "rest", "written", "h"),
        ),
        Part(
            PARTS[5],
            "ŷ<sub>t</sub> = W<sub>hy</sub> h<sub>t</sub> + b<sub>y</sub>, from all units",
            f"= {answer}",
            ("h", "read"),
        ),
    )


def _gate(gate: str, inside: str, value: float, held: str) -> Part:
    symbols = (
        f"{gate}<sub>t</sub> = σ(W<sub>x{gate}</sub> x<sub>t</sub> + W<sub>h{gate}</sub> h<sub>t−1</sub>"
        f" + b<sub>{gate}</sub>)"
    )
    numbers = f"= σ({inside}) = {said(value)}"
    if held[:1] == gate:
        numbers = f"would be σ({inside}), and is held at {value:.0f}"
    return Part(f"{gate}_t", symbols, numbers, ("h before", "h bus", "x", f"feed {gate}", gate), (gate,))


def _ending(trace: GRUCellTrace, step: int, answer: str) -> str:
    free = ", ".join(said(one) for one in trace.free_answers[step])
    return f"The answer ŷ_t is {answer}" + (f"; with its own gates it is {free}." if trace.held else ".")


def gru_cell(trace: GRUCellTrace, step: int, part: int = 4) -> Picture:
    """Draw one step (counted from 0) with the numbers on its wires, and the part in the column ``part`` lit up."""
    return wiring(gru_cell_diagram(trace, step), part)
