"""Grade a class: hand submissions to workers, write what they return, go on where the last run stopped."""

import contextlib
import hashlib
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from seqviz.grading import machine, sandbox
from seqviz.grading.assignment import Assignment, derive
from seqviz.grading.execution import Place
from seqviz.grading.files import safe_name, write_whole
from seqviz.grading.gradebook import Gradebook, GradebookError, Key
from seqviz.grading.job import Job, empty_rows
from seqviz.grading.kernel_client import KernelServer
from seqviz.grading.results import GRADED, NOT_GRADED, UNREADABLE, Result
from seqviz.grading.submissions import Submission, UnreadableError
from seqviz.grading.workers import Workers

_SPARE_SECONDS = 120


@dataclass(frozen=True)
class Options:
    """How to grade: cores to use, limits, the sandbox, and the cells whose rows are to be made again."""

    jobs: int
    cell_seconds: float = 30.0
    limits: sandbox.Limits = field(default_factory=sandbox.Limits)
    sandbox: str = sandbox.BWRAP
    regrade: frozenset[str] = frozenset()
    group: str = ""  # control group for those of the kernels

    @property
    def in_flight(self) -> int:
        """How many kernels run at once."""
        return machine.kernels_at_once(self.jobs, self.limits.memory)


@dataclass
class Tally:
    """What a run did."""

    graded: int = 0
    already: int = 0
    failed: dict[str, str] = field(default_factory=dict)  # student: why
    interrupted: bool = False
    phases: dict[str, float] = field(default_factory=dict)


class Batch:
    """One run over a class."""

    def __init__(self, options: Options, parent: KernelServer) -> None:
        """Fork the workers. The kernels' parent may still be importing; the caller ends it."""
        self.options, self.parent = options, parent
        self.workers = Workers(options.in_flight)
        self.tally = Tally()

    def run(self, assignment: Assignment, submissions: list[Submission], gradebook: Gradebook, folder: Path) -> Tally:
        """Grade what is not graded yet; Ctrl-C ends the run early, and the next one goes on from there."""
        self.parent.wait_until_ready()
        self.assignment, self.gradebook, self.folder = assignment, gradebook, folder
        self.seed = derive(self.gradebook.seed, f"{assignment.name}: kernels")
        walled = self.options.sandbox == sandbox.BWRAP
        self.not_enforced = [] if walled else list(sandbox.NOT_ENFORCED)
        self.place = Place(
            address="",
            walled=walled,
            limits=self.options.limits,
            cell_seconds=self.options.cell_seconds,
            notebook_seconds=10 * self.options.cell_seconds,
            group=self.options.group,
            files=str(self.parent.files or ""),
        )
        waiting, again = deque(submissions), deque[Submission]()
        with tqdm(total=len(submissions), unit=" submissions", dynamic_ncols=True, file=sys.stderr) as self.bar:
            try:
                while waiting or again or self.workers.busy:
                    while waiting and self.workers.idle:
                        self._begin(waiting.popleft())
                    if again and not self.workers.busy:  # alone, so that no neighbour can be to blame
                        self._begin(again.popleft(), alone=True)
                    again.extend(self._collect())
            except KeyboardInterrupt:
                self.tally.interrupted = True
        return self.tally

    def _begin(self, submission: Submission, alone: bool = False) -> None:
        """Give one submission to a worker, unless it is graded already or cannot be read."""
        try:
            blob = submission.read()
        except UnreadableError as error:
            self._write_unreadable(submission, str(error))
            return
        key = self._key(submission, blob)
        if self.gradebook.has(key) and not self.options.regrade:
            self.gradebook.count(key, **self._found(submission))
            self.tally.already += 1
            self.bar.update()
            return
        job = Job(blob, self.assignment, self.seed, replace(self.place, alone=alone)).to_bytes()
        patience = 2 * self.place.notebook_seconds * max(1, len(self.assignment.parts)) + _SPARE_SECONDS
        self.workers.give((submission, key, alone), job, self.parent.address, patience)

    def _key(self, submission: Submission, blob: bytes) -> Key:
        digest = hashlib.sha256(blob).hexdigest()
        return Key(submission.student, self.assignment.name, digest, self.assignment.hash)

    def _write_unreadable(self, submission: Submission, why: str) -> None:
        self._write(
            submission, self._key(submission, why.encode()), Result(UNREADABLE, why, empty_rows(self.assignment))
        )

    def _collect(self) -> Iterator[Submission]:
        """Write the results that have come; yield submissions that are to be tried again."""
        for answer in self.workers.answers(seconds=1.0):
            submission, key, alone = answer.name
            if answer.result is not None:
                self._write(submission, key, Result.from_bytes(answer.result))
            elif not alone:
                self._revive_parent()
                yield submission
            else:
                rows = empty_rows(self.assignment, judged=False)
                self._write(submission, key, Result(NOT_GRADED, answer.failure, rows))

    def _revive_parent(self) -> None:
        if not self.parent.alive:
            self.parent.start()
            self.parent.wait_until_ready()

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


@contextlib.contextmanager
def running(options: Options, parent: KernelServer) -> Iterator[Batch]:
    """Start a batch's workers, and end them whatever happens."""
    batch = Batch(options, parent)
    try:
        yield batch
    finally:
        batch.workers.stop()
