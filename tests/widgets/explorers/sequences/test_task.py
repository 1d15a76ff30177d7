"""Every task is drawn with its tokens."""

import numpy as np
import pytest

from seqviz.data import TASKS
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened
from tests.widgets.wire import size_in_bytes

# a task and its shape


@pytest.mark.parametrize("question", TASKS)
def test_every_task_is_drawn_with_its_tokens_and_a_sentence_for_each_step(wire, question):
    task = TASKS[question]
    explorer = explore.task("Which digit is in the picture?")
    content = opened(wire, explorer)["content"]
    if question != explorer.values["question"]:
        update = answer(wire, explorer, question=question)
        content = update["content"]
        assert list(update["figure"]["data"][2]["text"]) == list(task.inputs)
        assert list(update["figure"]["data"][3]["text"]) == list(task.outputs)
        assert update["figure"]["layout"]["title"]["text"] == task.shape
    assert content["selections"] == task.steps == len(content["sentences"])
    said = content["patches"]["data.5.x"]
    assert said.shape == (task.steps, task.steps)
    # after the last step everything has been said, before the first answer nothing
    assert np.count_nonzero(~np.isnan(said[-1])) == len(task.outputs)
    assert np.isnan(said[: task.first_answer - 1]).all()


def test_it_opens_on_the_last_step_of_a_task_that_answers_there():
    explorer = explore.task()
    assert explorer.still()[1].endswith("Step 9 of 9: it reads “all” and says “good”.")
    assert size_in_bytes(explorer) < 50_000


def test_a_step_beyond_a_shorter_task_shows_its_last(wire):
    explorer = explore.task("Write down what is said")
    answer(wire, explorer, question="Which digit is in the picture?")
    assert explorer.still()[1].endswith("Step 1 of 1: it reads “picture” and says “3”.")
