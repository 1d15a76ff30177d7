"""The picture of both directions: its numbers are the record's, and each line of the equations comes out."""

import numpy as np
import pytest

from seqviz.plots.stacked import bidirectional
from seqviz.traces.stacked.records import BidirectionalTrace

STEPS = 4


@pytest.fixture
def trace():
    return BidirectionalTrace(
        tokens=("a", "b", "c", "d"),
        unit=7,
        sums=np.arange(24).reshape(2, STEPS, 3) / 8,
        states=np.arange(8).reshape(2, STEPS) / 8,
        answers=("O", "B", "I", "O"),
        scores=np.arange(12).reshape(STEPS, 3) / 4,
        probabilities=np.array([0.25, 0.5, 0.75, 1.0]),
    )


def test_every_wire_carries_its_number_from_its_beginning(trace):
    wires = dict(bidirectional.bidirectional_lattice(trace, 1).diagram.wires)
    assert len(wires) == 2 * STEPS + 2 * STEPS + 2 * (STEPS - 1)
    for direction, arrow in enumerate("→←"):
        for t in range(STEPS):
            assert wires[f"{arrow}x {t}"].value == trace.sums[direction, t, 0]
            assert wires[f"{arrow}y {t}"].value == trace.scores[t, direction]
    assert wires["→h 2"].value == trace.sums[0, 2, 1]
    assert wires["→h 2"].path == (wires["→x 1"].path[-1], wires["→x 2"].path[-1])
    assert wires["←h 2"].path == (wires["←x 3"].path[-1], wires["←x 2"].path[-1])
    assert {"→h 0", "←h 3"} & wires.keys() == set()


def test_every_line_comes_out_with_its_numbers(trace):
    said = [bidirectional.bidirectional(trace, 1, part).sentence for part in range(4)]
    assert all(sentence.startswith("Unit 8 of each direction, step 2, reads “b”. ") for sentence in said)
    assert said[0].endswith("Both directions read x_t. It reaches →h_2 … →h_4 and ←h_2 … ←h_1.")
    assert said[1].endswith("→h_t = tanh(→W_xh x_t + →W_hh →h_t−1 + →b_h) = tanh(0.38 + 0.50 + 0.62) = 0.12.")
    assert said[2].endswith("←h_t = tanh(←W_xh x_t + ←W_hh ←h_t+1 + ←b_h) = tanh(1.88 + 2.00 + 2.12) = 0.62.")
    assert said[3].endswith("of B: 0.75 + 1.00 + 1.25 = 3.00, a probability of 50%.")


@pytest.mark.parametrize(
    ("step", "part", "lit"),
    [
        (1, 0, {"→x 1", "←x 1", "→h 2", "→h 3", "←h 0"}),
        (3, 0, {"→x 3", "←x 3", "←h 2", "←h 1", "←h 0"}),
        (1, 1, {"→x 1", "→h 1"}),
        (0, 1, {"→x 0"}),
        (1, 2, {"←x 1", "←h 1"}),
        (3, 2, {"←x 3"}),
        (2, 3, {"→y 2", "←y 2"}),
    ],
)
def test_what_a_line_reads_lights_up(trace, step, part, lit):
    assert set(bidirectional.bidirectional_lattice(trace, step).diagram.parts[part].wires) == lit


def test_the_numbers_beside_the_lit_wires_are_theirs(trace):
    flows = bidirectional.bidirectional_lattice(trace, 1).flows
    assert [(flow.part, flow.value) for flow in flows] == [
        (1, 0.375),
        (1, 0.5),
        (3, 0.75),
        (2, 1.875),
        (2, 2.0),
        (3, 1.0),
    ]
    at_the_ends = [bidirectional.bidirectional_lattice(trace, step).flows for step in (0, 3)]
    assert [len(one) for one in at_the_ends] == [5, 5]


def test_words_and_answers_stand_at_their_steps(trace):
    words = [one for one in bidirectional.bidirectional_lattice(trace, 1).states if one.value is None]
    assert [(one.place, one.word) for one in words] == [
        *(((t, 0), token) for t, token in enumerate("abcd")),
        *(((t, 3), tag) for t, tag in enumerate("OBIO")),
    ]
