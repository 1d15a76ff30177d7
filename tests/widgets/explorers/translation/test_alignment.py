"""Another source is read anew, and what is known of it comes along."""

import numpy as np
import torch

from seqviz.data.translation.parallel import ParallelText
from seqviz.models.translation.attention_decoder import BahdanauTranslator
from seqviz.plots.translation.alignment import alignment_levels, describe_alignment
from seqviz.traces import trace_alignment
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened

TEXT = ParallelText.of([(tuple("abc"), tuple("xy")), (tuple("cab"), tuple("yz"))])
SOURCES = {"abc": ("xy", torch.eye(2, 3, dtype=torch.bool)), "ca": ("y", None)}


def test_a_source_is_chosen_and_outputs_and_source_are_two_lines(wire):
    torch.manual_seed(0)
    model = BahdanauTranslator(len(TEXT.source), len(TEXT.target), 4, 6, 5)
    explorer = explore.alignment(model, TEXT, SOURCES, max_length=3)
    content = opened(wire, explorer)["content"]
    trace = trace_alignment(model, TEXT, "abc", SOURCES["abc"][1], "xy", max_length=3)
    assert content["strip"]["rows"] == [["output", 0], ["source", len(trace.said)]]
    assert content["strip"]["tokens"][len(trace.said) :] == ["a", "b", "c"]
    np.testing.assert_allclose(content["strip"]["levels"], alignment_levels(trace), atol=1e-7)
    content = answer(wire, explorer, source="ca")["content"]
    trace = trace_alignment(model, TEXT, "ca", None, "y", max_length=3)
    assert content["sentences"] == [describe_alignment(trace, i) for i in range(len(trace.said) + 2)]
