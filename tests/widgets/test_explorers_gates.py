"""Explorers of gates: what they send is what their traces say."""

import numpy as np
import pytest
import torch

from seqviz.data import PROSE_ALPHABET
from seqviz.models import LSTM
from seqviz.plots import Brush, plot_clamp, plot_gates, plot_regime
from seqviz.plots.gates import levels
from seqviz.traces import trace_clamp, trace_gates, trace_regime
from seqviz.widgets import explore
from seqviz.widgets.explorers.gates import PULSES, START
from tests.widgets.explorers import answer, assert_still, opened
from tests.widgets.wire import size_in_bytes

TEXT = "the value is known"
FLOAT32 = {"rtol": 1e-5, "atol": 1e-6}


@pytest.fixture
def model():
    torch.manual_seed(3)
    model = LSTM(len(PROSE_ALPHABET), 6, len(PROSE_ALPHABET))
    for parameter in model.parameters():
        parameter.data.mul_(3)
    return model


def test_the_threshold_and_the_span_decide_which_cells_are_lit(wire, model):
    explorer = explore.gates(model, PROSE_ALPHABET, TEXT, threshold=0.5, step=3)
    trace = trace_gates(model, PROSE_ALPHABET, TEXT)
    assert_still(explorer, plot_gates(Brush(trace, "erases: 1 − f_t", 0.5, 1), 3))
    assert opened(wire, explorer)["content"]["drag"] == {"yaxis": "threshold"}
    update = answer(wire, explorer, threshold=0.3, width=2, quantity="writes: input gate i_t")
    brush = Brush(trace, "writes: input gate i_t", 0.3, 2)
    np.testing.assert_allclose(
        update["content"]["strip"]["levels"], [levels(brush, t) for t in range(len(TEXT))], **FLOAT32
    )
    assert_still(explorer, plot_gates(brush, 3))


def test_a_held_gate_is_that_of_the_trace(wire, model):
    explorer = explore.clamp(model, PROSE_ALPHABET, TEXT, ("a", "e", " "), unit=2, step=4)
    assert_still(explorer, plot_clamp(trace_clamp(model, PROSE_ALPHABET, TEXT, "forget", 0.0, 2), ("a", "e", " "), 4))
    update = answer(wire, explorer, gate="input", value="open (1)", whose="all cells'", unit=5)
    trace = trace_clamp(model, PROSE_ALPHABET, TEXT, "input", 1.0, 5, alone=False)
    np.testing.assert_allclose(update["content"]["patches"]["data.1.y"], trace.cells, **FLOAT32)
    assert_still(explorer, plot_clamp(trace, ("a", "e", " "), 4))
    assert size_in_bytes(explorer) < 60_000


def test_a_gate_may_be_held_open_from_the_start(model):
    explorer = explore.clamp(model, PROSE_ALPHABET, TEXT, ("a", "e"), unit=2, step=4, value="open (1)")
    assert_still(explorer, plot_clamp(trace_clamp(model, PROSE_ALPHABET, TEXT, "forget", 1.0, 2), ("a", "e"), 4))


def test_the_point_of_the_gates_moves_the_cell(wire):
    explorer = explore.regimes()
    assert_still(explorer, plot_regime(trace_regime(1.0, 0.0, PULSES, START), 10))
    update = answer(wire, explorer, forget=0.5, write=0.25)
    moved = trace_regime(0.5, 0.25, PULSES, START)
    np.testing.assert_allclose(update["content"]["patches"]["data.3.y"][0], [START, *moved.cells], **FLOAT32)
    assert "figure" not in update
    assert_still(explorer, plot_regime(moved, 10))
