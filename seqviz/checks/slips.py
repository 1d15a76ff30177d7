"""Slips that need no author: a sign, a factor, a mean for a sum, a transpose, outputs exchanged, a step early or late.

Each is a claim about *all* cases: what came is what was expected, changed in one way. A claim is made only if it holds
everywhere and if something in the cases could have spoken against it.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from .calling import Outcome
from .comparison import Output, compare
from .compiled import Check
from .values import Raised, Unsupported

_EVIDENCE = 4  # so many numbers, of two cases at least, must agree on a factor
_TOO_SMALL = 1e-6  # to say anything about a factor

# name, what {where} holds, the steps of the expected output, those of what came that equal them, how many it has more
_IN_TIME = [
    ("one step late", "holds at step t what belongs to step t − 1", slice(-1), slice(1, None), 0),
    ("one step early", "holds at step t what belongs to step t + 1", slice(1, None), slice(-1), 0),
    ("time reversed", "is right when it is read from its end", slice(None, None, -1), slice(None), 0),
    ("one step too many in front", "is right but for one step before the first", slice(None), slice(1, None), 1),
    ("one step too many at the end", "is right but for one step after the last", slice(None), slice(-1), 1),
    ("the first step missing", "is right but has no first step", slice(1, None), slice(None), -1),
    ("the last step missing", "is right but has no last step", slice(-1), slice(None), -1),
]


@dataclass(frozen=True)
class Slip:
    """What explains every case: its name, and a hint that does not give the answer away."""

    name: str
    hint: str


@dataclass(frozen=True)
class _Column:
    """One output over all cases."""

    output: Output
    expected: tuple[Any, ...]
    got: tuple[Any, ...]
    tolerance: float

    def equals(self, changed: Callable[[Any, int], Any]) -> bool:
        """Say whether what came is, in every case, ``changed(expected, number of the case)``."""
        return all(
            compare(changed(expected, case), got, self.tolerance) is None
            for case, (expected, got) in enumerate(zip(self.expected, self.got, strict=True))
        )


def find_slip(check: Check, outcomes: Sequence[Outcome]) -> Slip | None:
    """Return what explains all outcomes jointly, or None."""
    if any(outcome.changed or isinstance(outcome.value, (Raised, Unsupported)) for outcome in outcomes):
        return None
    columns = _columns(check, [outcome.value for outcome in outcomes])
    wrong = [column for column in columns if not column.equals(lambda expected, _: expected)]
    if not wrong:
        return None
    where = f"In every case {' and '.join(column.output.name for column in wrong)}"
    finders = (
        _exchanged(columns),
        _sign(wrong, where),
        _mean_or_sum(wrong, where, [case.arguments for case in check.cases]),
        _factor(wrong, where),
        _transposed(wrong, where),
        _in_time(wrong, where),
    )
    return next(itertools.chain(*finders), None)


def _columns(check: Check, answers: Sequence[Any]) -> list[_Column]:
    """Return the outputs over all cases; none if what came has another number of them."""
    if len(check.outputs) == 1:
        return [_Column(check.outputs[0], check.expected, tuple(answers), check.tolerance)]
    if not all(isinstance(answer, (tuple, list)) and len(answer) == len(check.outputs) for answer in answers):
        return []
    by_output = zip(check.outputs, zip(*check.expected, strict=True), zip(*answers, strict=True), strict=True)
    return [_Column(output, expected, got, check.tolerance) for output, expected, got in by_output]


def _exchanged(columns: Sequence[_Column]) -> Iterator[Slip]:
    found: list[_Column] = []
    for column in columns:
        fitting = [other for other in columns if column.equals(lambda _, case, other=other: other.expected[case])]
        found += fitting if len(fitting) == 1 else []
    if len(found) == len(columns) == len({column.output for column in found}):
        order = ", ".join(column.output.name for column in found)
        yield Slip("outputs exchanged", f"All outputs are there, in the order {order}. Which order is asked for?")


def _sign(wrong: Sequence[_Column], where: str) -> Iterator[Slip]:
    if all(column.equals(lambda expected, _: _times(expected, -1)) for column in wrong):
        yield Slip("the sign turned", f"{where} is right but for its sign. Where is there a minus too many or too few?")


def _mean_or_sum(wrong: Sequence[_Column], where: str, arguments: Sequence[dict[str, Any]]) -> Iterator[Slip]:
    for name, first in arguments[0].items():
        for axis in range(len(_shape(first))):
            sizes = [shape[axis] if axis < len(shape) else 0 for shape in (_shape(case[name]) for case in arguments)]
            if len(set(sizes)) < 2 or 0 in sizes:
                continue  # where the size never changes, all that can be said is: a constant factor
            if all(column.equals(lambda expected, case, n=sizes: _times(expected, 1 / n[case])) for column in wrong):
                yield Slip("a mean for a sum", f"{where} is too small by the size of axis {axis} of {name}.")
            if all(column.equals(lambda expected, case, n=sizes: _times(expected, n[case])) for column in wrong):
                yield Slip("a sum for a mean", f"{where} is too large by the size of axis {axis} of {name}.")


def _factor(wrong: Sequence[_Column], where: str) -> Iterator[Slip]:
    by_case = [torch.cat([_ratios(column, case) for column in wrong]) for case in range(len(wrong[0].expected))]
    ratios = torch.cat(by_case)
    if len(ratios) < _EVIDENCE or sum(len(one) > 0 for one in by_case) < 2:
        return
    factor = float(ratios.median())
    if factor != 0 and all(column.equals(lambda expected, _: _times(expected, factor)) for column in wrong):
        words = f"{where} is {factor:.4g} times what is expected. Which number is multiplied by too much or too little?"
        yield Slip("a constant factor", words)


def _transposed(wrong: Sequence[_Column], where: str) -> Iterator[Slip]:
    axes = min(len(column.output.axes) for column in wrong)
    for one, other in itertools.combinations(range(axes), 2):
        if all(column.equals(lambda expected, _, a=one, b=other: expected.transpose(a, b)) for column in wrong):
            yield Slip("transposed", f"{where} has its axes {one} and {other} exchanged. Which is asked for first?")


def _in_time(wrong: Sequence[_Column], where: str) -> Iterator[Slip]:
    if all("time" in column.output.axes for column in wrong):
        for name, words, ours_at, theirs_at, more in _IN_TIME:
            if all(_moved(column, ours_at, theirs_at, more) for column in wrong):
                yield Slip(name, f"{where} {words}. Write down on paper what the first and the last step should hold.")


def _moved(column: _Column, ours_at: slice, theirs_at: slice, more: int) -> bool:
    """Say whether the steps at ``theirs_at`` are those expected at ``ours_at``, in some case not their own."""
    axis, seen = column.output.axes.index("time"), False
    for expected, got in zip(column.expected, column.got, strict=True):
        if not isinstance(got, torch.Tensor) or got.ndim != expected.ndim:
            return False
        ours, theirs = expected.movedim(axis, 0), got.movedim(axis, 0)
        if len(theirs) != len(ours) + more or compare(_at(ours, ours_at), _at(theirs, theirs_at), column.tolerance):
            return False
        stayed = more == 0 and compare(_at(ours, theirs_at), _at(theirs, theirs_at), column.tolerance) is None
        seen = seen or (theirs.numel() > 0 and not stayed)
    return seen


def _at(steps: torch.Tensor, where: slice) -> torch.Tensor:
    return steps[list(range(len(steps)))[where]]


def _ratios(column: _Column, case: int) -> torch.Tensor:
    """Return what came divided by what was expected, for the numbers large enough to say something."""
    ours, theirs = _numbers(column.expected[case]), _numbers(column.got[case])
    if ours.shape != theirs.shape:
        return ours[:0]
    usable = ours.isfinite() & theirs.isfinite() & (ours.abs() > _TOO_SMALL)
    return theirs[usable] / ours[usable]


def _numbers(value: Any) -> torch.Tensor:
    """Return all real numbers in ``value`` in one row."""
    if isinstance(value, (tuple, list)):
        return torch.cat([torch.empty(0, dtype=torch.float64), *map(_numbers, value)])
    if isinstance(value, (int, float, torch.Tensor)) and not torch.as_tensor(value).is_complex():
        return torch.as_tensor(value).double().flatten()
    return torch.empty(0, dtype=torch.float64)


def _times(value: Any, factor: float) -> Any:
    """Multiply every number in ``value``; a tensor keeps its dtype, and truth values have no multiple."""
    if isinstance(value, (tuple, list)):
        return [_times(item, factor) for item in value]
    if isinstance(value, torch.Tensor):
        return None if value.dtype == torch.bool else value * torch.tensor(factor, dtype=value.dtype)
    return None if isinstance(value, (bool, str)) else value * factor


def _shape(value: Any) -> tuple[int, ...]:
    return tuple(value.shape) if isinstance(value, torch.Tensor) else (len(value),) if isinstance(value, list) else ()
