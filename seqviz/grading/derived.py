"""Make everything in ``results/`` that follows from the gradebook."""

from collections.abc import Sequence
from pathlib import Path

from seqviz.grading.feedback import feedback_page
from seqviz.grading.files import safe_name, write_whole
from seqviz.grading.gradebook import Gradebook, GradebookError
from seqviz.grading.roster import Roster, import_file
from seqviz.grading.summary import summary_page
from seqviz.grading.tables import gradebook_csv, totals_csv


def write_derived(
    gradebook: Gradebook, assignment: str, folder: Path, notes: Sequence[str] = (), roster: Roster | None = None
) -> list[str]:
    """Write tables, import file, feedback and summary of ``assignment``; return lines for whoever runs it."""
    graded = gradebook.counting(assignment)
    lines: list[str] = []
    try:
        write_whole(folder / "gradebook.csv", gradebook_csv(graded))
        write_whole(folder / "totals.csv", totals_csv(graded))
        for one in graded:
            write_whole(folder / "feedback" / f"{safe_name(one.key.student)}.html", feedback_page(one))
        if roster is not None:
            imported = import_file(roster, assignment, graded)
            write_whole(folder / imported.name, imported.text)
            lines += imported.notes
        write_whole(folder / "summary.html", summary_page(assignment, graded, notes))
    except OSError as error:
        raise GradebookError(f"{folder}: cannot be written ({error.strerror}); the gradebook is safe") from error
    return lines
