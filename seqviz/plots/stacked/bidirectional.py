"""A network of both directions at one step of a sequence: what flows where."""

from seqviz.plots.gated.wiring import Diagram, Part, Wire, said, total
from seqviz.plots.picture import Picture
from seqviz.plots.stacked.lattice import Flow, Lattice, State, lattice
from seqviz.plots.theme import visible
from seqviz.traces.stacked.records import BidirectionalTrace

# as the reader points at them: the rows from below
PARTS = (
    "x_t",
    "→h_t = tanh(→W_xh x_t + →W_hh →h_t−1 + →b_h)",
    "←h_t = tanh(←W_xh x_t + ←W_hh ←h_t+1 + ←b_h)",
    "logits_t = W_hy [→h_t; ←h_t] + b_y",
)
ROWS = ("x<sub>t</sub>", "→h<sub>t</sub>", "←h<sub>t</sub>", "ŷ<sub>t</sub>")
_ASIDE = 0.2  # forward states stand to the left of their step and backward states to the right: wires pass between
_ARROWS = "→←"


def bidirectional_lattice(trace: BidirectionalTrace, step: int) -> Lattice:
    """Gather the drawing of one step, counted from 0, among all steps."""
    steps = len(trace.tokens)
    states = [
        State((_place(direction, t), 1 + direction), float(trace.states[direction, t]))
        for direction in (0, 1)
        for t in range(steps)
    ]
    words = [State((t, 0), None, visible(token)) for t, token in enumerate(trace.tokens)]
    answers = [State((t, 3), None, answer) for t, answer in enumerate(trace.answers)]
    heading = f"Unit {trace.unit + 1} of each direction, step {step + 1}, reads “{visible(trace.tokens[step])}”"
    parts = (_reach(trace, step), _state(trace, step, 0), _state(trace, step, 1), _answer(trace, step))
    diagram = Diagram(heading, tuple(_wires(trace).items()), (), parts)
    return Lattice(steps, step, ROWS, (*words, *states, *answers), _flows(trace, step), diagram)


def _place(direction: int, step: int) -> float:
    return step + (_ASIDE if direction else -_ASIDE)


def _wires(trace: BidirectionalTrace) -> dict[str, Wire]:
    """Return the wires by name, such as ``→x 2`` for what direction → reads at step 2, with the numbers on them."""
    wires = {}
    steps = range(len(trace.tokens))
    for direction, arrow in enumerate(_ARROWS):
        for t in steps:
            from_x, from_h, _ = (float(part) for part in trace.sums[direction, t])
            here, row = _place(direction, t), 1 + direction
            wires[f"{arrow}x {t}"] = Wire(((here, 0.25), (here, row)), from_x)
            wires[f"{arrow}y {t}"] = Wire(((here, row), (here, 2.75)), float(trace.scores[t, direction]))
            before = t + (1 if direction else -1)
            if before in steps:
                wires[f"{arrow}h {t}"] = Wire(((_place(direction, before), row), (here, row)), from_h)
    return wires


def _flows(trace: BidirectionalTrace, step: int) -> tuple[Flow, ...]:
    flows = []
    for direction, side in enumerate(("middle left", "middle right")):
        from_x, from_h, _ = (float(part) for part in trace.sums[direction, step])
        here, row, back = _place(direction, step), 1 + direction, (-1, 1)[direction]
        flows.append(Flow(row, (here + 0.06 * back, row - 0.45), from_x, side))
        if 0 <= step + back < len(trace.tokens):
            flows.append(Flow(row, (here + 0.4 * back, row + 0.19), from_h, "top center"))
        flows.append(Flow(3, (here + 0.06 * back, 2.5), float(trace.scores[step, direction]), side))
    return tuple(flows)


def _reach(trace: BidirectionalTrace, step: int) -> Part:
    last = len(trace.tokens) - 1
    wires = [f"→x {step}", f"←x {step}", *(f"→h {t}" for t in range(step + 1, last + 1))]
    wires += [f"←h {t}" for t in range(step)]
    return Part(
        PARTS[0],
        "Both directions read x<sub>t</sub>.",
        f"It reaches {_states('→', step, last)}<br>and {_states('←', step, 0)}",
        tuple(wires),
    )


def _states(arrow: str, first: int, last: int) -> str:
    if first == last:
        return f"{arrow}h<sub>{first + 1}</sub>"
    return f"{arrow}h<sub>{first + 1}</sub> … {arrow}h<sub>{last + 1}</sub>"


def _state(trace: BidirectionalTrace, step: int, direction: int) -> Part:
    arrow, before = _ARROWS[direction], "t+1" if direction else "t−1"
    symbols = (
        f"{arrow}h<sub>t</sub> = tanh({arrow}W<sub>xh</sub> x<sub>t</sub> + {arrow}W<sub>hh</sub> "
        f"{arrow}h<sub>{before}</sub> + {arrow}b<sub>h</sub>)"
    )
    numbers = f"= tanh({total(trace.sums[direction, step])}) = {said(float(trace.states[direction, step]))}"
    at_the_edge = step == (len(trace.tokens) - 1 if direction else 0)
    wires = (f"{arrow}x {step}", *([] if at_the_edge else [f"{arrow}h {step}"]))
    return Part(PARTS[1 + direction], symbols, numbers, wires)


def _answer(trace: BidirectionalTrace, step: int) -> Part:
    symbols = "logits<sub>t</sub> = W<sub>hy</sub> [→h<sub>t</sub>; ←h<sub>t</sub>] + b<sub>y</sub>, from all units"
    score = said(float(trace.scores[step].sum()))
    numbers = (
        f"of {trace.answers[step]}: {total(trace.scores[step])} = {score},<br>"
        f"a probability of {trace.probabilities[step]:.0%}"
    )
    return Part(PARTS[3], symbols, numbers, (f"→y {step}", f"←y {step}"))


def bidirectional(trace: BidirectionalTrace, step: int, part: int = 3) -> Picture:
    """Draw all steps with the numbers on their wires, and one line of the equations, at one step, lit up."""
    return lattice(bidirectional_lattice(trace, step), part)
