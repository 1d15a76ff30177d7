"""Gradients through time: the ribbon and the sum, number by number."""

import numpy as np
import pytest

from seqviz.plots import gradients as plots
from seqviz.plots.patch import patched
from seqviz.traces.records import TermTrace
from tests.plots.example_traces import TOKENS, gradient_trace, term_trace

TRACE = gradient_trace()
TERMS = term_trace()
STEPS = len(TOKENS)
NAN = np.nan


@pytest.mark.parametrize("t", range(STEPS))
def test_the_curve_is_the_norm_of_every_gradient_up_to_the_loss(t):
    expected = [np.sqrt((TRACE.gradients[t, k] ** 2).sum()) or NAN for k in range(t + 1)] + [NAN] * (STEPS - 1 - t)
    figure = plots.plot_gradient_ribbon(TRACE, t)
    np.testing.assert_allclose(np.array(figure.data[0].y), expected, rtol=1e-12)
    assert figure.data[1].x == (t, t)
    drawn = patched(plots.gradient_ribbon_figure(TRACE), plots.gradient_ribbon_patch(TRACE, t))
    assert drawn.to_json() == figure.to_json()


def test_a_gradient_of_zero_leaves_a_gap_a_log_axis_has_no_place_for_it():
    assert np.isnan(plots.norms_seen_from(TRACE, 3)).tolist() == [True, False, False, False, True]


def test_looking_leaves_the_record_as_it_was():
    before = TRACE.norms.copy()
    plots.norms_seen_from(TRACE, 1)
    plots.strip_levels(TRACE, 1)
    np.testing.assert_array_equal(TRACE.norms, before)


def test_the_axis_is_the_same_whatever_the_numbers_and_names_the_characters():
    figure = plots.gradient_ribbon_figure(TRACE)
    assert figure.layout.yaxis.type == "log"
    assert tuple(figure.layout.yaxis.range) == plots.DECADES
    assert figure.layout.xaxis.ticktext == ("h", "e", "␣", "l", "o")


def test_the_strips_levels_go_from_the_lower_end_of_the_axis_to_the_upper():
    low, high = plots.DECADES
    levels = plots.strip_levels(TRACE, 3)
    assert levels[0] == 0  # no gradient at all
    np.testing.assert_allclose(10 ** (low + levels[1:4] * (high - low)), TRACE.norms[3, 1:4], rtol=1e-9)
    assert np.isnan(levels[4])


def test_the_ribbons_sentence_says_its_two_ends():
    own, first = (f"{TRACE.norms[2, k]:.1e}".replace("-", "−") for k in (2, 0))
    assert plots.describe_gradient_ribbon(TRACE, 2) == (
        f"Loss at step t = 3, where it reads “␣” and “o” is right: ‖∂L_t/∂h_t‖ = {own}; "
        f"2 steps back, at the first, ‖∂L_t/∂h_1‖ = {first}."
    )
    assert "; 1 step back" in plots.describe_gradient_ribbon(TRACE, 1)
    assert plots.describe_gradient_ribbon(TRACE, 0).endswith("There is no earlier step.")
    assert plots.describe_gradient_ribbon(TRACE, 3).endswith(
        "‖∂L_t/∂h_1‖ is too small for the numbers it is computed in."
    )


def slow_sum(reach):
    """The terms that reach at most so many steps back, one at a time."""
    return sum(TERMS.terms[t, k] for t in range(STEPS) for k in range(t + 1) if t - k <= reach)


@pytest.mark.parametrize("reach", range(STEPS))
def test_the_sum_so_far_stands_beside_the_whole(reach):
    figure = plots.plot_terms(TERMS, reach)
    np.testing.assert_allclose(
        np.array(figure.data[0].z), slow_sum(reach)[: plots.CORNER, : plots.CORNER], rtol=0, atol=1e-12
    )
    np.testing.assert_array_equal(np.array(figure.data[1].z), TERMS.autograd[: plots.CORNER, : plots.CORNER])
    assert figure.data[0].zmax == figure.data[1].zmax == np.abs(TERMS.autograd[: plots.CORNER, : plots.CORNER]).max()
    assert figure.data[3].x == (reach, reach)
    assert patched(plots.terms_figure(TERMS), plots.terms_patch(TERMS, reach)).to_json() == figure.to_json()


def test_the_curve_is_the_share_of_the_whole_matrix_that_is_missing_not_of_its_corner():
    whole = np.linalg.norm(TERMS.autograd)
    expected = [np.linalg.norm(slow_sum(reach) - TERMS.autograd) / whole for reach in range(STEPS - 1)]
    curve = plots.terms_figure(TERMS).data[2].y
    np.testing.assert_allclose(np.array(curve[:-1], float), expected, rtol=1e-10)
    assert curve[-1] is None or curve[-1] < 1e-12


def test_a_gradient_of_zero_is_drawn_and_nothing_is_missing():
    zero = TermTrace(TOKENS, TOKENS, np.zeros((STEPS, STEPS, 2, 2)), np.zeros((2, 2)))
    assert plots.relative_error(zero, 0) == 0
    assert plots.plot_terms(zero, 0).data[0].zmax == 1
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
