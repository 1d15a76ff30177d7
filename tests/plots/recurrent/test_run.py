"""A network reading: the picture holds the trace's numbers."""

import numpy as np
import pytest

from seqviz.plots.recurrent.run import describe_run, likeliest, run, run_figure
from seqviz.traces.recurrent.records import RunTrace
from tests.plots.example_traces import OUTPUTS, TOKENS, run_trace

TRACE = run_trace()
SOFTMAX = np.exp(TRACE.logits) / np.exp(TRACE.logits).sum(1, keepdims=True)


def test_the_heat_map_holds_every_state_one_column_for_each_step():
    heatmap = run_figure(TRACE).data[0]
    np.testing.assert_array_equal(np.array(heatmap.z), TRACE.states.T)
    assert -heatmap.zmin == heatmap.zmax >= np.abs(TRACE.states).max()


def test_the_colours_reach_states_beyond_one():
    trace = RunTrace(
        tokens=TOKENS, outputs=OUTPUTS, pre_activations=TRACE.states * 5, states=TRACE.states * 5, logits=TRACE.logits
    )
    assert run_figure(trace).data[0].zmax == np.abs(trace.states).max() > 1


@pytest.mark.parametrize("step", range(len(TOKENS)))
def test_the_bars_are_the_probabilities_of_the_selected_step_and_the_frame_is_around_its_column(step):
    figure = run(TRACE, step).figure
    np.testing.assert_allclose(np.array(figure.data[1].x), SOFTMAX[step], rtol=1e-12)
    assert list(figure.data[1].y) == ["h", "e", "l", "o", "␣", "⏎", "x"]
    assert (min(figure.data[2].x), max(figure.data[2].x)) == (step + 0.5, step + 1.5)


def test_the_likeliest_come_first_and_a_tie_keeps_the_order_of_the_outputs():
    expected = sorted(zip(OUTPUTS, SOFTMAX[2], strict=True), key=lambda pair: -pair[1])[:4]
    names, probabilities = zip(*likeliest(TRACE, 2, 4), strict=True)
    assert names == tuple(name for name, _ in expected)
    np.testing.assert_allclose(probabilities, [probability for _, probability in expected], rtol=1e-12)
    level = RunTrace(
        tokens=TOKENS,
        outputs=OUTPUTS,
        pre_activations=TRACE.states,
        states=TRACE.states,
        logits=np.zeros_like(TRACE.logits),
    )
    assert [name for name, _ in likeliest(level, 0)] == list(OUTPUTS[:3])


def test_the_sentence_says_what_was_read_how_large_the_state_is_and_what_comes_next():
    logits = np.log(np.array([[0.5, 0.3, 0.1, 0.04, 0.03, 0.02, 0.01]] * 3))
    states = np.array([[1.0, 0.0], [0.3, 0.4], [0.0, 2.0]])
    trace = RunTrace(tokens=("h", " ", "l"), outputs=OUTPUTS, pre_activations=states, states=states, logits=logits)
    assert describe_run(trace, 1) == ("After step 2 of 3, “h␣”: ‖h‖ = 0.50; next it expects “h” 50%, “e” 30%, “l” 10%.")
