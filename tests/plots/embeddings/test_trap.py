"""A curve for each way to ask, and a sentence that reads them."""

import pytest

from seqviz.plots.embeddings.trap import trap

CURVES = {"left out": [1.0, 0.9], "asked": [0.8, 0.1]}


def test_every_way_to_ask_is_a_curve():
    picture = trap([1.0, 0.02], CURVES)
    assert {one.name: list(one.y) for one in picture.figure.data} == CURVES
    assert picture.sentence == (
        "Analogies right, by the share of sentences that say the gender. "
        "left out: 100% at 100%, 90% at 2%. asked: 80% at 100%, 10% at 2%."
    )


def test_a_curve_of_another_length_is_refused():
    with pytest.raises(ValueError, match="expected 2 answers"):
        trap([1.0, 0.5], {"left out": [1.0]})
