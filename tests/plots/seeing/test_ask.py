"""Bars are both networks' probabilities, the star is at the right answer, and the sentence says who is right."""

import numpy as np
import pytest

from seqviz.plots.seeing.ask import ask, ask_levels, ask_patch, describe_ask
from seqviz.traces.seeing.records import AskTrace, SceneDrawing

TRACE = AskTrace(
    drawing=SceneDrawing(
        names=("red triangle", "blue square"),
        colours=("#ff0000", "#0000ff"),
        middles=np.array([[2.0, 3], [6, 6.5]]),
        outlines=(np.array([[1.0, 2], [3, 2], [2, 4], [1, 2]]), np.array([[5.0, 5], [7, 5], [5, 7], [5, 5]])),
        size=8,
        oddity="touch",
    ),
    questions=("what colour is the square", "are both of one shape"),
    kinds=("colour", "same"),
    right=("blue", "no"),
    answers=("red", "blue", "no"),
    seeing=np.array([[0.2, 0.7, 0.1], [0.3, 0.6, 0.1]]),
    blind=np.array([[0.5, 0.4, 0.1], [0.0, 0.1, 0.9]]),
    weights=np.array([[[0.1, 0.2, 0.3, 0.4], [0.5, 0.2, 0.1, 0.2]], [[1.0, 0, 0, 0], [0, 0, 0, 1]]]),
)


@pytest.mark.parametrize("question", [0, 1])
def test_bars_and_star_are_those_of_the_question(question):
    traces = {trace.uid: trace for trace in ask(TRACE, question).figure.data if trace.uid}
    for name in ("seeing", "blind"):
        np.testing.assert_array_equal(traces[name].x, getattr(TRACE, name)[question])
        np.testing.assert_array_equal(traces[name].y, [1, 2, 3])
        assert traces[name].orientation == "h"
    assert list(traces["right"].y) == [[2, 3][question]]
    np.testing.assert_array_equal(traces["thing-2"].x, [5, 7, 5, 5])
    shown = [trace.name for trace in traces.values() if trace.showlegend is not False]
    assert shown == ["seeing", "blind", "right answer"]


def test_the_answers_are_listed_from_the_top():
    axis = ask(TRACE).figure.layout.yaxis3
    assert (axis.ticktext, axis.tickvals, axis.range) == (("red", "blue", "no"), (1, 2, 3), (3.5, 0.5))


def test_the_light_is_the_mean_of_the_glimpses():
    np.testing.assert_allclose(ask_patch(TRACE, 0)["weights.z"], [[0.3, 0.2], [0.2, 0.3]])
    np.testing.assert_allclose(ask_patch(TRACE, 1)["weights.z"], [[0.5, 0], [0, 0.5]])


def test_a_question_is_lit_by_what_seeing_gives_to_the_right_answer():
    np.testing.assert_array_equal(ask_levels(TRACE), [[0.7, 0.1]])


def test_the_sentence_says_what_is_right_and_what_both_answer():
    odd = " In no scene that it learned from do things lie so close."
    drawn = "Drawn are a red triangle (2 across, 3 down) and a blue square (6 across, 6.5 down)."
    assert describe_ask(TRACE, 0) == (
        f"{drawn} Question 1, “what colour is the square?”: right is “blue”. Seeing, it answers “blue” with 70%."
        f" Blind, it answers “red” with 50%, and “blue” with 40%.{odd}"
    )
    assert describe_ask(TRACE, 1) == (
        f"{drawn} Question 2, “are both of one shape?”: right is “no”. Seeing, it answers “blue” with 60%, and “no”"
        f" with 10%. Blind, it answers “no” with 90%.{odd}"
    )
