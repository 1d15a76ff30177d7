"""Grade a class: hand submissions to workers, write what they return, go on where the last run stopped."""

import hashlib
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from seqviz.grading import sandbox
from seqviz.grading.assignment import Assignment, derive
from seqviz.grading.errors import WorkersGoneError
from seqviz.grading.execution import Place
from seqviz.grading.files import safe_name, write_whole
from seqviz.grading.gradebook import Gradebook, GradebookError, Key
from seqviz.grading.job import Terms, empty_rows
from seqviz.grading.results import GRADED, NOT_GRADED, UNREADABLE, Result
from seqviz.grading.submissions import Submission, UnreadableError
from seqviz.grading.workers import Workers

_SPARE_SECONDS = 120


@dataclass(frozen=True)
class Options:
    """How to grade: limits, the sandbox, and the cells whose rows are to be made again."""

    cell_seconds: float = 30.0
    limits: sandbox.Limits = field(default_factory=sandbox.Limits)
    sandbox: str = sandbox.BWRAP
    regrade: frozenset[str] = frozenset()


@dataclass
class Tally:
    """What a run did."""

    graded: int = 0
    already: int = 0
    failed: dict[str, str] = field(default_factory=dict)  # student: why
    interrupted: bool = False
    stopped: str = ""  # why nobody was left to grade
    phases: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class _Read:
    """A submission as it was read; ``alone``: for the second time, with nothing beside it."""

    submission: Submission
    key: Key
    blob: bytes
    alone: bool = False


class Batch:
    """One run over a class."""

    def __init__(self, options: Options, workers: Workers) -> None:
        """Take the workers that grade; the caller ends them."""
        self.options, self.workers = options, workers
        self.tally = Tally()

    def run(self, assignment: Assignment, submissions: list[Submission], gradebook: Gradebook, folder: Path) -> Tally:
        """Grade what is not graded yet; Ctrl-C ends the run early, and the next one goes on from there."""
        self.assignment, self.gradebook, self.folder = assignment, gradebook, folder
        walled = self.options.sandbox == sandbox.BWRAP
        self.not_enforced = [] if walled else list(sandbox.NOT_ENFORCED)
        place = Place(
            address="",
            walled=walled,
            limits=self.options.limits,
            cell_seconds=self.options.cell_seconds,
            notebook_seconds=10 * self.options.cell_seconds,
        )
        self.patience = 2 * place.notebook_seconds * max(1, len(assignment.parts)) + _SPARE_SECONDS
        terms = Terms(assignment, derive(gradebook.seed, f"{assignment.name}: kernels"), place)
        self.workers.begin(terms.to_bytes(), len(submissions))
        with tqdm(total=len(submissions), unit=" submissions", dynamic_ncols=True, file=sys.stderr) as self.bar:
            try:
                self._grade_all(submissions)
            except KeyboardInterrupt:
                self.tally.interrupted = True
            except WorkersGoneError as error:
                self.tally.stopped = str(error)
        return self.tally

    def _grade_all(self, submissions: list[Submission]) -> None:
        first, again = self._ungraded(submissions), deque[_Read]()
        one = next(first, None)
        while one or again or self.workers.busy:
            while one and self.workers.idle:
                self._give(one)
                one = next(first, None)
            while again and not one and self.workers.quiet:  # alone, so that no neighbour can be to blame
                self._give(replace(again.popleft(), alone=True))
            again.extend(self._collect())

    def _ungraded(self, submissions: list[Submission]) -> Iterator["_Read"]:
        """Read one submission after the other; yield those that are neither graded already nor unreadable."""
        for submission in submissions:
            try:
                blob = submission.read()
            except UnreadableError as error:
                self._write_unreadable(submission, str(error))
                continue
            key = self._key(submission, blob)
            if self.gradebook.has(key) and not self.options.regrade:
                self.gradebook.count(key, **self._found(submission))
                self.tally.already += 1
                self.bar.update()
            else:
                yield _Read(submission, key, blob)

    def _give(self, read: "_Read") -> None:
        self.workers.give(read, read.blob, self.patience, alone=read.alone)

    def _key(self, submission: Submission, blob: bytes) -> Key:
        digest = hashlib.sha256(blob).hexdigest()
        return Key(submission.student, self.assignment.name, digest, self.assignment.hash)

    def _write_unreadable(self, submission: Submission, why: str) -> None:
        self._write(
            submission, self._key(submission, why.encode()), Result(UNREADABLE, why, empty_rows(self.assignment))
        )

    def _collect(self) -> Iterator["_Read"]:
        """Write the results that have come; yield submissions that are to be tried again."""
        for answer in self.workers.answers(seconds=1.0):
            given: _Read = answer.name
            if answer.result is not None:
                self._write(given.submission, given.key, Result.from_bytes(answer.result))
            elif not given.alone:
                yield given
            else:
                rows = empty_rows(self.assignment, judged=False)
                self._write(given.submission, given.key, Result(NOT_GRADED, answer.failure, rows))

    def _write(self, submission: Submission, key: Key, result: Result) -> None:
        for phase, seconds in result.phases.items():
            self.tally.phases[phase] = self.tally.phases.get(phase, 0.0) + seconds
        for part, notebook in (result.notebooks or {"": result.notebook}).items():
            if notebook:
                self._write_notebook(part, submission.student, notebook)
        about = {**self._found(submission), "not_enforced": self.not_enforced}
        earlier = self.gradebook.rows_to_keep(key) if self.options.regrade and result.status == GRADED else None
        if earlier is None:
            self.gradebook.write(key, result, **about)
        elif self.gradebook.has(key):
            self.gradebook.write_cells(key, result, self.options.regrade)
        else:  # under another version of the checks: take the other cells' rows along
            rows = [row if row.cell in self.options.regrade else earlier.get(row.cell, row) for row in result.rows]
            self.gradebook.write(key, replace(result, rows=rows), **about)
        if result.status == GRADED:
            self.tally.graded += 1
        else:
            self.tally.failed[submission.student] = result.message
        self.bar.update()

    @staticmethod
    def _found(submission: Submission) -> dict[str, Any]:
        return {"name": submission.name, "lms_id": submission.lms_id, "submitted_at": submission.submitted_at}

    def _write_notebook(self, part: str, student: str, notebook: str) -> None:
        folder = self.folder / "notebooks" / (safe_name(part) if part else "")
        try:
            write_whole(folder / f"{safe_name(student)}.ipynb", notebook)
        except OSError as error:
            raise GradebookError(f"{folder}: cannot be written ({error.strerror}); what was graded is safe") from error
