"""A held gate is that of the trace."""

import numpy as np

from seqviz.data import PROSE_ALPHABET
from seqviz.plots import clamp
from seqviz.traces import trace_clamp
from seqviz.widgets import explore
from tests.widgets.asked import answer, assert_still, opened
from tests.widgets.wire import size_in_bytes

TEXT = "the value is known"
FLOAT32 = {"rtol": 1e-5, "atol": 1e-6}


def test_a_held_gate_is_that_of_the_trace(wire, model):
    explorer = explore.clamp(model, PROSE_ALPHABET, TEXT, ("a", "e", " "), unit=2, step=4)
    assert_still(explorer, clamp(trace_clamp(model, PROSE_ALPHABET, TEXT, "forget", 0.0, 2), ("a", "e", " "), 4).figure)
    update = answer(wire, explorer, gate="input", value="open (1)", whose="all cells'", unit=5)
    trace = trace_clamp(model, PROSE_ALPHABET, TEXT, "input", 1.0, 5, alone=False)
    np.testing.assert_allclose(update["content"]["patches"]["data.1.y"], trace.cells, **FLOAT32)
    assert_still(explorer, clamp(trace, ("a", "e", " "), 4).figure)
    assert size_in_bytes(explorer) < 60_000


def test_a_gate_may_be_held_open_from_the_start(model):
    explorer = explore.clamp(model, PROSE_ALPHABET, TEXT, ("a", "e"), unit=2, step=4, value="open (1)")
    assert_still(explorer, clamp(trace_clamp(model, PROSE_ALPHABET, TEXT, "forget", 1.0, 2), ("a", "e"), 4).figure)


def test_it_opens_where_the_answer_loses_most_and_paints_every_step_by_what_is_left(wire, model):
    answers = ("a", "e", " ")
    for parameter in model.parameters():
        parameter.data.mul_(4)  # so that the gates differ
    explorer = explore.clamp(model, PROSE_ALPHABET, TEXT, answers, whose="all cells'")
    strip = opened(wire, explorer)["content"]["strip"]
    trace = trace_clamp(model, PROSE_ALPHABET, TEXT, "forget", 0.0, 0, alone=False)
    places = [trace.outputs.index(answer) for answer in answers]
    free = places[int(trace.free_probabilities[places].argmax())]
    left = (trace.probabilities[:, free] / trace.free_probabilities[free]).clip(0, 1)
    np.testing.assert_allclose(strip["levels"], [left], **FLOAT32)
    assert explorer.values["step"] == int(left.argmin())
    assert left.min() < left.max()
