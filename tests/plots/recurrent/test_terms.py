"""The sum of the terms, step by step."""

import numpy as np
import pytest

from seqviz.plots.recurrent import terms as plots
from seqviz.traces.recurrent.records import TermTrace
from tests.plots.example_traces import TOKENS, term_trace

TERMS = term_trace()
STEPS = len(TOKENS)


def slow_sum(reach):
    """The terms that reach at most so many steps back, one at a time."""
    return sum(TERMS.terms[t, k] for t in range(STEPS) for k in range(t + 1) if t - k <= reach)


@pytest.mark.parametrize("reach", range(STEPS))
def test_the_sum_so_far_stands_beside_the_whole(reach):
    figure = plots.terms(TERMS, reach).figure
    np.testing.assert_allclose(
        np.array(figure.data[0].z), slow_sum(reach)[: plots.CORNER, : plots.CORNER], rtol=0, atol=1e-12
    )
    np.testing.assert_array_equal(np.array(figure.data[1].z), TERMS.autograd[: plots.CORNER, : plots.CORNER])
    assert figure.data[0].zmax == figure.data[1].zmax == np.abs(TERMS.autograd[: plots.CORNER, : plots.CORNER]).max()
    assert figure.data[3].x == (reach, reach)


def test_the_curve_is_the_share_of_the_whole_matrix_that_is_missing_not_of_its_corner():
    whole = np.linalg.norm(TERMS.autograd)
    expected = [np.linalg.norm(slow_sum(reach) - TERMS.autograd) / whole for reach in range(STEPS - 1)]
    curve = plots.terms_figure(TERMS).data[2].y
    np.testing.assert_allclose(np.array(curve[:-1], float), expected, rtol=1e-10)
    assert curve[-1] is None or curve[-1] < 1e-12


def test_a_gradient_of_zero_is_drawn_and_nothing_is_missing():
    zero = TermTrace(TOKENS, TOKENS, np.zeros((STEPS, STEPS, 2, 2)), np.zeros((2, 2)))
    assert plots.relative_error(zero, 0) == 0
    assert plots.terms(zero, 0).figure.data[0].zmax == 1
    assert "nothing is missing" in plots.describe_terms(zero, 0)


def test_the_sums_sentence_counts_the_terms_and_says_what_is_missing():
    for reach, reached in [(0, "the immediate terms only"), (1, "at most 1 step back"), (2, "at most 2 steps back")]:
        count = sum(t - k <= reach for t in range(STEPS) for k in range(t + 1))
        missing = np.linalg.norm(slow_sum(reach) - TERMS.autograd) / np.linalg.norm(TERMS.autograd)
        assert plots.describe_terms(TERMS, reach) == (
            f"{count} of 15 terms, {reached}: {missing:.1%} of the gradient's norm is missing."
        )
    assert plots.describe_terms(TERMS, 4) == (
        "15 of 15 terms, at most 4 steps back: nothing is missing up to rounding."
    )
