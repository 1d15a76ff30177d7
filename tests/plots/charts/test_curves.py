"""Each name has its curve; the sentence reads its ends and its middle."""

import pytest

from seqviz.plots.charts.curves import curves

TWO = {"loss at every row": [0.1, 0.5, 0.75], "loss at the last row": [0.125, 0.25, 1.0]}


def test_curves_and_the_level_are_drawn():
    level, first, second = curves(TWO, along="row", unit="share right", level=("chance", 0.1)).figure.data
    assert list(level.y) == [0.1, 0.1]
    assert [list(first.x), list(first.y)] == [[1, 2, 3], [0.1, 0.5, 0.75]]
    assert list(second.y) == [0.125, 0.25, 1.0]
    assert first.line.dash != second.line.dash, "colour is not the only sign"
    assert len(curves(TWO, along="row", unit="share right").figure.data) == 2


def test_the_sentence_says_the_ends_and_the_middle():
    said = curves(TWO, along="row", unit="share right", level=("chance", 0.1)).sentence
    assert said == (
        "Share right by row: loss at every row 10% at 1, 50% at 2, 75% at 3; "
        "loss at the last row 12% at 1, 25% at 2, 100% at 3. A line marks chance, 10%."
    )
    assert curves({"a": [0.5]}, along="row", unit="right").sentence == "Right by row: a 50% at 1."


def test_many_places_get_few_numbers():
    axis = curves({"a": [0.0] * 22}, along="step", unit="right").figure.layout.xaxis
    assert list(axis.tickvals) == [1, 5, 10, 15, 20]


@pytest.mark.parametrize("wrong", [{}, {"a": []}, {"a": [0.1], "b": [0.1, 0.2]}])
def test_curves_of_different_lengths_are_refused(wrong):
    with pytest.raises(ValueError, match="expected curves of one length, got"):
        curves(wrong, along="row", unit="right")
