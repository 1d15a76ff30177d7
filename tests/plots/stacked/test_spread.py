"""What an erased input moves: the picture holds the trace's numbers."""

import numpy as np
import pytest
import torch

from seqviz.models.stacked.bidirectional import Bidirectional
from seqviz.models.stacked.recurrent_layers import RNNLayer
from seqviz.models.stacked.stack import Stacked
from seqviz.plots.stacked.spread import DECADES, arrivals, describe_spread, spread, spread_figure
from seqviz.traces.stacked.records import SpreadTrace
from seqviz.traces.stacked.spread import trace_spread
from tests.plots.example_traces import TOKENS, spread_trace

TRACE = spread_trace()


@pytest.mark.parametrize("erased", range(len(TOKENS)))
def test_the_colours_are_logarithms_and_what_does_not_move_is_empty(erased):
    figure = spread(TRACE, erased).figure
    shown = np.array(figure.data[0].z, dtype=float)
    still = TRACE.changes[erased] == 0
    assert still.any()
    assert np.isnan(shown[still]).all()
    np.testing.assert_allclose(10 ** shown[~still], TRACE.changes[erased][~still], rtol=1e-12)
    assert (min(figure.data[1].x), max(figure.data[1].x)) == (erased + 0.5, erased + 1.5)


def test_rows_bear_their_names_and_colours_do_not_depend_on_the_step():
    figure = spread_figure(TRACE)
    assert list(figure.layout.yaxis.ticktext) == list(TRACE.rows)
    assert (figure.data[0].zmin, figure.data[0].zmax) == DECADES
    assert figure.layout.yaxis.range[0] < figure.layout.yaxis.range[1], "the input is at the bottom"


@pytest.mark.parametrize("erased", range(len(TOKENS)))
def test_a_state_is_as_many_connections_away_as_layers_and_steps_lie_between(erased):
    hops = arrivals(TRACE, erased)
    steps = np.arange(len(TOKENS)) - erased
    assert [t for t, hop in enumerate(hops[0]) if hop == 0] == [erased]
    np.testing.assert_array_equal(hops[1], np.where(steps >= 0, 1 + steps, np.nan))
    np.testing.assert_array_equal(hops[2], np.where(steps <= 0, 1 - steps, np.nan))
    # one layer further up both directions of the layer below have carried it to every step
    np.testing.assert_array_equal(hops[3], 2 + np.abs(steps))
    np.testing.assert_array_equal(hops[4], 2 + np.abs(steps))


def test_what_moves_in_a_real_stack_is_what_a_connection_reaches():
    torch.manual_seed(0)
    layers = [Bidirectional(RNNLayer(3, 4), RNNLayer(3, 4)), RNNLayer(8, 4)]
    trace = trace_spread(Stacked(layers), torch.randn(6, 3), tuple("abcdef"))
    for erased in range(6):
        np.testing.assert_array_equal(np.isnan(arrivals(trace, erased)), trace.changes[erased] == 0)


def test_what_is_beyond_the_scale_takes_its_end():
    tiny = SpreadTrace(("a", "b"), ("input", "layer 1"), np.array([[[1.0, 0.0], [1e-9, 1e9]]] * 2))
    np.testing.assert_array_equal(np.array(spread(tiny, 0).figure.data[0].z)[1], DECADES)


def test_the_sentence_names_rows_that_say_the_same_together():
    changes = np.ones((1, 5, 3))
    changes[0, 1, 0] = 0
    changes[0, 2] = 0
    trace = SpreadTrace(("x", "y", "z"), ("input", "one", "two", "three", "four"), changes)
    assert describe_spread(trace, 0) == (
        "Erase “x”, step 1: in one the states of steps 2 to 3 move; in two nothing moves; "
        "in three and four the states of all steps move."
    )
    single = SpreadTrace(("x", "y"), ("input", "one"), np.array([[[1.0, 0.0], [0.0, 2.0]]]))
    assert describe_spread(single, 0) == "Erase “x”, step 1: in one the state of step 2 moves."
