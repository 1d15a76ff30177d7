"""Every word can be hidden, in one sentence and in two."""

from seqviz.plots.transformer.hidden_word import describe_hidden_word
from seqviz.traces import trace_hidden_word
from seqviz.widgets import explore
from tests.traces.transformer.encoder import TEXT, WORDS, made
from tests.widgets.asked import answer, opened


def test_every_gap_has_its_answer(wire):
    model = made()
    explorer = explore.hidden_word(model, WORDS, TEXT, hidden=2)
    state = opened(wire, explorer)
    trace = trace_hidden_word(model, WORDS, TEXT)
    assert state["content"]["sentences"] == [describe_hidden_word(trace, hidden) for hidden in range(8)]
    content = answer(wire, explorer, text="d a")["content"]
    trace = trace_hidden_word(model, WORDS, "d a")
    assert content["sentences"] == [describe_hidden_word(trace, hidden) for hidden in range(4)]
    assert "expected one or two sentences" in answer(wire, explorer, text="a / b / c")["content"]["error"]
