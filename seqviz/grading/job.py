"""One submission as one self-contained job: bytes in, rows out.

A job carries the submission, the assignment and the limits; a result carries rows, never code. Both are JSON, so the
worker that does it may be a process on this machine or on another. The coordinator alone writes.
"""

import base64
import contextlib
import json
import re
import time
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

from seqviz.checks.calling import NOT_CALLED, TIME_LIMIT, Outcome
from seqviz.checks.compiled import Check
from seqviz.checks.diagnosis import Failure, Verdict, diagnose
from seqviz.checks.forbidden import Use, find_forbidden_in_source
from seqviz.checks.values import Raised, Unsupported
from seqviz.grading import trusting
from seqviz.grading.assignment import CHECKED, MANUAL, Assignment, GradedCell
from seqviz.grading.engine import execute
from seqviz.grading.execution import ERROR, NOT_RUN, RAN, CellRun, Execution, Place
from seqviz.grading.probe import NO_ANSWER, Probe
from seqviz.grading.rebuild import Rebuilt, read_notebook, rebuild_notebook
from seqviz.grading.sandbox import Limits
from seqviz.grading.submissions import UnreadableError

GRADED, UNREADABLE = "graded", "unreadable"
UNGRADED = "ungraded"  # a cell for a person to read
_TRANSFORMED_CHARACTERS = 1 << 20
_COMMAND = re.compile(r"^[ \t]*[%!?]|=[ \t]*[%!]|\?[ \t]*$", re.MULTILINE)  # what IPython may take for one of its own


@dataclass(frozen=True)
class Job:
    """What is to be done: grade ``submission`` under ``assignment``."""

    submission: bytes
    assignment: Assignment
    seed: int
    place: Place

    def to_bytes(self) -> bytes:
        """Return the job as bytes."""
        place = asdict(self.place)
        del place["address"]  # where kernels come from is the worker's own affair
        fields = {"submission": base64.b64encode(self.submission).decode(), "seed": self.seed, "place": place}
        a = self.assignment
        fields["assignment"] = json.dumps({"name": a.name, "notebook": a.notebook, "checks": a.checks, "hash": a.hash})
        return json.dumps(fields).encode()

    @classmethod
    def from_bytes(cls, blob: bytes, address: str) -> "Job":
        """Read a job; ``address`` is that of the worker's warm parent."""
        fields = json.loads(blob)
        limits = Limits(**fields["place"].pop("limits"))
        place = Place(address=address, limits=limits, **fields["place"])
        return cls(base64.b64decode(fields["submission"]), _assignment(fields["assignment"]), fields["seed"], place)


@lru_cache(maxsize=2)
def _assignment(text: str) -> Assignment:
    return Assignment(**json.loads(text))


@dataclass
class Row:
    """The score of one cell. ``detail`` is what feedback may say: it never holds a hidden input or output."""

    cell: str
    points: float | None
    max_points: float
    status: str
    mistake: str | None = None
    seconds: float = 0.0
    trusting: bool = False
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass
class Result:
    """What became of a job: rows, warnings, the executed notebook, and where the time went."""

    status: str
    message: str = ""
    rows: list[Row] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notebook: str = ""
    seconds: float = 0.0
    phases: dict[str, float] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return the result as bytes. What a kernel said may hold half a character, which no file could."""
        return json.dumps(asdict(self), ensure_ascii=False).encode(errors="replace")

    @classmethod
    def from_bytes(cls, blob: bytes) -> "Result":
        """Read a result."""
        fields = json.loads(blob)
        return cls(**fields | {"rows": [Row(**row) for row in fields["rows"]]})


def grade(job: Job) -> Result:
    """Rebuild, run, probe and compare.

    Raises:
        KernelStartError: no kernel could be had; nothing is said about the submission.
    """
    started = time.perf_counter()
    try:
        rebuilt = rebuild_notebook(job.assignment.base, read_notebook(job.submission))
    except UnreadableError as error:
        return Result(UNREADABLE, str(error), empty_rows(job.assignment), seconds=time.perf_counter() - started)
    checks = job.assignment.compiled
    asked = {cell.grade_id: cell for cell in job.assignment.graded_cells if cell.kind == CHECKED}
    probes = {
        cell.id: Probe(checks[asked[name].function])
        for cell in rebuilt.notebook.cells
        if (name := cell.metadata.get("nbgrader", {}).get("grade_id")) in asked
    }
    execution = Execution(probes, job.place, job.seed)
    execution.timed("rebuild", started)
    execute(rebuilt.notebook, execution)
    now = time.perf_counter()
    rows = [_row(cell, job.assignment, rebuilt, execution) for cell in job.assignment.graded_cells]
    now = execution.timed("compare", now)
    notebook = nbformat.writes(_annotated(execution, rows))
    now = execution.timed("write notebook", now)
    return Result(GRADED, _what_happened(execution), rows, rebuilt.warnings, notebook, now - started, execution.phases)


def _what_happened(execution: Execution) -> str:
    """Say which cells did not simply run or fail."""
    words = []
    for cell in execution.notebook.cells:
        run = execution.cells.get(cell.id)
        if (run is not None and run.status not in (RAN, ERROR, NOT_RUN)) or (run is not None and run.note):
            name = cell.metadata.get("nbgrader", {}).get("grade_id") or "a cell of the student's own"
            words.append(f"{name}: {run.note or run.status}")
    return "; ".join(words[:10])


def empty_rows(assignment: Assignment) -> list[Row]:
    """Return the rows of a submission of which nothing could be run."""
    return [_empty_row(cell) for cell in assignment.graded_cells]


def _empty_row(cell: GradedCell) -> Row:
    status = UNGRADED if cell.kind == MANUAL else NOT_RUN
    detail = {"function": cell.function} if cell.function else {}
    return Row(cell.grade_id, None if cell.kind == MANUAL else 0.0, cell.max_points, status, detail=detail)


def _row(cell: GradedCell, assignment: Assignment, rebuilt: Rebuilt, execution: Execution) -> Row:
    if cell.kind == MANUAL:
        return _empty_row(cell)
    node = next(
        one for one in rebuilt.notebook.cells if one.metadata.get("nbgrader", {}).get("grade_id") == cell.grade_id
    )
    run = execution.cells[node.id]
    row = replace(_empty_row(cell), status=run.status, seconds=run.seconds)
    if cell.kind == CHECKED:
        return _checked_row(row, assignment.compiled[cell.function], run, rebuilt, node.id)
    row.trusting = True
    if run.status == RAN or run.status == ERROR:
        earned = trusting.credit(run.told, cell.max_points)
        row.points = earned.points
        row.detail = {"warning": earned.warning} if earned.warning else {}
    return row


def _checked_row(row: Row, check: Check, run: CellRun, rebuilt: Rebuilt, cell_id: str) -> Row:
    if not run.answers:
        return row
    verdict = _verdict(check, run)
    uses = _forbidden(check, rebuilt, cell_id)
    row.points = 0.0 if uses else verdict.points
    row.mistake = verdict.mistake.name if verdict.mistake and not uses else None
    if row.status == RAN and verdict.failures and isinstance(verdict.failures[0].outcome.value, Raised):
        row.status = ERROR
    row.detail = _detail(check, verdict, uses)
    return row


def _verdict(check: Check, run: CellRun) -> Verdict:
    try:
        return diagnose(check, run.answers)
    except Exception as error:  # what the comparison cannot take is not what was expected
        words = f"an answer that cannot be compared: {type(error).__name__}"
        return diagnose(check, [Outcome(Unsupported(words)) for _ in run.answers])


def _forbidden(check: Check, rebuilt: Rebuilt, cell_id: str) -> list[Use]:
    try:
        return find_forbidden_in_source(_sources(rebuilt, cell_id), check.name, check.forbid)
    except (RecursionError, MemoryError):
        written = "code nested too deeply to be looked through"
        return [Use(name, written, check.name, 1) for name in check.forbid[:1]]


def _sources(rebuilt: Rebuilt, until: str) -> list[str]:
    """Return the code before cell ``until`` as Python: IPython's own commands would hide a cell from the parser.

    IPython goes through a cell once for each such command in it. That is done up to a limit; a cell beyond it is
    returned as it is, and then read without the lines that are no Python.
    """
    sources = []
    room = _TRANSFORMED_CHARACTERS
    for cell in rebuilt.notebook.cells:
        if cell.id == until:
            break
        if cell.cell_type == "code":
            first, _, rest = cell.source.lstrip().partition("\n")
            source = rest if first.startswith("%%") else cell.source
            room -= len(source) * (1 + len(_COMMAND.findall(source)))
            with contextlib.suppress(Exception):  # what is no Python does not run either
                source = TransformerManager().transform_cell(source) if room > 0 else source
            sources.append(source)
    return sources


def _detail(check: Check, verdict: Verdict, uses: list[Use]) -> dict[str, Any]:
    detail: dict[str, Any] = {
        "function": check.name,
        "groups": [[group.name, 0.0 if uses else group.points, group.max_points] for group in verdict.groups],
    }
    if uses:
        detail["forbidden"] = [[use.forbidden, use.written[:80], use.line] for use in uses[:3]]
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
        }.get(value.kind, f"{check.name} raised {_error_name(value.kind)}")
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


def _error_name(kind: str) -> str:
    import builtins

    known = getattr(builtins, kind, None)
    return kind if isinstance(known, type) and issubclass(known, BaseException) else "an exception"


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
