"""A quiz: what it sends, what is left of it without a browser, and what it refuses."""

import pytest

from seqviz.widgets.quizzes import quiz

ANSWERS = {"3": "It is used at every step.", "1": "Yes: one matrix."}


def test_every_answer_travels_with_whether_it_is_right_and_its_reason(wire):
    state = wire.opened(quiz("How many matrices?", ANSWERS, right="1"))
    assert state["kind"] == "quiz"
    assert state["question"] == "How many matrices?"
    assert state["answers"] == [["3", False, "It is used at every step."], ["1", True, "Yes: one matrix."]]


def test_its_text_asks_and_does_not_tell():
    data, _ = quiz("How many matrices?", ANSWERS, right="1")._repr_mimebundle_()
    assert data["text/plain"] == "How many matrices?\n( ) 3\n( ) 1"
    assert "application/vnd.jupyter.widget-view+json" in data


@pytest.mark.parametrize(
    ("answers", "right", "message"),
    [
        ({"1": "Yes."}, "1", "at least two answers, got 1"),
        ({}, "1", "at least two answers, got 0"),
        (ANSWERS, "2", r"right: expected one of \['3', '1'\], got '2'"),
        ({"3": " ", "1": "Yes."}, "1", r"a reason for every answer, got none for \['3'\]"),
    ],
)
def test_a_quiz_that_cannot_be_answered_or_explained_is_refused(answers, right, message):
    with pytest.raises(ValueError, match=message):
        quiz("How many matrices?", answers, right=right)
