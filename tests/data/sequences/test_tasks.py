"""Examples of tasks, sorted by shape."""

import pytest

from seqviz.data.sequences.tasks import TASKS
from seqviz.plots import SEQUENCE_SHAPES


def test_every_shape_has_a_task():
    assert {task.shape for task in TASKS.values()} == set(SEQUENCE_SHAPES)


@pytest.mark.parametrize("name", TASKS)
def test_the_lengths_are_those_of_the_shape(name):
    task = TASKS[name]
    T_x, T_y = len(task.inputs), len(task.outputs)
    shapes = {
        "one to one": T_x == T_y == 1,
        "one to many": T_x == 1 < T_y,
        "many to one": T_x > 1 == T_y,
        "many to many, equal lengths": T_x == T_y > 1,
        "many to many, unequal lengths": T_x > 1 < T_y != T_x,
    }
    assert [shape for shape, fits in shapes.items() if fits] == [task.shape]


def test_an_answer_comes_with_its_input_at_the_end_or_after_the_reading():
    assert (TASKS["Describe a picture"].steps, TASKS["Describe a picture"].first_answer) == (5, 1)
    assert (TASKS["Is the review good?"].steps, TASKS["Is the review good?"].first_answer) == (9, 9)
    assert (TASKS["Which words are names?"].steps, TASKS["Which words are names?"].first_answer) == (6, 1)
    assert (TASKS["Translate"].steps, TASKS["Translate"].first_answer) == (9, 5)
