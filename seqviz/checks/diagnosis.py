"""Judge the outcomes of a student's calls: points by group, what is wrong first, and whether it is a known mistake."""

from collections.abc import Sequence
from dataclasses import dataclass

from .calling import Outcome
from .comparison import Difference, compare
from .compiled import Check, KnownMistake
from .slips import Slip, find_slip
from .values import Raised, Unsupported


@dataclass(frozen=True)
class Failure:
    """A case that is not right: its number, what came, and either a difference or the inputs that were changed."""

    case: int
    outcome: Outcome
    difference: Difference | None


@dataclass(frozen=True)
class GroupResult:
    """The points of one group: all when every case is right, a part when some of several outputs are in every case."""

    name: str
    points: float
    max_points: float

    @property
    def passed(self) -> bool:
        """Whether every case of the group is right."""
        return self.points == self.max_points


@dataclass(frozen=True)
class Verdict:
    """The judgement on one function."""

    points: float
    max_points: float
    groups: tuple[GroupResult, ...]
    failures: tuple[Failure, ...]
    mistake: KnownMistake | Slip | None

    @property
    def passed(self) -> bool:
        """Whether every case is right."""
        return not self.failures


def diagnose(check: Check, outcomes: Sequence[Outcome]) -> Verdict:
    """Compare every outcome with the expected value, and all of them jointly with known mistakes and common slips."""
    failures, right = [], []
    for number, (expected, outcome) in enumerate(zip(check.expected, outcomes, strict=True)):
        right.append(right_outputs(check, number, outcome))
        if not all(right[-1]):
            difference = compare(expected, outcome.value, check.tolerance, check.outputs)
            failures.append(Failure(number, outcome, difference))
    groups = _group_results(check, right)
    return Verdict(
        points=float(round(sum(group.points for group in groups), 4) if failures else check.points),
        max_points=float(check.points),
        groups=groups,
        failures=tuple(failures),
        mistake=_recognised(check, outcomes) if failures else None,
    )


def _recognised(check: Check, outcomes: Sequence[Outcome]) -> KnownMistake | Slip | None:
    """Return the mistake of the author's that the outcomes are, else a slip that explains them, else None."""
    named = next((known for known in check.mistakes if makes(check, known, outcomes)), None)
    return named or find_slip(check, outcomes)


def right_outputs(check: Check, case: int, outcome: Outcome) -> tuple[bool, ...]:
    """Say of each output whether it is right in a case; none is if the inputs were changed."""
    expected, got = check.expected[case], outcome.value
    several = len(check.outputs) > 1 and all(isinstance(one, (tuple, list)) for one in (expected, got))
    if not several or len(got) != len(expected):
        right = compare(expected, got, check.tolerance, check.outputs) is None
        return (right and not outcome.changed,) * max(len(check.outputs), 1)
    return tuple(
        compare(ours, theirs, check.tolerance) is None and not outcome.changed
        for ours, theirs in zip(expected, got, strict=True)
    )


def _group_results(check: Check, right: Sequence[Sequence[bool]]) -> tuple[GroupResult, ...]:
    """Divide the points among the groups in proportion to their weights, and those of a group among the outputs."""
    total = sum(check.groups.values())
    results = []
    for name, weight in check.groups.items():
        share = round(check.points * weight / total, 4)
        of_group = [one for one, case in zip(right, check.cases, strict=True) if case.group == name]
        always = [all(output) for output in zip(*of_group, strict=True)]
        points = share if all(always) else round(share * sum(always) / len(always), 4)
        results.append(GroupResult(name, points=points, max_points=share))
    return tuple(results)


def makes(check: Check, known: KnownMistake, outcomes: Sequence[Outcome]) -> bool:
    """Say whether the outcomes are those of ``known`` in every case.

    An exception counts by its kind only, so one case at least must be an answer: any slip can raise a RuntimeError.
    """
    answers = [outcome.value for outcome in outcomes]
    return any(not isinstance(answer, (Raised, Unsupported)) for answer in answers) and all(
        compare(theirs, answer, check.tolerance, check.outputs) is None
        for theirs, answer in zip(known.answers, answers, strict=True)
    )
