"""An exercise as its author writes it, once, in ``solutions/checks/*.py``: cases, reference, named mistakes.

.. code-block:: python

    @exercise(returns="h_t: batch unit", groups={"one step": 2, "alpha = 1": 1}, forbid=("torch.nn", "seqviz.models"))
    class leaky_step:
        "One step of a leaky integrator."

        def inputs(generator):
            yield "one step", {"x_t": normal(generator, 3, 4), …}  # several cases, arguments in the order of the call

        def reference(x_t, h, W_xh, W_hh, b_h, alpha): …

        @mistake("leak on the wrong term", hint="…")
        def swapped_leak(x_t, h, W_xh, W_hh, b_h, alpha): …

The class is only a way to write these functions under one name; all are ordinary functions that one can call. When
the student writes a class, `reference` and mistakes are classes, and ``def drive(student, …)`` says how to exercise
one. It also runs what a function returns, where many answers are right. The driver is not secret, it travels with the
compiled check.
"""

import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from .comparison import Output

Inputs = Callable[[torch.Generator], Iterator[tuple[str, dict[str, Any]]]]


class ExerciseError(ValueError):
    """An exercise that its author has to repair, said in words."""


@dataclass(frozen=True)
class Mistake:
    """A mistake that students make, as code that makes it, with a hint that does not give the answer away."""

    name: str
    hint: str
    function: Callable[..., Any]

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Make the mistake."""
        return self.function(*arguments, **named)


@dataclass(frozen=True)
class Case:
    """One call: the group whose points it counts for, and its arguments in the order of the call."""

    group: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Exercise:
    """What a check file says about one function the student writes."""

    name: str
    summary: str
    inputs: Inputs
    reference: Callable[..., Any]
    mistakes: tuple[Mistake, ...]
    outputs: tuple[Output, ...]
    groups: Mapping[str, float]  # weights; the points of the notebook's cell are divided in their proportion
    forbid: tuple[str, ...] = ()
    tolerance: float = 1e-9
    seconds: float = 5.0
    driver: str = ""  # source of `drive(student, …)`, for a class or anything else that one call cannot test
    drive: Callable[..., Any] | None = field(default=None, compare=False)

    def parameters(self) -> list[str]:
        """Return the names of the arguments: the driver's, without the student, or the function's."""
        if self.drive is not None:
            return list(inspect.signature(self.drive).parameters)[1:]
        return list(inspect.signature(self.reference).parameters)


def exercise(
    *,
    returns: str | tuple[str, ...],
    groups: Mapping[str, float],
    forbid: tuple[str, ...] = (),
    tolerance: float = 1e-9,
    seconds: float = 5.0,
) -> Callable[[type], Exercise]:
    """Turn a class with `inputs`, `reference` and mistakes, and perhaps `drive`, into an :class:`Exercise`.

    Args:
        returns: name and axes of the output, ``"h_t: batch unit"``; a tuple of these if the function returns several.
        groups: the groups of cases and their weights; a group's points are earned when all of its cases are right.
        forbid: dotted names that the student may not use (``"torch.nn"``), or attributes of anything (``".backward"``).
        tolerance: for float64, see :func:`seqviz.checks.comparison.compare`.
        seconds: time limit for all cases together.
    """

    def build(written: type) -> Exercise:
        members = vars(written)
        missing = [name for name in ("inputs", "reference") if not callable(members.get(name))]
        if missing:
            raise ExerciseError(f"{written.__name__}: no function {' and no '.join(missing)}")
        drive = members.get("drive")
        return Exercise(
            name=written.__name__,
            summary=inspect.cleandoc(written.__doc__ or ""),
            inputs=members["inputs"],
            reference=members["reference"],
            mistakes=tuple(member for member in members.values() if isinstance(member, Mistake)),
            outputs=tuple(Output.parse(text) for text in ((returns,) if isinstance(returns, str) else returns)),
            groups=dict(groups),
            forbid=forbid,
            tolerance=tolerance,
            seconds=seconds,
            driver=textwrap.dedent(inspect.getsource(drive)) if drive else "",
            drive=drive,
        )

    return build


def mistake(name: str, *, hint: str) -> Callable[[Callable[..., Any]], Mistake]:
    """Mark a function of an exercise as a mistake with its name and hint."""
    return lambda function: Mistake(name, hint, function)


def draw_cases(exercise: Exercise, seed: int) -> list[Case]:
    """Draw the cases of ``exercise``: the same ones for the same seed."""
    parameters = exercise.parameters()
    cases = []
    for group, arguments in exercise.inputs(torch.Generator().manual_seed(seed)):
        if list(arguments) != parameters:
            raise ExerciseError(f"{exercise.name}: inputs draw {list(arguments)}, the reference takes {parameters}")
        if group not in exercise.groups:
            raise ExerciseError(f"{exercise.name}: inputs draw for group {group!r}, of {list(exercise.groups)}")
        cases.append(Case(group, arguments))
    if not cases:
        raise ExerciseError(f"{exercise.name}: inputs draw no case")
    empty = set(exercise.groups) - {case.group for case in cases}
    if empty:
        raise ExerciseError(f"{exercise.name}: no case for the group {', '.join(sorted(empty))}")
    return cases


def normal(
    generator: torch.Generator, *shape: int, scale: float = 1.0, dtype: torch.dtype = torch.float64
) -> torch.Tensor:
    """Draw normal numbers, of float64 unless told."""
    return (torch.randn(shape, generator=generator, dtype=torch.float64) * scale).to(dtype)
