"""Grading on a Dask cluster: one worker beside two, and beside this machine's own processes.

``python -m benchmarks.grading_cluster``, also in ``make bench-grading``. The exercise is light, so that what is
measured is the grader. A worker has one thread and is bound to one core, so that two have twice as much as one; the
scheduler and the coordinator run wherever there is time, as does everything when this machine grades alone. Scheduler
and workers have the settings that docs/grading.md advises, and modules are compiled, as pip leaves them. The class of a
thousand is graded once, for the coordinator's memory.
"""

import argparse
import compileall
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from distributed import Client

import seqviz
from benchmarks import report
from benchmarks.grading import points_of
from benchmarks.grading_class import STEM, swift_class, write_courses
from benchmarks.grading_large import growth

QUIET = {"DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s", "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
SPEEDUP_BUDGET, OVERHEAD_BUDGET, GROWTH_BUDGET_MB = 1.8, 1.10, 20.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=200, help="size of the class (default: 200)")
    parser.add_argument("--large", type=int, default=1000, help="size of the large class, 0: none (default: 1000)")
    arguments = parser.parse_args()
    classes = {"cluster": swift_class(arguments.submissions), "large": swift_class(arguments.large)}
    with tempfile.TemporaryDirectory(prefix="bench-cluster-") as folder:
        write_courses(Path(folder), {**classes, "all": {}})
        return measure(Path(folder) / "seqviz", arguments.large)


def measure(course: Path, large: int) -> int:
    compileall.compile_dir(Path(seqviz.__file__).parent, quiet=1)
    cores = sorted(os.sched_getaffinity(0))[:2]
    runs: dict[str, Run] = {}
    with cluster(cores[:1]) as address:
        runs["1 worker of 1 core"] = graded(course, "cluster", "one", "--dask", address)
    with cluster(cores) as address:
        runs["2 workers of 1 core"] = two = graded(course, "cluster", "two", "--dask", address)
        large_run = graded(course, "large", "large", "--dask", address) if large else None
    runs["this machine, as many processes"] = here = graded(course, "cluster", "here", "--jobs", "2")
    if points_of(course / "results-here") != points_of(course / "results-two"):
        raise SystemExit("the cluster and this machine do not agree on the points")
    print(report.table([run.row(name) for name, run in runs.items()]))
    rows = [
        row("two workers against one", runs["1 worker of 1 core"].each / two.each, ">=", SPEEDUP_BUDGET),
        row("two workers against this machine, seconds each", two.each / here.each, "<=", OVERHEAD_BUDGET),
        row("the same, whole commands", two.seconds / here.seconds, "<=", OVERHEAD_BUDGET),
    ]
    if large_run:
        grown = growth(large_run.memory, large_run.written)
        rows.append(
            row("coordinator's growth after the first hundred of the large class, MB", grown, "<=", GROWTH_BUDGET_MB)
        )
    print()
    print(report.table(rows))
    cpu = (large_run or two).cpu
    print(f"coordinator: {1000 * cpu[0]:.1f} ms of CPU a submission; scheduler: {1000 * cpu[1]:.1f} ms")
    result = {
        "environment": report.environment("torch", "dask", "distributed"),
        "load": report.load(),
        "runs": {name: run.row(name) for name, run in runs.items()},
        "rows": rows,
        "seconds of CPU per submission": {"coordinator": cpu[0], "scheduler": cpu[1]},
    }
    print("written to", report.write("grading_cluster", result))
    return 0 if all(one["met"] for one in rows) else 1


@dataclass
class Run:
    """A graded class: seconds of the command, when each notebook was written, the coordinator's memory, CPU seconds."""

    seconds: float
    written: list[float]
    memory: list[tuple[float, float]]
    cpu: tuple[float, float]  # per submission, of coordinator and scheduler

    @property
    def each(self) -> float:
        """Seconds per submission once it runs: without the first and the last tenth."""
        start, end = len(self.written) // 10, len(self.written) - len(self.written) // 10 - 1
        return (self.written[end] - self.written[start]) / (end - start)

    def row(self, name: str) -> dict[str, object]:
        """Return what the table shows."""
        return {"graded by": name, "seconds each": self.each, "seconds of the command": self.seconds}


def row(what: str, value: float, relation: str, budget: float) -> dict[str, object]:
    met = value >= budget if relation == ">=" else value <= budget
    return {"what": what, "value": value, "budget": f"{relation} {budget:g}", "met": met}


@contextlib.contextmanager
def cluster(cores: list[int]) -> Iterator[str]:
    """Run a scheduler, and a worker of one thread bound to each of ``cores``; yield the scheduler's file."""
    with tempfile.TemporaryDirectory(prefix="bench-dask-") as folder, contextlib.ExitStack() as stack:
        file = Path(folder) / "scheduler.json"
        dask = [sys.executable, "-m", "dask"]
        common = ["--scheduler-file", str(file), "--no-dashboard", "--host", "127.0.0.1"]
        stack.enter_context(_running([*dask, "scheduler", "--port", "0", *common], folder))
        deadline = time.monotonic() + 60
        while not file.exists():
            if time.monotonic() > deadline:
                raise SystemExit("the Dask scheduler did not start")
            time.sleep(0.1)
        for core in cores:
            worker = [*dask, "worker", "--nthreads", "1", *common]
            stack.enter_context(_running(["taskset", "--cpu-list", str(core), *worker], folder))
        with Client(scheduler_file=str(file), set_as_default=False) as client:
            client.wait_for_workers(len(cores), timeout=60)
        yield str(file)


@contextlib.contextmanager
def _running(command: list[str], folder: str) -> Iterator[None]:
    environment = os.environ | QUIET | {"OMP_NUM_THREADS": "1"}
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=folder, env=environment, **silent) as process:
        try:
            yield
        finally:
            process.terminate()


def graded(course: Path, name: str, out: str, *options: str) -> Run:
    command = [sys.executable, "-m", "seqviz.cli", "grade", f"submissions-{name}", "--assignment", STEM]
    results = course / f"results-{out}"
    environment = os.environ | {"OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1"}
    scheduler = _scheduler()
    before, memory, own = sum(scheduler.cpu_times()[:2]) if scheduler else 0.0, [], 0.0
    started = time.perf_counter()
    with subprocess.Popen([*command, "--out", str(results), *options], cwd=course, env=environment) as running:
        process = psutil.Process(running.pid)
        while running.poll() is None:
            with contextlib.suppress(psutil.Error):
                memory.append((time.time(), process.memory_info().rss / 1e6))
                own = sum(process.cpu_times()[:2])
            time.sleep(0.5)
    seconds = time.perf_counter() - started
    if running.returncode:
        raise SystemExit(f"seqviz grade failed ({running.returncode})")
    written = sorted(path.stat().st_mtime for path in (results / "notebooks").glob("*.ipynb"))
    theirs = sum(scheduler.cpu_times()[:2]) - before if scheduler else 0.0
    return Run(seconds, written, memory, (own / len(written), theirs / len(written)))


def _scheduler() -> psutil.Process | None:
    """Return the scheduler that this process has started, if there is one."""
    for process in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if "scheduler" in process.cmdline():
                return process
    return None


if __name__ == "__main__":
    sys.exit(main())
