"""The class at a glance: scores, points per exercise, the most common mistakes, time. One file, no network."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go
import plotly.io

from seqviz.grading.gradebook import Graded
from seqviz.grading.job import GRADED
from seqviz.grading.page import page, table
from seqviz.plots.theme import new_figure

_COMMON = 12


@dataclass(frozen=True)
class ClassSummary:
    """The numbers behind the pictures."""

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


def plot_scores(summary: ClassSummary) -> go.Figure:
    """Draw how many submissions reached how many percent."""
    figure = new_figure(300, xaxis_title="percent of the points", yaxis_title="submissions")
    figure.add_histogram(x=summary.scores, xbins={"start": 0, "end": 100.001, "size": 10})
    figure.update_xaxes(range=[0, 100])
    return figure


def plot_exercises(summary: ClassSummary) -> go.Figure:
    """Draw what share of its points each exercise earned on average."""
    names = list(summary.exercises)
    figure = new_figure(120 + 28 * len(names), xaxis_title="percent of its points, on average")
    figure.add_bar(x=list(summary.exercises.values()), y=names, orientation="h")
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(range=[0, 100])
    return figure


def plot_mistakes(summary: ClassSummary) -> go.Figure:
    """Draw how many students made each of the most common mistakes."""
    names = list(summary.mistakes)
    figure = new_figure(120 + 28 * len(names), xaxis_title="students")
    figure.add_bar(x=list(summary.mistakes.values()), y=names, orientation="h")
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(dtick=max(1, max(summary.mistakes.values(), default=1) // 8))
    return figure


def plot_seconds(summary: ClassSummary) -> go.Figure:
    """Draw how long submissions took."""
    figure = new_figure(300, xaxis_title="seconds", yaxis_title="submissions")
    figure.add_histogram(x=summary.seconds, nbinsx=20)
    return figure


def summary_page(assignment: str, graded: Sequence[Graded], notes: Sequence[str]) -> str:
    """Return the page of the class."""
    summary = summarize(graded)
    body = [f"<p>{len(graded)} submissions, {len(summary.scores)} of them graded.</p>"]
    not_enforced = sorted({line for one in graded for line in one.not_enforced})
    if not_enforced:
        body.append('<p class="note">These were graded without a sandbox. What was not enforced:</p><ul>')
        body += [f"<li>{escape(line)}</li>" for line in not_enforced] + ["</ul>"]
    if any(row.trusting for one in graded for row in one.rows):
        body.append(
            '<p class="note">These scores are <em>trusting</em>: the tests ran beside the student’s code, which could '
            "have changed them.</p>"
        )
    if ungraded := sum(row.points is None for one in graded for row in one.rows):
        body.append(f"<p>{ungraded} answers are for a person to read; their points are missing from the sums.</p>")
    body += _pictures(summary)
    body += _tables(summary, graded, notes)
    return page(f"{assignment}: the class", body, scripts=True)


def _pictures(summary: ClassSummary) -> list[str]:
    figures = [("Scores", plot_scores(summary)), ("Points per exercise", plot_exercises(summary))]
    if summary.mistakes:
        figures.append(("Most common mistakes", plot_mistakes(summary)))
    figures.append(("Time per submission", plot_seconds(summary)))
    parts = []
    for number, (title, figure) in enumerate(figures):
        drawn = plotly.io.to_html(figure, full_html=False, include_plotlyjs=number == 0, div_id=f"figure-{number}")
        parts.append(f"<section><h2>{title}</h2>{drawn}</section>")
    return parts


def _tables(summary: ClassSummary, graded: Sequence[Graded], notes: Sequence[str]) -> list[str]:
    parts = ["<section><h2>Numbers</h2>"]
    exercises = [(name, f"{value:.0f} %") for name, value in summary.exercises.items()]
    parts.append(table(("exercise", "points on average"), exercises))
    if summary.mistakes:
        parts.append(table(("mistake", "students"), [(name, str(count)) for name, count in summary.mistakes.items()]))
    parts.append(table(("status of a cell", "times"), [(name, str(count)) for name, count in summary.statuses.items()]))
    students = [
        (
            one.key.student,
            f"{one.points:g}",
            f"{one.max_points:g}",
            one.status,
            "; ".join([one.message, *one.warnings]).strip("; "),
        )
        for one in graded
    ]
    parts.append(table(("student", "points", "of", "status", "to know"), students))
    if notes:
        parts.append("<h3>Passed over</h3><ul>")
        parts += [f"<li>{escape(note)}</li>" for note in notes] + ["</ul>"]
    return [*parts, "</section>"]
