"""Make everything in ``results/`` that follows from the gradebook."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from seqviz.grading.feedback import feedback_page
from seqviz.grading.files import feedback_file, write_whole
from seqviz.grading.gradebook import Gradebook, GradebookError, Graded
from seqviz.grading.late import LateRule, with_lateness
from seqviz.grading.manual import holds_more, manual_csv
from seqviz.grading.roster import Import, Roster, import_file
from seqviz.grading.summary import summary_page
from seqviz.grading.tables import gradebook_csv, totals_csv


def write_derived(
    gradebook: Gradebook,
    assignment: str,
    folder: Path,
    notes: Sequence[str] = (),
    roster: Roster | None = None,
    *,
    partial: bool = False,
    due: datetime | None = None,
    rule: LateRule | None = None,
) -> list[str]:
    """Write tables, import file, feedback and summary of ``assignment``; return lines for whoever runs it.

    While a person has yet to give points, the import file is written only if ``partial`` is asked for, and its name
    says so.
    """
    graded = with_lateness(gradebook.counting(assignment), due, rule)
    lines: list[str] = []
    ungraded = sum(one.ungraded for one in graded)
    try:
        write_whole(folder / "gradebook.csv", gradebook_csv(graded))
        write_whole(folder / "totals.csv", totals_csv(graded))
        for one in graded:
            write_whole(folder / feedback_file(one.key.student), feedback_page(one))
        lines += _write_manual(folder / "manual.csv", graded)
        if ungraded:
            lines.append(f"{ungraded:g} points are still ungraded; {folder / 'manual.csv'} lists the answers")
        if roster is not None:
            lines += _write_import(import_file(roster, assignment, graded), folder, bool(ungraded), partial)
        write_whole(folder / "summary.html", summary_page(assignment, graded, notes))
    except OSError as error:
        raise GradebookError(f"{folder}: cannot be written ({error.strerror}); the gradebook is safe") from error
    return lines


def _write_manual(path: Path, graded: list[Graded]) -> list[str]:
    if not any(row.by_hand for one in graded for row in one.rows):
        return []
    if holds_more(path, graded):
        return [f"{path} holds points or comments that were not read, and stays as it is: give --manual {path}"]
    write_whole(path, manual_csv(graded))
    return []


def _write_import(imported: Import, folder: Path, ungraded: bool, partial: bool) -> list[str]:
    whole, part = folder / imported.name, folder / imported.name.replace(".csv", ".partial.csv")
    for old in (whole, part):
        old.unlink(missing_ok=True)  # of a run before: its points may be others by now
    if ungraded and not partial:
        return [*imported.notes, f"{whole.name} is not written before all points are given; --partial writes it"]
    write_whole(part if ungraded else whole, imported.text)
    return imported.notes
