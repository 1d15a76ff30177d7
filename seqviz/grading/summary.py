"""The class at a glance: scores, points per exercise, the most common mistakes, time. One file, no network."""

import statistics
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import plotly.io
from markupsafe import Markup

from seqviz.grading.gradebook import Graded
from seqviz.grading.page import html_page
from seqviz.grading.results import GRADED
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


def tenths(scores: Sequence[float]) -> dict[str, int]:
    """Count scores by tenths of the points there are; the last tenth holds the full score."""
    counts = Counter(min(int(score // 10), 9) for score in scores)
    return {f"{10 * tenth} to {10 * tenth + 10} %": counts[tenth] for tenth in range(10)}


def plot_scores(summary: ClassSummary) -> go.Figure:
    """Draw how many submissions reached how many percent."""
    counts = tenths(summary.scores)
    figure = new_figure(300, xaxis_title="percent of the points", yaxis_title="submissions")
    figure.add_bar(x=list(range(5, 100, 10)), y=list(counts.values()), width=9.4, hovertext=list(counts))
    figure.update_xaxes(range=[0, 100], dtick=20)
    return figure


def plot_exercises(summary: ClassSummary) -> go.Figure:
    """Draw what share of its points each exercise earned on average."""
    figure = _named_bars(summary.exercises, "percent of its points, on average")
    figure.update_xaxes(range=[0, 100], dtick=20)
    return figure


def plot_mistakes(summary: ClassSummary) -> go.Figure:
    """Draw how many students made each of the most common mistakes."""
    figure = _named_bars(summary.mistakes, "students")
    figure.update_xaxes(dtick=max(1, max(summary.mistakes.values(), default=1) // 5))
    return figure


def _named_bars(values: Mapping[str, float], title: str) -> go.Figure:
    """Draw bars with their names above them, since beside them a long name leaves no room on a small screen."""
    figure = new_figure(100 + 52 * len(values), xaxis_title=title)
    figure.add_bar(x=list(values.values()), y=list(range(len(values))), orientation="h", width=0.4)
    for place, name in enumerate(values):
        words = "<br>".join(textwrap.wrap(name, 44)) if len(name) > 44 else name
        figure.add_annotation(
            text=words, x=0, y=place, xanchor="left", yanchor="bottom", yshift=10, showarrow=False, align="left"
        )
    figure.update_yaxes(range=[len(values) - 0.5, -0.8], visible=False)
    figure.update_layout(margin_l=16)
    return figure


def plot_seconds(summary: ClassSummary) -> go.Figure:
    """Draw how long submissions took."""
    figure = new_figure(300, xaxis_title="seconds", yaxis_title="submissions")
    figure.add_histogram(x=summary.seconds, nbinsx=20)
    return figure


def summary_page(assignment: str, graded: Sequence[Graded], notes: Sequence[str]) -> str:
    """Return the page of the class."""
    from seqviz.widgets.plotly_js import plotly_source  # its room loads what only notebooks need

    summary = summarize(graded)
    return html_page(
        "summary.html",
        title=f"{assignment}: the class",
        count=len(graded),
        summary=summary,
        not_enforced=sorted({line for one in graded for line in one.not_enforced}),
        trusting=any(row.trusting for one in graded for row in one.rows),
        ungraded=sum(row.points is None for one in graded if one.status == GRADED for row in one.rows),
        plotly_js=Markup(plotly_source()),
        pictures=_pictures(summary),
        tenths=tenths(summary.scores).items(),
        exercises=[(name, f"{value:.0f} %") for name, value in summary.exercises.items()],
        median=statistics.median(summary.seconds) if summary.seconds else 0.0,
        students=[_student(one) for one in graded],
        notes=notes,
    )


def _student(one: Graded) -> tuple[str, ...]:
    to_know = "; ".join([one.message, *one.warnings]).strip("; ")
    return one.key.student, f"{one.points:g}", f"{one.max_points:g}", one.status, to_know


def _pictures(summary: ClassSummary) -> list[tuple[str, Markup]]:
    figures: list[tuple[str, go.Figure]] = [
        ("Scores", plot_scores(summary)),
        ("Points per exercise", plot_exercises(summary)),
    ]
    if summary.mistakes:
        figures.append(("Most common mistakes", plot_mistakes(summary)))
    figures.append(("Time per submission", plot_seconds(summary)))
    return [
        (title, Markup(plotly.io.to_html(figure, full_html=False, include_plotlyjs=False, div_id=f"figure-{number}")))
        for number, (title, figure) in enumerate(figures)
    ]
