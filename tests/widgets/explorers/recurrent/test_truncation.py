"""Chunks and what they cut off are those of the trace."""

import numpy as np
import torch

from seqviz.plots.recurrent import truncation
from seqviz.traces import trace_truncation
from seqviz.widgets import explore
from tests.widgets.asked import ALPHABET, TEXT, answer, opened


def test_chunks_sends_the_border_and_the_share_of_every_length(wire, model):
    explorer = explore.truncation(model, ALPHABET, TEXT)
    for state, text in [(opened(wire, explorer), TEXT), (answer(wire, explorer, text="oh hell"), "oh hell")]:
        trace = trace_truncation(model, ALPHABET, text)
        steps = len(text) - 1
        assert state["content"]["selections"] == steps
        np.testing.assert_allclose(state["figure"]["data"][2]["y"], 100 * trace.missing, rtol=1e-5, atol=1e-4)
        for selection in range(steps):
            patch = truncation.truncation_patch(trace, selection)
            np.testing.assert_array_equal(state["content"]["patches"]["data.1.x"][selection], patch["border.x"])
            assert state["content"]["sentences"][selection] == truncation.describe_truncation(trace, selection)


def test_chunks_shows_a_model_that_has_learnt_meanwhile(wire, model):
    explorer = explore.truncation(model, ALPHABET, TEXT)
    with torch.no_grad():
        model.W_hh.mul_(0.3)
    assert "error" in answer(wire, explorer, text="hex")["content"]
    again = answer(wire, explorer, text=TEXT)
    trace = trace_truncation(model, ALPHABET, TEXT)
    np.testing.assert_allclose(again["figure"]["data"][2]["y"], 100 * trace.missing, rtol=1e-5, atol=1e-4)
