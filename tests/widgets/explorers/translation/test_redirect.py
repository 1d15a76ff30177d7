"""The hand sets a weight: every source step has its answer, and a share or a text its own."""

import numpy as np
import torch

from seqviz.data.translation.parallel import ParallelText
from seqviz.models.translation.attention_decoder import BahdanauTranslator
from seqviz.plots.translation.redirect import describe_redirect
from seqviz.traces import trace_redirect
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened

TEXT = ParallelText.of([(tuple("abc"), tuple("xy")), (tuple("cab"), tuple("yz"))])


def test_every_letter_has_its_answer(wire):
    torch.manual_seed(0)
    model = BahdanauTranslator(len(TEXT.source), len(TEXT.target), 4, 6, 5)
    explorer = explore.redirect(model, TEXT, "abc", 1, 2, max_length=3)
    state = opened(wire, explorer)
    assert state["values"]["chosen"] == 2
    trace = trace_redirect(model, TEXT, "abc", 1, 1.0, max_length=3)
    assert state["content"]["sentences"] == [describe_redirect(trace, chosen) for chosen in range(3)]
    content = answer(wire, explorer, share=0.5, source="ca")["content"]
    trace = trace_redirect(model, TEXT, "ca", 1, 0.5, max_length=3)
    np.testing.assert_allclose(content["strip"]["levels"], trace.weights, atol=1e-7)
    assert content["sentences"] == [describe_redirect(trace, chosen) for chosen in range(2)]
    error = answer(wire, explorer, source="cq")["content"]["error"]
    assert error == "expected what was learned, got 'q'"
