"""A blind change to a solution that changes its result anywhere loses points in the public check."""

from dataclasses import replace

import pytest
import torch

from seqviz.checks.calling import call, call_all
from seqviz.checks.comparison import compare
from seqviz.checks.compiled import Check
from seqviz.checks.diagnosis import diagnose
from tests.exercises.course import Task, defined_by, earlier_cells, solved, tasks
from tests.exercises.known import ALTERNATES, DRAWS
from tests.exercises.mutants import mutants

pytestmark = pytest.mark.exercise
DRAWN = 60
every_task = pytest.mark.parametrize("task", tasks(), ids=str)


def drawn(task: Task) -> list[dict]:
    generator = torch.Generator().manual_seed(7)
    return [DRAWS[task.asked.name](generator) for _ in range(DRAWN)]


def loses_points(check: Check, function) -> bool:
    """Say whether any case fails, which costs its group's points; most changes show in the first."""
    for case, expected in zip(check.cases, check.expected, strict=True):
        alone = replace(check, cases=(case,), expected=(expected,), mistakes=(), groups={case.group: 1})
        if not diagnose(alone, [call(check.driven(function), case.arguments, check.seconds)]).passed:
            return True
    return False


@every_task
def test_the_draws_are_inputs_of_the_exercise(task: Task):
    check = task.public
    right = check.driven(task.exercise.reference)
    for arguments in drawn(task):
        assert list(arguments) == task.exercise.parameters()
        for way in (solved(task), *ALTERNATES[task.asked.name]):
            answer = check.driven(way)(*arguments.values())
            assert compare(right(*arguments.values()), answer, check.tolerance) is None


@every_task
def test_every_change_that_changes_anything_loses_points(task: Task):
    check, inputs = task.public, drawn(task)
    right = [outcome.value for outcome in call_all(check.driven(solved(task)), inputs, 60)]
    made, caught, missed = 0, 0, []
    for what, source in mutants(task.solution_source):
        made += 1
        function = defined_by(source, task.asked.name, earlier_cells(task))
        if loses_points(check, function):
            caught += 1
            continue
        outcomes = call_all(check.driven(function), inputs, 60)
        tolerance = max(check.tolerance, 1e-7)
        if any(compare(value, outcome.value, tolerance) for value, outcome in zip(right, outcomes, strict=True)):
            missed.append(what)
    assert missed == []
    assert made >= 25
    # the others change nothing: both orders of a sum, a start of zeros; weights set by hand, judged by what they do,
    # may be larger or smaller
    assert caught >= (0.5 if check.driver else 0.8) * made
