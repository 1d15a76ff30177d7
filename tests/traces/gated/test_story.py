"""A story keeps its cells squashed and refuses what does not fit."""

import numpy as np
import pytest

from seqviz.traces.gated.story import trace_story

CELLS = np.random.default_rng(2).normal(size=(4, 3))
TRUTH = np.array([False, True, True, False])


def test_it_holds_what_the_cells_show():
    trace = trace_story("abcd", CELLS, "late", TRUTH, 2)
    np.testing.assert_array_equal(trace.held, np.tanh(CELLS))
    assert (trace.tokens, trace.fact, trace.cell) == (("a", "b", "c", "d"), "late", 2)


@pytest.mark.parametrize(
    ("truth", "cell", "message"),
    [
        (TRUTH[:3], 0, "late: expected 4 values, one per word, got 3, and 4 of the cells"),
        (np.ones(4, dtype=bool), 0, "late: expected a fact that changes"),
        (np.zeros(4, dtype=bool), 0, "late: expected a fact that changes"),
        (TRUTH, 3, "unit: expected 0 … 2, got 3"),
    ],
)
def test_what_does_not_fit_is_refused(truth, cell, message):
    with pytest.raises(ValueError, match=message):
        trace_story("abcd", CELLS, "late", truth, cell)
