"""The terms add up to autograd's gradient."""

import numpy as np
import torch

from seqviz.models import losses
from seqviz.traces import trace_terms
from seqviz.widgets import explore
from tests.widgets.asked import ALPHABET, TEXT, answer, opened

# terms


def test_terms_add_up_to_autograds_gradient_reach_by_reach(wire, model):
    explorer = explore.terms(model, ALPHABET, TEXT)
    for state, text in [(opened(wire, explorer), TEXT), (answer(wire, explorer, text="oh hell"), "oh hell")]:
        sums = state["content"]["patches"]["data.0.z"]
        trace = trace_terms(model, ALPHABET, text)
        assert sums.shape == (len(text) - 1, 7, 7)
        for reach, summed in enumerate(sums):
            expected = sum(trace.terms[t, k] for t in range(len(text) - 1) for k in range(max(0, t - reach), t + 1))
            np.testing.assert_allclose(summed, expected, rtol=1e-5, atol=1e-7)
        model.W_hh.grad = None
        logits, _ = model(ALPHABET.one_hot(ALPHABET.encode(text[:-1]), torch.float64)[None])
        losses.step_cross_entropy(logits, ALPHABET.encode(text[1:])[None]).sum().backward()
        np.testing.assert_allclose(sums[-1], model.W_hh.grad, rtol=1e-5, atol=1e-7)
