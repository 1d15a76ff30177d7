"""The picture of a stack: its numbers are the record's, and each layer's line comes out."""

import numpy as np
import pytest

from seqviz.plots.stacked import deep
from seqviz.traces.stacked.records import DeepTrace

LAYERS, STEPS = 2, 3


@pytest.fixture
def trace():
    sums, states = np.arange(18).reshape(LAYERS, STEPS, 3) / 8, np.arange(6).reshape(LAYERS, STEPS) / 8
    return DeepTrace(tokens=("a", "b", "c"), unit=4, sums=sums, states=states)


def test_every_wire_carries_its_number_from_layer_to_layer_and_step_to_step(trace):
    drawn = deep.deep_lattice(trace, 1)
    wires = dict(drawn.diagram.wires)
    assert len(wires) == LAYERS * STEPS + LAYERS * (STEPS - 1)
    for layer in range(LAYERS):
        for t in range(STEPS):
            assert wires[f"up {layer} {t}"].value == trace.sums[layer, t, 0]
            if t:
                assert wires[f"on {layer} {t}"].value == trace.sums[layer, t, 1]
    assert wires["up 1 2"].path == ((2, 1), (2, 2))
    assert wires["on 1 2"].path == ((1, 2), (2, 2))
    assert [one.value for one in drawn.states if one.value is not None] == trace.states.ravel().tolist()


def test_every_line_comes_out_with_its_numbers(trace):
    said = [deep.deep(trace, 1, part).sentence for part in range(3)]
    assert all(sentence.startswith("Unit 5 of each layer, step 2, reads “b”. ") for sentence in said)
    assert said[0].endswith("Layer 1 alone reads x_t. It reaches every layer at steps 2 to 3.")
    assert said[1].endswith(f"{deep.deep_parts(2)[1]} = tanh(0.38 + 0.50 + 0.62) = 0.12.")
    assert said[2].endswith(f"{deep.deep_parts(2)[2]} = tanh(1.50 + 1.62 + 1.75) = 0.50.")
    assert deep.deep_parts(2) == (
        "x_t",
        "h_t^[1] = tanh(W_xh^[1] x_t + W_hh^[1] h_t−1^[1] + b_h^[1])",
        "h_t^[2] = tanh(W_xh^[2] h_t^[1] + W_hh^[2] h_t−1^[2] + b_h^[2])",
    )


@pytest.mark.parametrize(
    ("step", "part", "lit"),
    [
        (1, 0, {"up 0 1", "up 1 1", "up 1 2", "on 0 2", "on 1 2"}),
        (2, 0, {"up 0 2", "up 1 2"}),
        (1, 2, {"up 1 1", "on 1 1"}),
        (0, 1, {"up 0 0"}),
    ],
)
def test_what_a_line_reads_lights_up(trace, step, part, lit):
    assert set(deep.deep_lattice(trace, step).diagram.parts[part].wires) == lit


def test_the_numbers_beside_the_lit_wires_are_theirs(trace):
    flows = deep.deep_lattice(trace, 1).flows
    assert [(flow.part, flow.value) for flow in flows] == [(1, 0.375), (1, 0.5), (2, 1.5), (2, 1.625)]
    assert [flow.part for flow in deep.deep_lattice(trace, 0).flows] == [1, 2]
