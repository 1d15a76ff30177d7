"""One submission as one self-contained job: bytes in, rows out.

A worker is told once what all jobs of a run have in common, as :class:`Terms`; then a job is the bytes that a student
handed in. A result carries rows, never code. Terms and results are JSON, so the worker may be a process on this machine
or on another. The coordinator alone writes.
"""

import itertools
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import nbformat
from nbformat import NotebookNode

from seqviz.checks.calling import NOT_CALLED, TIME_LIMIT, Outcome
from seqviz.checks.compiled import Check
from seqviz.checks.diagnosis import Failure, Verdict, diagnose
from seqviz.checks.forbidden import Use, find_forbidden_in_source
from seqviz.checks.syntax import fault_of
from seqviz.checks.values import Raised, Unsupported
from seqviz.grading import trusting
from seqviz.grading.assignment import CHECKED, TASK, Assignment, GradedCell
from seqviz.grading.child import OverLimitError, limited
from seqviz.grading.execution import ERROR, NOT_RUN, RAN, TIMEOUT, CellRun, Execution, KernelSource, Place
from seqviz.grading.probe_in_grader import NO_ANSWER, Probe
from seqviz.grading.rebuild import read_notebook, rebuild_notebook
from seqviz.grading.results import GRADED, UNANSWERED, UNGRADED, UNREADABLE, Result, Row
from seqviz.grading.sandbox import Limits
from seqviz.grading.several import grade_each
from seqviz.grading.submissions import UnreadableError

_ANSWER = 20_000  # characters of a written answer that are kept


@dataclass(frozen=True)
class Job:
    """What is to be done: grade ``submission`` under ``assignment``."""

    submission: bytes
    assignment: Assignment
    seed: int
    place: Place


@dataclass(frozen=True)
class Terms:
    """What all jobs of a run have in common: the assignment, the seed of the kernels, the limits."""

    assignment: Assignment
    seed: int
    place: Place

    def to_bytes(self) -> bytes:
        """Return the terms as bytes, without what is each machine's own affair: where its kernels come from."""
        place = asdict(self.place)
        for own in ("address", "files", "group", "alone"):
            del place[own]
        return json.dumps({"assignment": asdict(self.assignment), "seed": self.seed, "place": place}).encode()

    @classmethod
    def from_bytes(cls, blob: bytes, source: KernelSource) -> "Terms":
        """Read the terms on a machine whose kernels come from ``source``."""
        fields = json.loads(blob)
        place = fields["place"]
        limits = Limits(**place.pop("limits"))
        return cls(_assignment(fields["assignment"]), fields["seed"], Place(**asdict(source), limits=limits, **place))

    def job(self, submission: bytes, *, alone: bool = False) -> Job:
        """Return the job of one submission; ``alone``: no other kernel runs meanwhile."""
        return Job(submission, self.assignment, self.seed, replace(self.place, alone=alone))


def _assignment(fields: dict[str, Any]) -> Assignment:
    """Return an assignment of what JSON has made of it; a tuple has become a list."""
    parts = tuple(map(_assignment, fields.pop("parts")))
    return Assignment(**fields, parts=parts)


def grade(job: Job) -> Result:
    """Rebuild, run, probe and compare; whatever reads what the student wrote does so in a child with limits.

    Raises:
        NotJudgedError: nothing can be said about the submission, through no fault of its own.
    """
    if parts := {part.name: part for part in job.assignment.parts}:
        rows = {name: empty_rows(part) for name, part in parts.items()}
        return grade_each(
            job.submission, rows, lambda name, blob: grade(replace(job, submission=blob, assignment=parts[name]))
        )
    from seqviz.grading.engine import execute  # a coordinator whose workers are elsewhere needs no papermill

    started = time.perf_counter()
    try:
        prepared: dict[str, Any] = limited(lambda: _prepared(job))
    except OverLimitError as error:
        prepared = {"unreadable": f"reading it {error}"}
    if words := prepared.get("unreadable"):
        return Result(UNREADABLE, words, empty_rows(job.assignment), seconds=time.perf_counter() - started)
    notebook: Any = nbformat.from_dict(prepared["notebook"])
    checks = job.assignment.compiled
    asked = {cell.grade_id: cell for cell in job.assignment.graded_cells if cell.kind == CHECKED}
    probes = {
        cell.id: Probe(checks[asked[name].function]) for cell in notebook.cells if (name := _grade_id(cell)) in asked
    }
    execution = Execution(probes, job.place, job.seed)
    execution.timed("rebuild", started)
    execute(notebook, execution)
    now = time.perf_counter()
    rows = _rows(job.assignment, notebook, execution, prepared["answers"])
    now = execution.timed("compare", now)
    executed = nbformat.writes(_annotated(execution, rows))
    now = execution.timed("write notebook", now)
    return Result(
        GRADED, _what_happened(execution), rows, prepared["warnings"], executed, now - started, execution.phases
    )


def _prepared(job: Job) -> dict[str, Any]:
    try:
        rebuilt = rebuild_notebook(job.assignment.base, read_notebook(job.submission))
    except UnreadableError as error:
        return {"unreadable": str(error)}
    return {"notebook": rebuilt.notebook, "warnings": rebuilt.warnings, "answers": rebuilt.answers}


def _grade_id(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def _rows(
    assignment: Assignment, notebook: NotebookNode, execution: Execution, answers: dict[str, str | None]
) -> list[Row]:
    """Judge all cells in one child, and each in its own if that takes too much: one costs the others nothing."""

    def row(cell: GradedCell) -> dict[str, Any]:
        return asdict(_answer_row(cell, answers) if cell.by_hand else _row(cell, notebook, execution))

    cells = assignment.graded_cells
    try:
        return [Row(**one) for one in limited(lambda: [row(cell) for cell in cells])]
    except OverLimitError:
        return [_row_alone(cell, row) for cell in cells]


def _row_alone(cell: GradedCell, row: Callable[[GradedCell], dict[str, Any]]) -> Row:
    try:
        return Row(**limited(lambda: row(cell)))
    except OverLimitError as error:
        empty = _empty_row(cell)
        empty.status, empty.detail["wrong"] = RAN, f"Looking through its source and its answers {error}"
        return empty


def _what_happened(execution: Execution) -> str:
    """Say which cells did not simply run or fail."""
    words = []
    for cell in execution.notebook.cells:
        run = execution.cells.get(cell.id)
        if (run is not None and run.status not in (RAN, ERROR, NOT_RUN)) or (run is not None and run.note):
            name = cell.metadata.get("nbgrader", {}).get("grade_id") or "a cell of the student's own"
            words.append(f"{name}: {run.note or run.status}")
    return "; ".join(words[:10])


def empty_rows(assignment: Assignment, *, judged: bool = True) -> list[Row]:
    """Return the rows of a submission of which nothing could be run: no points, or no verdict at all."""
    rows = [_empty_row(cell) for cell in assignment.graded_cells]
    return rows if judged else [replace(row, points=None) for row in rows]


def _empty_row(cell: GradedCell) -> Row:
    status = UNGRADED if cell.by_hand else NOT_RUN
    detail = {"function": cell.function} if cell.function else {}
    return Row(cell.grade_id, None if cell.by_hand else 0.0, cell.max_points, status, detail=detail)


def _answer_row(cell: GradedCell, answers: dict[str, str | None]) -> Row:
    """Return the row of a cell for a person to read: an answer that was never begun earns nothing, as in nbgrader."""
    row = _empty_row(cell)
    if cell.kind == TASK or cell.grade_id in answers:
        row.detail["answer"] = (answers.get(cell.grade_id) or "")[:_ANSWER]
        return row
    return replace(row, points=0.0, status=UNANSWERED)


def _row(cell: GradedCell, notebook: NotebookNode, execution: Execution) -> Row:
    node = next(one for one in notebook.cells if _grade_id(one) == cell.grade_id)
    run = execution.cells[node.id]
    row = replace(_empty_row(cell), status=run.status, seconds=run.seconds)
    if cell.kind == CHECKED:
        return _checked_row(row, execution.probes[node.id], run, notebook, node.id)
    row.trusting = True
    if run.status in (RAN, ERROR):
        # A cell that failed may have kept its error from being shown: the kernel's reply decides.
        told = [*run.told, ("error", "")] if run.status == ERROR else run.told
        earned = trusting.credit(told, cell.max_points)
        row.points = earned.points
        why = trusting.reason(earned, cell.max_points, node.source, run.error, run.line)
        row.detail = {name: words for name, words in (("wrong", why), ("warning", earned.warning)) if words}
    return row


def _checked_row(row: Row, probe: Probe, run: CellRun, notebook: NotebookNode, cell_id: str) -> Row:
    if run.status == NOT_RUN:
        return row
    verdict = _verdict(probe.check, probe.outcomes(run.answers, timeout=run.status == TIMEOUT))
    before = itertools.takewhile(lambda cell: cell.id != cell_id, notebook.cells)
    sources = [cell.source for cell in before if cell.cell_type == "code"]
    uses = find_forbidden_in_source(sources, probe.check.name, probe.check.forbid)
    row.points = 0.0 if uses else verdict.points
    row.mistake = verdict.mistake.name if verdict.mistake and not uses else None
    if row.status == RAN and verdict.failures and isinstance(verdict.failures[0].outcome.value, Raised):
        row.status = ERROR
    row.detail = _detail(probe.check, verdict, uses)
    if not verdict.passed and (fault := fault_of(probe.check.name, sources)):
        row.detail |= {"wrong": f"A syntax error in the cell of {probe.check.name}, {fault}", "line": fault.text}
    return row


def _verdict(check: Check, outcomes: list[Outcome]) -> Verdict:
    try:
        return diagnose(check, outcomes)
    except Exception as error:  # what the comparison cannot take is not what was expected
        words = f"an answer that cannot be compared: {type(error).__name__}"
        return diagnose(check, [Outcome(Unsupported(words)) for _ in outcomes])


def _detail(check: Check, verdict: Verdict, uses: list[Use]) -> dict[str, Any]:
    detail: dict[str, Any] = {
        "function": check.name,
        "groups": [[group.name, 0.0 if uses else group.points, group.max_points] for group in verdict.groups],
    }
    if uses:
        detail["forbidden"] = [[use.forbidden, use.written[:80], use.function, use.line] for use in uses[:3]]
    elif verdict.failures:
        detail["wrong"] = _wrong(check, verdict.failures[0])
        if verdict.mistake:
            detail["mistake"] = [verdict.mistake.name, verdict.mistake.hint]
    return detail


def _wrong(check: Check, failure: Failure) -> str:
    """Say what is wrong without a number of the hidden inputs or outputs: a student's error message could hold one."""
    value, group = failure.outcome.value, check.cases[failure.case].group
    where = f" in {failure.difference.output}" if failure.difference and failure.difference.output else ""
    if isinstance(value, Raised):
        words = {
            NO_ANSWER: "The notebook gave no answer",
            TIME_LIMIT: "There was no answer in time: is there a loop whose condition never becomes false?",
            NOT_CALLED: "Not tried, since an earlier call ran out of time",
            "NotImplementedError": f"{check.name} is not written yet",
            "NameError": f"{check.name}, or a name it uses, is not defined",
        }.get(value.kind, f"{check.name} raised {trusting.error_name(value.kind)}")
    elif failure.difference is None:
        words = f"{check.name} changes its input {' and '.join(failure.outcome.changed)} in place"
    else:
        words = {
            "none": f"None came back{where}",
            "type": f"Wrong type{where}",
            "length": "Wrong number of outputs",
            "shape": f"Wrong shape{where}",
            "dtype": f"Wrong dtype{where}",
            "value": f"Wrong values{where}" + (f", first at {place}" if (place := failure.difference.place) else ""),
        }.get(failure.difference.kind, "Not what was expected")
    return f"{words} (cases “{group}”)"


def _annotated(execution: Execution, rows: list[Row]) -> nbformat.NotebookNode:
    """Return the executed notebook with each cell's own status, and each check cell's verdict as its output."""
    by_name = {row.cell: row for row in rows}
    for cell in execution.notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("tags", None)
        if cell.cell_type != "code":
            continue
        run = execution.cells[cell.id]
        cell.metadata["seqviz"] = {"status": run.status, "seconds": round(run.seconds, 3)} | (
            {"note": run.note} if run.note else {}
        )
        row = by_name.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if row is not None and cell.id in execution.probes:
            words = f"{row.points:g} of {row.max_points:g} points. {row.detail.get('wrong', '')}".strip()
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=words)]
    execution.notebook.metadata.pop("papermill", None)
    return execution.notebook
