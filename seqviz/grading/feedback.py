"""One page per student: what each exercise earned and what to look at. Hidden inputs and outputs are not in it."""

from seqviz.grading.gradebook import Graded
from seqviz.grading.page import html_page
from seqviz.grading.results import BY_HAND, UNANSWERED, UNGRADED, Row
from seqviz.grading.several import NOT_HANDED_IN
from seqviz.grading.times import in_words

STATUS_WORDS = {
    "timeout": "It ran out of time and was stopped.",
    "out of memory": "It took more memory than there was.",
    "died": "The kernel ended while it ran.",
    "not run": "It was not run: the notebook had ended before it.",
    NOT_HANDED_IN: "Its notebook was not handed in.",
    UNGRADED: "A person reads this one.",
    BY_HAND: "A person has read it.",
    UNANSWERED: "It is as it was handed out: there is no answer in it.",
}
_PARTS = ("function", "forbidden", "wrong", "line", "mistake", "warning", "groups", "comment")  # of a row's detail


def feedback_page(graded: Graded) -> str:
    """Return the page of one student."""
    return html_page(
        "feedback.html",
        title=f"{graded.key.assignment}: {graded.key.student}",
        graded=graded,
        late=in_words(graded.late),
        overview=[(row.detail.get("function", row.cell), _points(row), f"{row.max_points:g}") for row in graded.rows],
        lost=[_complete(row) for row in graded.rows if _has_more(row)],
        status_words=STATUS_WORDS,
        groups=_groups,
    )


def _has_more(row: Row) -> bool:
    """Whether points are missing or a person wrote something."""
    return row.points is None or row.points < row.max_points or bool(row.detail.get("comment"))


def _complete(row: Row) -> dict[str, object]:
    return {"cell": row.cell, "status": row.status, "detail": {part: row.detail.get(part) for part in _PARTS}}


def _points(row: Row) -> str:
    return "not yet" if row.points is None else f"{row.points:g}"


def _groups(row: dict[str, dict[str, list[tuple[str, float, float]]]]) -> list[tuple[str, ...]]:
    return [
        (name, "passes" if points == most else "not yet", f"{points:g}", f"{most:g}")
        for name, points, most in row["detail"]["groups"]
    ]
