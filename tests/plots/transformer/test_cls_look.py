"""Bars of every network for each layer and each head, and the sentence about them."""

import numpy as np
import pytest

from seqviz.plots.transformer.cls_look import cls_look, describe_cls_look, views
from seqviz.traces.transformer.records import ClsLookTrace


def trace():
    before = [[[0.8, 0.2, 0.0], [0.4, 0.2, 0.4]], [[0.1, 0.3, 0.6], [0.3, 0.1, 0.6]]]
    after = [[[0.2, 0.8, 0.0], [0.0, 0.6, 0.4]], [[0.3, 0.3, 0.4], [0.1, 0.9, 0.0]]]
    return ClsLookTrace(
        tokens=("<cls>", "not", "bad"),
        networks=("before", "after"),
        weights=np.array([before, after]),
        classes=("bad", "good"),
        probabilities=np.array([0.25, 0.75]),
    )


def test_layers_come_first_and_then_their_heads():
    assert views(trace()) == ("layer 1", "layer 2", "head 1.1", "head 1.2", "head 2.1", "head 2.2")


@pytest.mark.parametrize(
    ("view", "before", "after"),
    [
        (0, [0.6, 0.2, 0.2], [0.1, 0.7, 0.2]),
        (1, [0.2, 0.2, 0.6], [0.2, 0.6, 0.2]),
        (3, [0.4, 0.2, 0.4], [0.0, 0.6, 0.4]),
        (4, [0.1, 0.3, 0.6], [0.3, 0.3, 0.4]),
    ],
)
def test_bars_are_the_weights_of_a_head_or_the_mean_of_a_layer(view, before, after):
    figure = cls_look(trace(), view).figure
    assert [one.name for one in figure.data] == ["before", "after"]
    np.testing.assert_allclose([list(one.y) for one in figure.data], [before, after], rtol=0, atol=1e-12)


def test_the_sentence_says_where_each_looks_and_what_is_answered():
    assert describe_cls_look(trace(), 5) == (
        "<cls> in head 2.2 looks hardest: before, at “bad” 60% and “<cls>” 30%; after, at “not” 90% and “<cls>” 10%. "
        "The answer of “after” is “good” (75%)."
    )
