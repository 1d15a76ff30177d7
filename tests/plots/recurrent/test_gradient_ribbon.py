"""The curve of a loss over every earlier state."""

import numpy as np
import pytest

from seqviz.plots.recurrent import gradient_ribbon as plots
from tests.plots.example_traces import TOKENS, gradient_trace

TRACE = gradient_trace()
STEPS = len(TOKENS)
NAN = np.nan


@pytest.mark.parametrize("t", range(STEPS))
def test_the_curve_is_the_norm_of_every_gradient_up_to_the_loss(t):
    expected = [np.sqrt((TRACE.gradients[t, k] ** 2).sum()) or NAN for k in range(t + 1)] + [NAN] * (STEPS - 1 - t)
    figure = plots.gradient_ribbon(TRACE, t).figure
    np.testing.assert_allclose(np.array(figure.data[0].y), expected, rtol=1e-12)
    assert figure.data[1].x == (t + 1, t + 1)


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
