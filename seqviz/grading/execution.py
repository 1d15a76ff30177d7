"""What an execution of one notebook is given, and what it leaves: where kernels run, and what became of each cell."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode

from seqviz.grading.probe_in_grader import Probe
from seqviz.grading.sandbox import Limits

RAN, ERROR, TIMEOUT, OUT_OF_MEMORY, DIED, NOT_RUN = "ran", "error", "timeout", "out of memory", "died", "not run"


@dataclass
class CellRun:
    """What became of one cell: a status, seconds, the error that ended it, and for a check cell its answers."""

    status: str = NOT_RUN
    seconds: float = 0.0
    error: str = ""
    line: int = 0  # of the cell, where the error came up, by what the kernel says; 0: unknown
    note: str = ""
    answers: dict[int, str] = field(default_factory=dict)  # to a probe, by case, as they came
    told: list[tuple[str, str]] = field(default_factory=list)  # errors, stderr, results, in order: nbgrader's rule asks


@dataclass(frozen=True)
class KernelSource:
    """Where the kernels of one machine come from: the parent's address, the copies of files, the control group."""

    address: str
    files: str = ""
    group: str = ""


@dataclass(frozen=True)
class Place:
    """Where and how kernels run: the parent's address, behind a wall or not, limits, and who keeps them."""

    address: str
    walled: bool = True
    limits: Limits = field(default_factory=Limits)
    cell_seconds: float = 30.0
    notebook_seconds: float = 300.0
    files: str = ""  # copies of the assignment's files: the working folder where there is no wall
    alone: bool = False  # no other kernel runs meanwhile
    group: str = ""  # the control group below which kernels get theirs; without one their keepers measure


class Execution:
    """One notebook's execution: give it to the engine's ``execute``, and read ``cells`` and ``notebook`` afterwards."""

    def __init__(self, probes: Mapping[str, Probe], place: Place, seed: int) -> None:
        self.probes, self.place, self.seed = probes, place, seed
        self.cells: dict[str, CellRun] = {}
        self.notebook = NotebookNode()
        self.phases: dict[str, float] = {}

    def timed(self, phase: str, since: float) -> float:
        """Add the seconds since ``since`` to ``phase``; return now."""
        now = time.perf_counter()
        self.phases[phase] = self.phases.get(phase, 0.0) + now - since
        return now
