"""Hands, frames, curve and marks are the trace's; the sentence says what turns and what stays."""

import numpy as np
import pytest

from seqviz.plots.self_attention.clocks import APART, clocks, describe_clocks, hands
from seqviz.traces.self_attention.clocks import trace_clocks

TRACE = trace_clocks("pairs", 100.0, 5, 12)


def drawn(trace, position):
    return {one.uid: one for one in clocks(trace, position).figure.data if one.uid}


@pytest.mark.parametrize("layout", ["pairs", "halves"])
def test_a_hand_points_to_the_sine_across_and_the_cosine_up(layout):
    trace = trace_clocks(layout, 100.0, 5, 12)
    angles = 9 * trace.frequencies
    np.testing.assert_allclose(hands(trace, 9), np.stack([np.sin(angles), np.cos(angles)], 1), atol=1e-12)
    one = drawn(trace, 9)["hands-here"]
    np.testing.assert_allclose(one.x[1::3] - APART * np.arange(6), np.sin(angles), atol=1e-12)
    np.testing.assert_allclose(one.y[1::3], np.cos(angles), atol=1e-12)
    assert np.isnan(one.x[2::3]).all()


@pytest.mark.parametrize("position", [0, 9, 58])
def test_both_positions_are_framed_and_marked_on_the_curve(position):
    traces = drawn(TRACE, position)
    np.testing.assert_allclose(traces["products"].y, TRACE.products[position])
    for uid, at in (("here", position), ("later", position + 5)):
        assert min(traces[f"frame-{uid}"].x) == at - 0.5
        assert max(traces[f"frame-{uid}"].x) == at + 0.5
        assert list(traces[f"product-{uid}"].x) == [at]
        assert list(traces[f"product-{uid}"].y) == [TRACE.products[position, at]]


def test_rows_have_the_names_of_their_layout():
    ticks = clocks(trace_clocks("halves", 100.0, 5, 4), 0).figure.layout.yaxis2.ticktext
    assert list(ticks) == ["sin 1", "sin 2", "cos 1", "cos 2"]
    ticks = clocks(trace_clocks("pairs", 100.0, 5, 4), 0).figure.layout.yaxis2.ticktext
    assert list(ticks) == ["sin 1", "cos 1", "sin 2", "cos 2"]


def test_the_sentence_says_what_turns_and_what_stays():
    small = trace_clocks("pairs", 100.0, 1, 4)
    assert describe_clocks(small, 7) == (
        "Position t = 7: the fastest hand stands at 41°, the slowest at 40°, clockwise from the top. From t to t + 1 = "
        "8 the hands turn by 57°, 6°, wherever t is; and the product of the two encodings is 1.54, wherever t is."
    )
    stays = [describe_clocks(small, t).split("the hands turn")[1] for t in (0, 30)]
    assert stays[0] == stays[1]
