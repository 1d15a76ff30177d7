"""The update gate under the hand: the picture holds the record's numbers."""

import numpy as np
import pytest

from seqviz.plots.gated import interpolation
from seqviz.traces.gated.records import InterpolationTrace


def interpolation_trace(seed=1):
    random = np.random.default_rng(seed)
    shares = np.linspace(0, 1, 5)
    set_states = random.uniform(-1, 1, (5, 3))
    before, candidate = 0.75, -0.5
    set_states[:, 1] = shares * before + (1 - shares) * candidate
    probabilities = random.uniform(0, 1, (6, 3))
    probabilities[5, -1], probabilities[2, -1], probabilities[4, -1] = 0.9, 0.304, 0.901
    states = np.array([0.75, 0.25, 0.125])
    tokens = ("the", "cats", ",")
    return InterpolationTrace(
        tokens, "were", 6, 1, before, candidate, 0.6, states, probabilities[5], shares, set_states, probabilities[:5]
    )


@pytest.mark.parametrize("selection", range(5))
def test_the_mark_lies_on_the_line_between_candidate_and_old_state(selection):
    trace = interpolation_trace()
    figure = interpolation.interpolation(trace, selection).figure
    line, own, mark = figure.data[:3]
    assert (line.x, line.y) == ((0, 4), (-0.5, 0.75))
    assert mark.x == (selection,)
    assert mark.y[0] == pytest.approx(-0.5 + selection / 4 * 1.25)
    assert (own.x, own.y) == ((0.6 * 4,), (0.25,))


def test_the_curves_are_the_networks_own_and_those_of_the_hand():
    trace = interpolation_trace()
    figure = interpolation.interpolation(trace, 3).figure
    drawn = [np.array(curve.y) for curve in figure.data[3:7]]
    expected = (trace.states, trace.set_states[3], trace.probabilities, trace.set_probabilities[3])
    for curve, wanted in zip(drawn, expected, strict=True):
        np.testing.assert_array_equal(curve, wanted)
    assert [curve.name for curve in figure.data[3:7]] == ["as it is", "with z<sub>t</sub> set by hand"] * 2
    assert figure.data[7].x == figure.data[8].x == (1, 1)
    assert figure.layout.xaxis2.ticktext == ("the", "cats", ",")
    assert "were" in figure.layout.yaxis3.title.text


def test_the_sentence_does_the_sum_and_says_what_becomes_of_the_answer():
    assert interpolation.describe_interpolation(interpolation_trace(), 2) == (
        "At “cats”, step 2, the gate of unit 7 says z_t = 0.60. With z_t = 0.50 in all units, "
        "h_t = z_t · h_t−1 + (1 − z_t) · n_t = 0.50 · 0.75 + 0.50 · −0.50 = 0.12. "
        "After the last word “were” has 30%, not 90%."
    )
    assert interpolation.describe_interpolation(interpolation_trace(), 4).endswith("“were” has 90%, as before.")
