"""Sequences: what shape a task has, and what a model makes of a pattern that moves."""

from collections.abc import Callable, Collection, Mapping

from torch import Tensor

from seqviz.data.shifted_pattern import RAMPS, ramp_positions
from seqviz.data.tasks import TASKS
from seqviz.plots import shift as shift_plots
from seqviz.plots import task as task_plots
from seqviz.plots.task import TaskExample
from seqviz.traces.records import ShiftTrace
from seqviz.traces.shift import trace_shift
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View


def task_shapes(question: str = "Is the review good?") -> Explorer[TaskExample]:
    """Pick a task and step through its example: what is read, what is said, and which shape that makes."""
    longest = max(task.steps for task in TASKS.values())
    return Explorer(
        "A task and its shape",
        _example,
        View(
            figure=task_plots.task_figure,
            patch=task_plots.task_patch,
            describe=task_plots.describe_task,
            selections=lambda task: task.steps,
            structure=lambda task: task.question,
            extra=lambda _task: {"pick": "xaxis"},
        ),
        [Choice("question", "Task", list(TASKS), question)],
        Range("step", "Step t", 0, longest - 1, 1, TASKS[question].steps - 1, browser=True, offset=1),
    )


def _example(question: str) -> TaskExample:
    task = TASKS[question]
    return TaskExample(question, task.shape, task.inputs, task.outputs, task.first_answer)


def shifted_pattern(
    models: Mapping[str, Callable[[Tensor], Tensor]], trained: Collection[int], time: int = 32
) -> Explorer[ShiftTrace]:
    """Slide a ramp in time and watch what each model answers, in places it was trained on and in others.

    where models map x (batch, time, 1) to two scores, and trained holds the places (counted from 0) of training.
    """
    places = ramp_positions(time)

    def source(right: str, noise: float, background: str) -> ShiftTrace:
        return trace_shift(models, right, trained, time=time, noise=noise, seed=int(background))

    # it opens where the models disagree most
    answers = list(source(RAMPS[0], 0.3, "1").probabilities.values())
    telling = max(range(len(places)), key=lambda i: max(p[i] for p in answers) - min(p[i] for p in answers))

    return Explorer(
        "Shift the pattern",
        source,
        View(
            figure=shift_plots.shift_figure,
            patch=shift_plots.shift_patch,
            describe=shift_plots.describe_shift,
            selections=lambda trace: len(trace.starts),
            structure=lambda trace: (trace.inputs.shape, tuple(trace.probabilities)),
            extra=lambda _trace: {"pick": "xaxis"},
        ),
        [
            Choice("right", "Ramp", list(RAMPS), RAMPS[0]),
            Choice("background", "Noise drawn", ["1", "2", "3"], "1"),
            Range("noise", "Strength of the noise", 0, 1, 0.1, 0.3, recorded=6),
        ],
        Range("place", "Starts at step", 0, len(places) - 1, 1, telling, browser=True, offset=places[0] + 1),
    )
