"""The report of a check: points as a plain float, which nbgrader counts; the message as text and accessible HTML."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from .calling import NOT_CALLED, TIME_LIMIT
from .comparison import describe, dtypes_in
from .compiled import Check
from .diagnosis import Failure, GroupResult, Verdict, right_outputs
from .forbidden import Use
from .markup import Part, as_text, page
from .slips import Slip
from .syntax import SyntaxFault
from .values import Raised

_SHOWN_NUMBERS = 12


@dataclass(frozen=True)
class Report:
    """What a check found. ``repr`` is the points as a float; ``str`` and ``message`` say what was found."""

    name: str
    points: float
    max_points: float
    passed: bool
    mistake: str | None
    message: str
    assignment: str = ""
    parts: tuple[Part, ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return repr(float(self.points))

    def html(self) -> str:
        """Return the message as HTML that a screen reader can follow, readable in light and dark."""
        return page(_headline(self), self.parts, good=self.passed, label=f"check of {self.name}")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002
        return {"text/plain": repr(self), "text/html": self.html()}


def build_report(check: Check, verdict: Verdict, uses: Sequence[Use]) -> Report:
    """Put a verdict into words. A forbidden name costs all points, whatever the function returns."""
    report = Report(
        name=check.name,
        points=0.0 if uses else float(verdict.points),
        max_points=float(check.points),
        passed=verdict.passed and not uses,
        mistake=None if uses or verdict.mistake is None else verdict.mistake.name,
        message="",
        assignment=check.assignment,
        parts=tuple(_parts(check, verdict, uses)),
    )
    return replace(report, message="\n".join([_headline(report), *(as_text(part) for part in report.parts)]))


def unread_report(check: Check, fault: SyntaxFault) -> Report:
    """Say that the function's cell, as it was last run, is not Python: no function came of it to be checked."""
    text = f"In its cell, {fault}. Until that is mended, {check.name} is what it was before."
    parts = (Part("A syntax error", text, code=fault.text),)
    report = Report(check.name, 0.0, float(check.points), False, None, "", check.assignment, parts)
    return replace(report, message="\n".join([_headline(report), *map(as_text, parts)]))


def _headline(report: Report) -> str:
    mark, words = ("✓", "passes") if report.passed else ("✗", "does not pass yet")
    return f"{mark} {report.name} {words}: {report.points:g} of {report.max_points:g} points"


def _parts(check: Check, verdict: Verdict, uses: Sequence[Use]) -> list[Part]:
    if uses:
        return [_forbidden_part(uses)]
    if verdict.passed:
        return []
    first = verdict.failures[0]
    parts = [_mistake_part(verdict)] if verdict.mistake else []
    parts.append(_wrong_part(check, first))
    if not isinstance(first.outcome.value, Raised) or first.outcome.value.kind != "NotImplementedError":
        parts.append(_call_part(check, first))
    if first.outcome.printed:
        parts.append(Part("Your function printed", code=first.outcome.printed.rstrip("\n")))
    if len(verdict.groups) > 1:
        parts.append(_groups_part(verdict.groups))
    return parts


def _forbidden_part(uses: Sequence[Use]) -> Part:
    found = "; ".join(f"{use.written} (in {use.function}, line {use.line})" for use in uses[:3])
    names = ", ".join(sorted({use.forbidden for use in uses}))
    return Part("Not allowed here", f"This exercise asks you to write it without {names}. Found: {found}.")


def _mistake_part(verdict: Verdict) -> Part:
    known = verdict.mistake
    assert known is not None
    title = "The same in every case" if isinstance(known, Slip) else "A known mistake"
    return Part(f"{title}, “{known.name}”", known.hint)


def _wrong_part(check: Check, failure: Failure) -> Part:
    """Say what is wrong with one case, in the words of its kind."""
    if failure.difference is None:
        return Part("Inputs changed", _changed_words(check, failure))
    difference, value = failure.difference, failure.outcome.value
    where = f" in {difference.output}" if difference.output else ""
    if isinstance(value, Raised):
        return _exception_part(check, failure, value)
    title, text = {
        "none": (
            f"None came back{where}",
            "Does every path through the function end in a return?",
        ),
        "type": (f"Wrong type{where}", ""),
        "length": ("Wrong number of outputs", ""),
        "shape": (f"Wrong shape{where}", ""),
        "dtype": (f"Wrong dtype{where}", _dtype_words(check, failure)),
        "value": (f"Wrong values{where}", ""),
    }.get(difference.kind, ("Not what was expected", ""))
    rows = [("expected", difference.expected), ("got", difference.got)]
    if difference.kind == "shape":
        rows[0] = ("expected", difference.expected + _axes_words(check, difference.output))
    if difference.place:
        rows.insert(0, ("first difference at", difference.place))
    if difference.extent:
        rows.append(("in all", difference.extent))
    rows += _other_outputs(check, failure)
    if failure.outcome.changed:
        text = f"{text} {_changed_words(check, failure)}".strip()
    return Part(title, text, tuple(rows))


def _other_outputs(check: Check, failure: Failure) -> list[tuple[str, str]]:
    """Of a function with several outputs, name those that are right: half of a diagnosis."""
    got = failure.outcome.value
    if len(check.outputs) < 2 or not isinstance(got, (tuple, list)) or len(got) != len(check.outputs):
        return []
    flags = right_outputs(check, failure.case, failure.outcome)
    right = [output.name for output, is_right in zip(check.outputs, flags, strict=True) if is_right]
    return [("right already", ", ".join(right) or "none of the outputs")]


def _exception_part(check: Check, failure: Failure, value: Raised) -> Part:
    if value.kind == TIME_LIMIT:
        words = f"There was no answer within {check.seconds:g} s. Is there a loop whose condition never becomes false?"
        return Part("Out of time", words)
    if value.kind == NOT_CALLED:
        return Part("Not tried", "An earlier call ran out of time.")
    if value.kind == "NotImplementedError":
        return Part(
            "Not written yet", f"{check.name} raises NotImplementedError. Replace that line with your own code."
        )
    rows = [("exception", describe(value))]
    if failure.outcome.line:
        rows.append(("at", failure.outcome.line))
    assert failure.difference is not None
    rows.append(("expected", failure.difference.expected))
    return Part("The function raised an exception", rows=tuple(rows))


def _dtype_words(check: Check, failure: Failure) -> str:
    """Say how to come by the dtype: from the inputs, unless none of them has it."""
    assert failure.difference is not None
    wanted = failure.difference.dtype
    if not wanted:
        return "Give a number of Python, or float64: what torch divides of whole numbers is float32."
    if wanted not in dtypes_in(check.cases[failure.case].arguments):
        return f"No input has the dtype asked for: name it, as in dtype=torch.{wanted} or .to(torch.{wanted})."
    return "Keep the dtype of the inputs: new tensors take it with dtype=x.dtype or x.new_zeros(…)."


def _changed_words(check: Check, failure: Failure) -> str:
    changed = failure.outcome.changed
    are_lists = all(isinstance(check.cases[failure.case].arguments[name], list) for name in changed)
    kind = "list" if are_lists else "tensor"
    advice = (
        "list(reversed(…)), not .reverse(); clone() a tensor of the list before writing into it"
        if are_lists
        else "h = h + …, not h += …; clone() before writing into one"
    )
    return (
        f"The function changes its input {' and '.join(changed)} in place, so the caller's {kind} is no longer what it"
        f" was. Make a new {kind} instead ({advice})."
    )


def _axes_words(check: Check, output: str) -> str:
    named = check.outputs if len(check.outputs) == 1 else [one for one in check.outputs if one.name == output]
    return f" [{' '.join(named[0].axes)}]" if named and named[0].axes else ""


def _call_part(check: Check, failure: Failure) -> Part:
    case = check.cases[failure.case]
    rows = tuple((name, _argument_words(value)) for name, value in case.arguments.items())
    return Part(f"Called with (case {failure.case + 1} of {len(check.cases)}, “{case.group}”)", rows=rows)


def _argument_words(value: Any) -> str:
    if isinstance(value, (bool, int, float)):
        return f"{value:g}" if isinstance(value, float) else str(value)
    words = describe(value)
    if isinstance(value, (torch.Tensor, np.ndarray)) and value.ndim > 0 and math.prod(value.shape) <= _SHOWN_NUMBERS:
        return f"{words}: {_numbers(value)}"
    tensors = value if isinstance(value, list) and all(isinstance(item, torch.Tensor) for item in value) else []
    if 0 < sum(tensor.numel() for tensor in tensors) <= _SHOWN_NUMBERS:
        return f"{words}: {', '.join(map(_numbers, tensors))}"
    return words


def _numbers(value: torch.Tensor | np.ndarray) -> str:
    numbers = np.array2string(
        np.array(value.tolist()),  # NumPy knows no bfloat16
        formatter={"float_kind": lambda number: f"{number:.4g}"},
        separator=", ",
        max_line_width=1000,
    )
    return " ".join(numbers.split())


def _groups_part(groups: Sequence[GroupResult]) -> Part:
    rows = [(group.name, f"{group.points:g} of {group.max_points:g}", group.passed) for group in groups]
    return Part("Points", rows=tuple((name, f"{points}, {'passes' if ok else 'not yet'}") for name, points, ok in rows))
