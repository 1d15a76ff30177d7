"""The tests of a test that need no notebook: the reference passes, every mistake is caught, named and told apart."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from seqviz.checks.authoring import Exercise
from seqviz.checks.calling import Outcome, call_all
from seqviz.checks.compiled import Check
from seqviz.checks.diagnosis import diagnose


def faults(exercise: Exercise, check: Check) -> Iterator[str]:
    """Yield, in words, everything that keeps ``check`` from being a fair and sharp one."""
    yield from _reference_faults(exercise, check)
    yield from _mistake_faults(exercise, check)


def _reference_faults(exercise: Exercise, check: Check) -> Iterator[str]:
    verdict = diagnose(check, _outcomes(exercise, check, exercise.reference))
    for failure in verdict.failures[:1]:
        what = failure.difference or f"it changes its input {', '.join(failure.outcome.changed)}"
        yield f"the reference fails its own check in case {failure.case + 1}: {what}"
    for number, expected in enumerate(check.expected, start=1):
        answers = expected if isinstance(expected, tuple) else (expected,)
        if len(answers) != len(check.outputs):
            yield f"case {number}: the reference returns {len(answers)} outputs, `returns` names {len(check.outputs)}"
            return
        for output, answer in zip(check.outputs, answers, strict=True):
            axes = answer.ndim if isinstance(answer, (torch.Tensor, np.ndarray)) else 0
            if axes != len(output.axes):
                yield f"case {number}: {output.name} has {axes} axes, `returns` names {len(output.axes)}"


def _mistake_faults(exercise: Exercise, check: Check) -> Iterator[str]:
    names = [known.name for known in exercise.mistakes]
    yield from (f"two mistakes are called “{name}”" for name in {name for name in names if names.count(name) > 1})
    for known in exercise.mistakes:
        if not known.hint.strip():
            yield f"the mistake “{known.name}” has no hint"
        verdict = diagnose(check, _outcomes(exercise, check, known.function))
        if verdict.passed or verdict.points >= check.points:
            yield f"the mistake “{known.name}” gets full points: no case catches it"
        elif verdict.mistake is None:
            yield f"the mistake “{known.name}” is not recognised: it raises in every case, or is not repeatable"
        elif verdict.mistake.name != known.name:
            yield f"the mistake “{known.name}” is taken for “{verdict.mistake.name}”: no case tells them apart"


def _outcomes(exercise: Exercise, check: Check, function: Callable[..., Any]) -> list[Outcome]:
    return call_all(check.driven(function), [case.arguments for case in check.cases], exercise.seconds)
