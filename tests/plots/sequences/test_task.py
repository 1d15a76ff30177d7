"""A task step by step: what is read and said, and when."""

import numpy as np
import pytest

from seqviz.data.sequences.tasks import TASKS
from seqviz.plots.sequences import task as plots
from seqviz.plots.sequences.task import TaskExample, describe_task, task_figure

EQUAL = TaskExample(
    question="Names?",
    shape="many to many, equal lengths",
    inputs=("Ada", "is", "in"),
    outputs=("name", "–", "–"),
    first_answer=1,
)
TO_ONE = TaskExample(question="Good?", shape="many to one", inputs=("not", "bad"), outputs=("good",), first_answer=2)
TO_MANY = TaskExample(
    question="Tune?", shape="one to many", inputs=("C",), outputs=("E", "F", " ", "G"), first_answer=1
)
UNEQUAL = TaskExample(
    question="Translate",
    shape="many to many, unequal lengths",
    inputs=("ça", "va"),
    outputs=("how", "are", "you"),
    first_answer=3,
)
EXAMPLES = [EQUAL, TO_ONE, TO_MANY, UNEQUAL]


def test_reading_and_answering_are_at_their_steps():
    assert [task.steps for task in EXAMPLES] == [3, 2, 4, 5]
    assert [UNEQUAL.read_at(t) for t in range(1, 6)] == ["ça", "va", None, None, None]
    assert [UNEQUAL.said_at(t) for t in range(1, 6)] == [None, None, "how", "are", "you"]
    assert [TO_ONE.said_at(t) for t in (1, 2)] == [None, "good"]


@pytest.mark.parametrize("task", EXAMPLES, ids=lambda task: task.question)
def test_tokens_stand_at_their_steps_and_arrows_where_something_passes(task):
    figure = task_figure(task)
    arrows, boxes, read, said = figure.data[:4]
    steps = range(1, task.steps + 1)
    assert list(boxes.x) == [t - 1 for t in steps], "a column's place is its selection"
    axis = figure.layout.xaxis
    assert list(zip(axis.tickvals, axis.ticktext, strict=True)) == [(t - 1, t) for t in steps]
    assert list(zip(read.x, read.text, strict=True)) == [(t - 1, task.read_at(t)) for t in steps if task.read_at(t)]
    expected = [(t - 1, task.said_at(t).replace(" ", "␣")) for t in steps if task.said_at(t)]
    assert list(zip(said.x, said.text, strict=True)) == expected
    # one arrow for every input, every answer, and every step to the next
    assert len([x for x in arrows.x if x is not None]) // 2 == len(task.inputs) + len(task.outputs) + task.steps - 1


@pytest.mark.parametrize("task", EXAMPLES, ids=lambda task: task.question)
def test_bars_stand_at_what_has_been_read_and_said_so_far(task):
    for selection in range(task.steps):
        figure = plots.task(task, selection).figure
        read, said, mark = (np.array(trace.x, dtype=float) for trace in figure.data[4:7])
        so_far = range(selection + 1)
        assert list(read[~np.isnan(read)]) == [k for k in so_far if task.read_at(k + 1)]
        assert list(said[~np.isnan(said)]) == [k for k in so_far if task.said_at(k + 1)]
        assert list(mark) == [selection, selection]


@pytest.mark.parametrize("task", EXAMPLES, ids=lambda task: task.question)
def test_what_is_read_enters_the_network_and_an_answer_appears_when_it_is_said(task):
    for selection in range(task.steps):
        drawn = {trace.uid: trace for trace in plots.task(task, selection).figure.data if trace.uid}

        def there(uid, drawn=drawn):
            return [text for text, y in zip(drawn[uid].text, drawn[uid].y, strict=True) if not np.isnan(y)]

        assert there("entering") == [read for read in [task.read_at(selection + 1)] if read]
        said = [task.said_at(t) for t in range(1, selection + 2)]
        assert there("answers") == [answer.replace(" ", "␣") for answer in said if answer]
        assert list(drawn["at-work"].x) == [selection]


def test_the_sentence_says_the_shape_and_the_step():
    assert describe_task(UNEQUAL, 1) == (
        "“Translate” Many to many, unequal lengths, T_x = 2, T_y = 3. Step 2 of 5: it reads “va” and says nothing yet."
    )
    assert describe_task(UNEQUAL, 3).endswith("Step 4 of 5: it reads nothing new and says “are”.")


@pytest.mark.parametrize("question", TASKS)
def test_every_task_of_the_data_can_be_drawn_at_every_step(question):
    task = TASKS[question]
    example = TaskExample(
        question=question, shape=task.shape, inputs=task.inputs, outputs=task.outputs, first_answer=task.first_answer
    )
    assert example.steps == task.steps
    drawn = [str(text) for trace in task_figure(example).data[2:4] for text in trace.text]
    assert drawn == [*task.inputs, *task.outputs]
    assert all(describe_task(example, selection) for selection in range(task.steps))
