"""A stack of layers at one step of a sequence: what flows where."""

from seqviz.plots.gated.wiring import Diagram, Part, Wire, said, total
from seqviz.plots.picture import Picture
from seqviz.plots.stacked.lattice import Flow, Lattice, State, lattice
from seqviz.plots.theme import visible
from seqviz.traces.stacked.records import DeepTrace


def deep_parts(layers: int) -> tuple[str, ...]:
    """Return the lines of the equations, the rows from below."""
    return ("x_t", *(_equation(layer, "_{}", "^{}") for layer in range(1, layers + 1)))


def _equation(layer: int, low: str, high: str) -> str:
    """Write a layer's line; the forms say how its symbols carry an index, and how the number of the layer."""

    def symbol(letter: str, index: str, of: int = layer) -> str:
        return letter + low.format(index) + high.format(f"[{of}]")

    below = symbol("h", "t", layer - 1) if layer > 1 else "x" + low.format("t")
    return (
        f"{symbol('h', 't')} = tanh({symbol('W', 'xh')} {below} + {symbol('W', 'hh')} {symbol('h', 't−1')}"
        f" + {symbol('b', 'h')})"
    )


def deep_lattice(trace: DeepTrace, step: int) -> Lattice:
    """Gather the drawing of one step, counted from 0, among all steps."""
    layers, steps = trace.states.shape
    wires = {}
    for layer in range(layers):
        for t in range(steps):
            from_below, from_before, _ = (float(part) for part in trace.sums[layer, t])
            wires[f"up {layer} {t}"] = Wire(((t, layer if layer else 0.25), (t, layer + 1)), from_below)
            if t:
                wires[f"on {layer} {t}"] = Wire(((t - 1, layer + 1), (t, layer + 1)), from_before)
    states = [
        State((t, layer + 1), float(value)) for layer, row in enumerate(trace.states) for t, value in enumerate(row)
    ]
    states += [State((t, 0), None, visible(token)) for t, token in enumerate(trace.tokens)]
    heading = f"Unit {trace.unit + 1} of each layer, step {step + 1}, reads “{visible(trace.tokens[step])}”"
    parts = (_reach(trace, step), *(_layer(trace, step, layer) for layer in range(layers)))
    rows = ("x<sub>t</sub>", *(f"h<sub>t</sub><sup>[{layer}]</sup>" for layer in range(1, layers + 1)))
    diagram = Diagram(heading, tuple(wires.items()), (), parts)
    return Lattice(steps, step, rows, tuple(states), _flows(trace, step), diagram)


def _flows(trace: DeepTrace, step: int) -> tuple[Flow, ...]:
    flows = []
    for layer, (from_below, from_before, _) in enumerate(trace.sums[:, step].tolist()):
        flows.append(Flow(layer + 1, (step + 0.06, layer + 0.55), from_below, "middle right"))
        if step:
            flows.append(Flow(layer + 1, (step - 0.5, layer + 1.19), from_before, "top center"))
    return tuple(flows)


def _reach(trace: DeepTrace, step: int) -> Part:
    layers, steps = trace.states.shape
    wires = [f"up {layer} {step}" for layer in range(layers)]
    wires += [f"on {layer} {t}" for layer in range(layers) for t in range(step + 1, steps)]
    wires += [f"up {layer} {t}" for layer in range(1, layers) for t in range(step + 1, steps)]
    where = f"step {steps}" if step == steps - 1 else f"steps {step + 1} to {steps}"
    return Part("x_t", "Layer 1 alone reads x<sub>t</sub>.", f"It reaches every layer at {where}", tuple(wires))


def _layer(trace: DeepTrace, step: int, layer: int) -> Part:
    numbers = f"= tanh({total(trace.sums[layer, step])}) = {said(float(trace.states[layer, step]))}"
    wires = (f"up {layer} {step}", *([f"on {layer} {step}"] if step else []))
    return Part(
        deep_parts(len(trace.states))[layer + 1], _equation(layer + 1, "<sub>{}</sub>", "<sup>{}</sup>"), numbers, wires
    )


def deep(trace: DeepTrace, step: int, part: int = 2) -> Picture:
    """Draw all steps with the numbers on their wires, and one line of the equations, at one step, lit up."""
    return lattice(deep_lattice(trace, step), part)
