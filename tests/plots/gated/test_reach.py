"""Gradients side by side: shares of what every loss starts from."""

import numpy as np
import pytest

from seqviz.plots.gated import reach
from seqviz.traces.gated.records import ReachTrace

NAN = np.nan
AT_LOSS = np.array([[2.0, 1, 2, 3], [2, 4, 2, 0.2], [0, 1, 0, 1]])


def reach_trace():
    norms = np.array(
        [
            [[2.0, 0, 0, 0], [0.5, 1, 0, 0], [1e-4, 0.2, 2, 0], [0, 1e-9, 0.3, 3]],
            [[1.0, 0, 0, 0], [0.9, 1, 0, 0], [0.8, 0.9, 1, 0], [0.07, 0.08, 0.09, 0.1]],
            [[0.0, 0, 0, 0], [3, 1, 0, 0], [2, 1, 0, 0], [4, 3, 2, 1]],
        ]
    )
    return ReachTrace(
        tokens=("the", "cat", " ", "full"),
        targets=("cat", " ", "full", "."),
        networks=("RNN", "LSTM", "GRU"),
        norms=norms,
        at_loss=AT_LOSS,
    )


@pytest.mark.parametrize("t", range(4))
def test_curves_and_colours_are_shares_of_what_the_loss_starts_from(t):
    trace = reach_trace()
    figure = reach.reach(trace, t).figure
    for number in range(3):
        own = AT_LOSS[number, t]
        expected = [(trace.norms[number, t, k] / own or NAN) if k <= t and own else NAN for k in range(4)]
        np.testing.assert_allclose(np.array(figure.data[number].y, float), expected, rtol=1e-12)
        colors = np.clip(np.log10(expected), -6, 0)
        np.testing.assert_allclose(np.array(figure.data[3].z, float)[number], colors, atol=1e-12)
    assert figure.data[4].x == (t, t)


def test_the_rows_bear_the_networks_names_and_the_columns_the_words():
    layout = reach.reach_figure(reach_trace()).layout
    assert layout.yaxis2.ticktext == ("RNN", "LSTM", "GRU")
    assert layout.xaxis.ticktext == ("the", "cat", "␣", "full")


def test_looking_leaves_the_record_as_it_was():
    trace = reach_trace()
    before = trace.relative.copy()
    reach.reach(trace, 3)
    np.testing.assert_array_equal(trace.relative, before)


def test_the_sentence_says_what_is_left_at_the_first_step():
    trace = reach_trace()
    assert reach.describe_reach(trace, 3) == (
        "Loss at step 4, where “.” is right. 3 steps back, at the first, this share of ‖∂L_t/∂h_t‖ is left: "
        "RNN nothing, LSTM 0.35, GRU 4.00."
    )
    assert reach.describe_reach(trace, 2).endswith("RNN 5e−05, LSTM 0.40, GRU unknown, there is none to begin with.")
    assert "1 step back" in reach.describe_reach(trace, 1)
    assert reach.describe_reach(trace, 0).endswith("There is no earlier step.")
