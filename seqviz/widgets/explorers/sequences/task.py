"""What shape a task has."""

from seqviz.data.sequences.tasks import TASKS
from seqviz.plots.sequences import task as plots
from seqviz.plots.sequences.task import TaskExample
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View


def task(question: str = "Is the review good?") -> Explorer[TaskExample]:
    """Pick a task and step through its example: what is read, what is answered, and which shape the task has."""
    longest = max(task.steps for task in TASKS.values())
    return Explorer(
        "A task and its shape",
        _example,
        View(
            figure=plots.task_figure,
            patch=plots.task_patch,
            describe=plots.describe_task,
            selections=lambda task: task.steps,
            structure=lambda task: task.question,
            pick="xaxis",
        ),
        [Choice("question", "Task", list(TASKS), question)],
        Range(
            "step",
            "Step t",
            minimum=0,
            maximum=longest - 1,
            step=1,
            value=TASKS[question].steps - 1,
            browser=True,
            offset=1,
            play="Read and answer",
        ),
    )


def _example(question: str) -> TaskExample:
    task = TASKS[question]
    return TaskExample(
        question=question, shape=task.shape, inputs=task.inputs, outputs=task.outputs, first_answer=task.first_answer
    )
