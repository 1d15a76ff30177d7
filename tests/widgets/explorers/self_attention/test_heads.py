"""Every head has its map, and another word that asks keeps the figure."""

import numpy as np

from seqviz.plots.self_attention.heads import describe_heads
from seqviz.traces import trace_heads
from seqviz.widgets import explore
from tests.traces.self_attention.made import TEXT, WORDS, made
from tests.widgets.asked import answer, opened


def test_heads_and_words_are_those_of_the_model(wire):
    model = made()
    explorer = explore.heads(model, WORDS, TEXT, word=1, head=3)
    state, trace = opened(wire, explorer), trace_heads(model, WORDS, TEXT)
    assert (state["values"]["word"], state["values"]["head"]) == (1, 3)
    assert state["content"]["sentences"] == [describe_heads(trace, 1, head) for head in range(4)]
    update = answer(wire, explorer, word=4)
    assert "figure" not in update
    assert update["content"]["sentences"] == [describe_heads(trace, 4, head) for head in range(4)]
    (maps,) = (value for path, value in update["content"]["patches"].items() if path == "data.1.z")
    np.testing.assert_allclose(maps, trace.weights.reshape(4, 5, 5), atol=1e-6)
    shorter = answer(wire, explorer, text="a b")["content"]
    assert shorter["sentences"][0] == describe_heads(trace_heads(model, WORDS, "a b"), 1, 0)
