"""The class at a glance: scores, points per exercise, the most common mistakes, time. One file, no script."""

import itertools
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from seqviz.grading.files import feedback_file
from seqviz.grading.gradebook import Graded
from seqviz.grading.page import html_page
from seqviz.grading.results import GRADED

_COMMON = 12
_MOST_STEPS = 10


@dataclass(frozen=True)
class ClassSummary:
    """The numbers behind the bars."""

    scores: list[float]  # percent of the points there are, one per graded submission
    exercises: dict[str, float]  # mean percent of an exercise's points
    mistakes: dict[str, int]  # how many made it, the most common first
    seconds: list[float]
    statuses: dict[str, int]


def summarize(graded: Sequence[Graded]) -> ClassSummary:
    """Gather the numbers of a class."""
    counted = [one for one in graded if one.status == GRADED]
    shares: dict[str, list[float]] = {}
    mistakes: Counter[str] = Counter()
    for one in counted:
        for row in one.rows:
            if row.points is not None and row.max_points:
                shares.setdefault(str(row.detail.get("function", row.cell)), []).append(row.points / row.max_points)
            if row.mistake:
                mistakes[f"{row.detail.get('function', row.cell)}: {row.mistake}"] += 1
    return ClassSummary(
        scores=[100 * one.points / one.max_points for one in counted if one.max_points],
        exercises={name: 100 * sum(values) / len(values) for name, values in shares.items()},
        mistakes=dict(sorted(mistakes.items(), key=lambda item: (-item[1], item[0]))[:_COMMON]),
        seconds=[one.seconds for one in counted],
        statuses=dict(Counter(row.status for one in graded for row in one.rows)),
    )


def tenths(scores: Sequence[float]) -> dict[str, int]:
    """Count scores by tenths of the points there are; the last tenth holds the full score."""
    counts = Counter(min(int(score // 10), 9) for score in scores)
    return {f"{10 * tenth} to {10 * tenth + 10} %": counts[tenth] for tenth in range(10)}


def steps_of_time(seconds: Sequence[float]) -> dict[str, int]:
    """Count times in equal steps of 1, 2 or 5 times a power of ten seconds, as few as say something."""
    longest = max(seconds, default=0.0)
    step = next(
        step
        for power in itertools.count(-2)
        for step in (1 * 10.0**power, 2 * 10.0**power, 5 * 10.0**power)
        if longest < _MOST_STEPS * step
    )
    counts = Counter(int(one / step + 1e-9) for one in seconds)  # 1 / 0.2 may be less than 5
    return {f"{step * n:g} to {step * (n + 1):g} s": counts[n] for n in range(max(counts, default=-1) + 1)}


def summary_page(assignment: str, graded: Sequence[Graded], notes: Sequence[str]) -> str:
    """Return the page of the class."""
    summary = summarize(graded)
    return html_page(
        "summary.html",
        title=f"{assignment}: the class",
        count=len(graded),
        summary=summary,
        not_enforced=sorted({line for one in graded for line in one.not_enforced}),
        trusting=any(row.trusting for one in graded for row in one.rows),
        ungraded=sum(row.points is None for one in graded if one.status == GRADED for row in one.rows),
        tenths=tenths(summary.scores),
        steps_of_time=steps_of_time(summary.seconds),
        median=statistics.median(summary.seconds) if summary.seconds else 0.0,
        students=[_student(one) for one in graded],
        links=[quote(feedback_file(one.key.student)) for one in graded],
        notes=notes,
    )


def _student(one: Graded) -> tuple[str, ...]:
    to_know = "; ".join([one.message, *one.warnings]).strip("; ")
    return one.key.student, f"{one.points:g}", f"{one.max_points:g}", one.status, to_know
