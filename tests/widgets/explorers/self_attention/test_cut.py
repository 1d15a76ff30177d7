"""Every word can be cut off, in every layer, for one or for all."""

from seqviz.plots.self_attention.cut import describe_cut
from seqviz.traces import trace_cut
from seqviz.traces.self_attention.cut import EVERYBODY
from seqviz.widgets import explore
from tests.traces.self_attention.made import TEXT, WORDS, made
from tests.widgets.asked import answer, opened


def test_every_cut_has_its_answer(wire):
    model = made()
    explorer = explore.cut(model, WORDS, TEXT, asked=2, word=1)
    state = opened(wire, explorer)
    trace = trace_cut(model, WORDS, TEXT, 2)
    assert state["content"]["sentences"] == [describe_cut(trace, word) for word in range(5)]
    content = answer(wire, explorer, layers="layer 2", whose=EVERYBODY)["content"]
    trace = trace_cut(model, WORDS, TEXT, 2, (1,), EVERYBODY)
    assert content["sentences"] == [describe_cut(trace, word) for word in range(5)]
    assert "expected a word from 0 to 1, got 2" in answer(wire, explorer, text="a b")["content"]["error"]
