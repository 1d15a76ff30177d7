"""Every place has its reader; scheme, sentence and the exchange are the kernel's."""

import numpy as np

from seqviz.plots.self_attention.order import describe_order
from seqviz.traces import trace_order
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened


def test_every_place_has_its_answer(wire):
    explorer = explore.order("a dog bites", 0, 1)
    trace = trace_order("a dog bites", 0, 1)
    assert opened(wire, explorer)["content"]["sentences"] == [describe_order(trace, place) for place in range(3)]
    content = answer(wire, explorer, scheme="rotary", sentence="a dog bites men", other=3)["content"]
    trace = trace_order("a dog bites men", 0, 3, "rotary")
    assert content["sentences"] == [describe_order(trace, place) for place in range(4)]
    assert content["strip"]["tokens"] == ["a", "dog", "bites", "men", "men", "dog", "bites", "a"]
    assert content["strip"]["selects"] == [3, 1, 2, 0, 0, 1, 2, 3], "a word reads wherever it stands"
    order = list(trace.order)
    np.testing.assert_allclose(content["strip"]["levels"][:, :4], trace.written[order], atol=1e-6)
    np.testing.assert_allclose(content["strip"]["levels"][:, 4:], trace.now[order][:, order], atol=1e-6)
    error = answer(wire, explorer, sentence="a b c d e f g h i")["content"]["error"]
    assert error == "expected at most 8 words, got 9"
