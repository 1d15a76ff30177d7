"""A network reading: the picture holds the trace's numbers."""

import numpy as np
import pytest

from seqviz.plots.recurrent.run import SHOWN, describe_run, likeliest, run, run_figure, surprise_levels, unit_levels
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
def test_the_bars_are_the_probabilities_of_the_selected_step_the_likeliest_on_top(step):
    _, bars, letters, frame = run(TRACE, step).figure.data
    order = np.argsort(-SOFTMAX[step])
    np.testing.assert_allclose(np.array(bars.x), SOFTMAX[step, order], rtol=1e-12)
    visible = ["h", "e", "l", "o", "␣", "⏎", "x"]
    assert list(bars.customdata) == [visible[i] for i in order] == list(letters.text)
    assert list(bars.y) == list(range(len(OUTPUTS))) == list(letters.y)
    np.testing.assert_array_equal(letters.x, bars.x)
    assert (min(frame.x), max(frame.x)) == (step + 0.5, step + 1.5)


def test_of_many_outputs_only_the_likeliest_have_a_bar():
    many = tuple("abcdefghijkl")
    logits = np.random.default_rng(0).normal(size=(1, len(many)))
    states = np.zeros((1, 2))
    trace = RunTrace(tokens=("a",), outputs=many, pre_activations=states, states=states, logits=logits)
    _, bars, letters, _ = run(trace, 0).figure.data
    assert list(bars.customdata) == list(letters.text) == [many[i] for i in np.argsort(-logits[0])[:SHOWN]]
    assert len(bars.x) == len(letters.x) == SHOWN


def test_a_character_is_painted_by_what_it_was_given_before_it_was_read():
    levels = surprise_levels(TRACE)
    assert np.isnan(levels[0])
    np.testing.assert_allclose(levels[3], SOFTMAX[2, OUTPUTS.index(TOKENS[3])], rtol=1e-12)


def test_a_unit_paints_from_one_end_of_the_scale_to_the_other():
    states = np.array([[-1.0, 0.5], [0.0, 1.0], [0.3, -0.5]])
    trace = RunTrace(tokens=("h", " ", "l"), outputs=OUTPUTS, pre_activations=states, states=states, logits=states)
    np.testing.assert_allclose(unit_levels(trace), [[0, 0.5, 0.65], [0.75, 1, 0.25]])


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


def test_the_sentence_says_what_was_written_from_there():
    states = np.zeros((2, 2))
    trace = RunTrace(
        tokens=("h", "e"),
        outputs=OUTPUTS,
        pre_activations=states,
        states=states,
        logits=np.zeros((2, len(OUTPUTS))),
        writings=("el lo", "hh"),
    )
    assert describe_run(trace, 0).endswith("Left alone it writes “el␣lo”.")
    assert describe_run(trace, 1).endswith("Left alone it writes “hh”.")
