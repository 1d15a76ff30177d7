"""What a browser gets is what the trace says, for another head and another sentence as well."""

import numpy as np

from seqviz.plots.self_attention.stages import describe_stages
from seqviz.traces import trace_stages
from seqviz.widgets import explore
from tests.traces.self_attention.made import TEXT, WORDS, made
from tests.widgets.asked import answer, opened


def test_every_word_of_every_head_has_its_look(wire):
    model = made()
    explorer = explore.stages(model, WORDS, TEXT, word=2)
    state = opened(wire, explorer)
    assert state["values"]["word"] == 2
    trace = trace_stages(model, WORDS, TEXT)
    assert state["content"]["sentences"] == [describe_stages(trace, word) for word in range(5)]
    np.testing.assert_allclose(state["content"]["strip"]["levels"], trace.weights, atol=1e-6)
    content = answer(wire, explorer, layer=1, head=1, text="d a b")["content"]
    trace = trace_stages(model, WORDS, "d a b", 1, 1)
    assert content["sentences"] == [describe_stages(trace, word) for word in range(3)]
    error = answer(wire, explorer, text="d q")["content"]["error"]
    assert error == "expected only known words, got 'q'"


def test_a_layer_or_head_that_is_alone_has_no_slider():
    names = [control["name"] for control in explore.stages(made(1, 1), WORDS, TEXT).controls]
    assert names == ["text", "word"]
