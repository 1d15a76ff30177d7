"""Bars stand where the words stand now; the sentence says whether the order mattered."""

import numpy as np
import pytest

from seqviz.plots.self_attention.order import describe_order, order
from seqviz.traces.self_attention.order import trace_order
from seqviz.traces.self_attention.records import OrderTrace

WRITTEN = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8], [0.2, 0.7, 0.1]])
NOW = np.array([[0.4, 0.1, 0.5], [0.0, 0.9, 0.1], [0.3, 0.3, 0.4]])
TRACE = OrderTrace(
    words=("a", "b", "c"), scheme="rotary", order=(2, 1, 0), written=WRITTEN, now=NOW, changed=np.array([0.25, 0.5, 1])
)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_bars_stand_where_the_words_stand_now(place):
    figure = order(TRACE, place).figure
    bars = {trace.uid: list(trace.y) for trace in figure.data if trace.uid}
    word = TRACE.order[place]
    assert bars["written"] == list(WRITTEN[word][::-1])
    assert bars["now"] == list(NOW[word][::-1])
    assert list(figure.data[2].y) == [1, 0.5, 0.25]
    assert list(figure.layout.xaxis.ticktext) == ["c", "b", "a"]
    assert list(figure.data[3].x) == [place]


def test_the_sentence_says_what_has_changed():
    assert describe_order(TRACE, 0) == (
        "Written “a b c”, now “c b a”. “c” looks most at “c” (40%), before at “b” (70%), and what it reads has changed "
        "by 100%."
    )
    assert describe_order(TRACE, 2).endswith(
        "“a” looks most at “c” (50%), before at “a” (50%), and what it reads has changed by 25%."
    )
    alike = trace_order("the dog bites", 1, 2)
    assert describe_order(alike, 0).endswith("No word reads anything else than it did: the order changes nothing.")
