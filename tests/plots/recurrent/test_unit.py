"""One unit over a text."""

import numpy as np
import pytest

from seqviz.plots.recurrent.unit import describe_unit, unit_figure, unit_over_text
from seqviz.traces.recurrent.records import RunTrace


@pytest.fixture
def trace():
    states = np.array([[0.1, -0.5], [0.2, 0.75], [0.3, -0.25], [0.4, 0.25]])
    return RunTrace(
        tokens=tuple("a b "),
        outputs=("a", "b", " "),
        pre_activations=np.arctanh(states),
        states=states,
        logits=np.zeros((4, 3)),
    )


def test_the_units_values_and_the_marked_places_are_gathered(trace):
    data = unit_over_text(trace, unit=1, mark=" ")
    assert data.values.tolist() == [-0.5, 0.75, -0.25, 0.25]
    assert data.marked.tolist() == [False, True, False, True]


def test_every_character_has_its_bar(trace):
    others, marked = unit_figure(trace, unit=1).data
    assert (list(others.x), list(others.y)) == ([1, 3], [-0.5, -0.25])
    assert (list(marked.x), list(marked.y)) == ([2, 4], [0.75, 0.25])
    assert marked.marker.pattern.shape != others.marker.pattern.shape, "colour is not the only difference"
    assert unit_figure(trace, unit=1).layout.xaxis.ticktext == ("a", "␣", "b", "␣")


def test_the_sentence_gives_both_means(trace):
    expected = "Unit 2 while reading “a␣b␣”: on average 0.50 after “␣”, -0.38 after other characters."
    assert describe_unit(trace, unit=1) == expected
    assert describe_unit(trace, unit=1, mark="q").endswith("on average 0.06 after other characters.")


def test_a_unit_that_is_not_there_is_refused(trace):
    with pytest.raises(ValueError, match="unit: expected 0 … 1, got 2"):
        unit_figure(trace, unit=2)
