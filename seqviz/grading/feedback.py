"""One page per student: what each exercise earned and what to look at. Hidden inputs and outputs are not in it."""

from html import escape

from seqviz.grading.gradebook import Graded
from seqviz.grading.page import page, table
from seqviz.grading.results import GRADED, UNGRADED, Row

STATUS_WORDS = {
    "timeout": "It ran out of time and was stopped.",
    "out of memory": "It took more memory than there was.",
    "died": "The kernel ended while it ran.",
    "not run": "It was not run: the notebook had ended before it.",
    UNGRADED: "A person reads this one.",
}


def feedback(graded: Graded) -> str:
    """Return the page of one student."""
    earned = f"{graded.points:g} of {graded.max_points:g} points"
    body = [f"<p><strong>{earned}</strong> for {escape(graded.key.assignment)}.</p>"]
    if graded.status != GRADED:
        body.append(f'<p class="note">Your file could not be graded: {escape(graded.message)}.</p>')
    elif graded.message:
        body.append(f'<p class="note">{escape(graded.message)}</p>')
    overview = [(_title(row), _points(row), f"{row.max_points:g}") for row in graded.rows]
    body.append(table(("exercise", "points", "of"), overview))
    body += [_section(row) for row in graded.rows if row.points is None or row.points < row.max_points]
    if graded.warnings:
        body.append("<section><h2>About your notebook</h2><ul>")
        body += [f"<li>{escape(warning)}</li>" for warning in graded.warnings]
        body.append("</ul></section>")
    return page(f"{graded.key.assignment}: {graded.key.student}", body)


def _title(row: Row) -> str:
    return str(row.detail.get("function", row.cell))


def _points(row: Row) -> str:
    return "not yet" if row.points is None else f"{row.points:g}"


def _section(row: Row) -> str:
    parts = [f"<section><h2>{escape(_title(row))}</h2>"]
    if words := STATUS_WORDS.get(row.status):
        parts.append(f"<p>{words}</p>")
    if forbidden := row.detail.get("forbidden"):
        names = ", ".join(sorted({name for name, *_ in forbidden}))
        places = "; ".join(f"{written} (in {function}, line {line})" for _, written, function, line in forbidden)
        parts.append(f"<p>This exercise asks you to write it without {escape(names)}. Found: {escape(places)}.</p>")
    if wrong := row.detail.get("wrong"):
        parts.append(f"<p>{escape(wrong)}.</p>")
    if mistake := row.detail.get("mistake"):
        name, hint = mistake
        parts.append(f'<p class="hint">A known mistake: <strong>{escape(name)}</strong>. {escape(hint)}</p>')
    if warning := row.detail.get("warning"):
        parts.append(f"<p>{escape(warning)}</p>")
    groups = row.detail.get("groups", [])
    if len(groups) > 1:
        rows = [
            (name, "passes" if points == most else "not yet", f"{points:g}", f"{most:g}")
            for name, points, most in groups
        ]
        parts.append(table(("cases", "", "points", "of"), rows))
    return "".join([*parts, "</section>"])
