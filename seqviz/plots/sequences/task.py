"""One example of a task, step by step: what a network reads and what it answers, and when."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, INK, add_mark, in_one_trace, new_figure, visible

_INPUT, _NETWORK, _OUTPUT = 0, 1, 2  # heights


@dataclass(frozen=True)
class TaskExample:
    """An example; inputs come at the first steps, outputs from ``first_answer`` on, both counted from 1."""

    question: str
    shape: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    first_answer: int

    @property
    def steps(self) -> int:
        """How many steps the network takes."""
        return max(len(self.inputs), self.first_answer + len(self.outputs) - 1)

    def read_at(self, t: int) -> str | None:
        """Return what is read at step t."""
        return self.inputs[t - 1] if t <= len(self.inputs) else None

    def said_at(self, t: int) -> str | None:
        """Return what is answered at step t."""
        answered = self.first_answer <= t < self.first_answer + len(self.outputs)
        return self.outputs[t - self.first_answer] if answered else None


def task_figure(task: TaskExample) -> go.Figure:
    """Draw the network as a row of grey boxes, the inputs that go in from below and the answers that come out above.

    Columns are numbered from 0, as selections are, so that pointing at one selects it; their labels count from 1.
    """
    steps = task.steps
    figure = new_figure(290, margin={"l": 76, "r": 16, "t": 44, "b": 40}, hovermode=False)
    figure.update_layout(title={"text": task.shape, "x": 0.02, "font": {"size": 15}})
    figure.update_xaxes(
        title="step t",
        range=[-0.6, max(steps, 3) - 0.4],
        tickvals=list(range(steps)),
        ticktext=list(range(1, steps + 1)),
        showgrid=False,
    )
    figure.update_yaxes(
        range=[-0.45, 2.45],
        tickvals=[_INPUT, _NETWORK, _OUTPUT],
        ticktext=["reads x", "network", "says y"],
        showgrid=False,
        zeroline=False,
    )
    figure.update_xaxes(zeroline=False)
    _draw_arrows(figure, task)
    columns = list(range(steps))
    box = {"symbol": "square", "size": 26, "color": "rgba(128,128,128,0.45)", "line": {"width": 1.5, "color": INK}}
    figure.add_scatter(x=columns, y=[_NETWORK] * steps, mode="markers", marker=box)
    _draw_tokens(figure, task.inputs, 0, _INPUT)
    _draw_tokens(figure, task.outputs, task.first_answer - 1, _OUTPUT, uid="answers")
    for uid, height, color in (("read", _INPUT - 0.22, CATEGORICAL[0]), ("said", _OUTPUT + 0.22, CATEGORICAL[5])):
        # a bar under what has been read and over what has been said: empty until a step is selected
        figure.add_scatter(uid=uid, x=[None] * steps, y=[height] * steps, mode="markers", marker=_bar(color))
    add_mark(figure, (-0.45, 2.45))
    lit = {"symbol": "square", "size": 34, "color": "rgba(0,0,0,0)", "line": {"width": 3, "color": HIGHLIGHT}}
    figure.add_scatter(uid="at-work", x=[0], y=[_NETWORK], mode="markers", marker=lit)
    # a copy of each input: the one that is read stands in the network
    _draw_tokens(figure, task.inputs, 0, _NETWORK, uid="entering", textfont={"size": 15, "weight": 700})
    return figure


def _draw_arrows(figure: go.Figure, task: TaskExample) -> None:
    steps = range(1, task.steps + 1)
    arrows = [((t - 1, _INPUT + 0.22), (t - 1, _NETWORK - 0.2)) for t in steps if task.read_at(t)]
    arrows += [((t - 1, _NETWORK + 0.2), (t - 1, _OUTPUT - 0.22)) for t in steps if task.said_at(t)]
    arrows += [((t - 0.8, _NETWORK), (t - 0.2, _NETWORK)) for t in steps if t < task.steps]
    x, y = in_one_trace(arrows)
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines+markers",
        line={"color": INK, "width": 1.5},
        marker={
            "symbol": "arrow",
            "angleref": "previous",
            "size": [0, 9, 0] * len(arrows),
            "opacity": 1,
            "line_width": 0,
            "color": INK,
        },
    )


def _draw_tokens(figure: go.Figure, tokens: Sequence[str], first_column: int, height: float, **look: object) -> None:
    figure.add_scatter(
        x=list(range(first_column, first_column + len(tokens))),
        y=[height] * len(tokens),
        text=[visible(token) for token in tokens],
        mode="text",
        cliponaxis=False,
        **look,
    )


def _bar(color: str) -> dict[str, object]:
    return {"symbol": "line-ew", "size": 22, "line": {"color": color, "width": 5}}


def task_patch(task: TaskExample, selection: int) -> Patch:
    """What follows the selected step (counted from 0).

    Bars stand at what was read and said so far, what is read enters the network, and an answer appears when it is said.
    """
    columns = np.arange(task.steps, dtype=float)
    so_far = columns <= selection
    read = np.where(so_far & (columns < len(task.inputs)), columns, np.nan)
    said = np.where(so_far & (columns >= task.first_answer - 1), columns, np.nan)
    inputs, answers = columns[: len(task.inputs)], columns[task.first_answer - 1 :][: len(task.outputs)]
    return {
        "read.x": read,
        "said.x": said,
        "mark.x": [selection, selection],
        "at-work.x": [selection],
        "entering.y": np.where(inputs == selection, _NETWORK, np.nan),
        "answers.y": np.where(answers <= selection, _OUTPUT, np.nan),
    }


def describe_task(task: TaskExample, selection: int) -> str:
    """Say the shape, and what is read and said at the selected step, counted from 0."""
    t = selection + 1
    read, said = task.read_at(t), task.said_at(t)
    reads = f"reads “{read}”" if read else "reads nothing new"
    says = f"says “{said}”" if said else "says nothing yet"
    lengths = f"T_x = {len(task.inputs)}, T_y = {len(task.outputs)}"
    return f"“{task.question}” {task.shape.capitalize()}, {lengths}. Step {t} of {task.steps}: it {reads} and {says}."


def task(task: TaskExample, selection: int) -> Picture:
    """Draw the example as far as the selected step, counted from 0."""
    return Picture(patched(task_figure(task), task_patch(task, selection)), describe_task(task, selection))
