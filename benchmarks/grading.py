"""Grading a class beside nbgrader: ``python -m benchmarks.grading``.

Sixty submissions of one torch exercise: right, wrong, crashing and slow ones. ``seqviz grade`` (sandbox on) and
``nbgrader autograde`` (0.9.6, in an environment that this program makes) grade them in turn on the same machine, timed
as whole commands, from start to end. Points are compared too: both must give the same.
"""

import argparse
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import report
from benchmarks.grading_class import STEM, slow_class, swift_class, write_courses
from benchmarks.grading_memory import own_memory_of_kernels
from benchmarks.grading_peer import Peer

SWIFT_BUDGET, LEAST_BUDGET = 20.0, 10.0  # times as fast as nbgrader
MEMORY_BUDGET_MB = 60


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=60, help="size of the class (default: 60)")
    parser.add_argument("--timeout", type=int, default=10, help="seconds per cell, for both (default: 10)")
    parser.add_argument("--rounds", type=int, default=2, help="how often seqviz takes its turn (default: 2)")
    arguments = parser.parse_args()
    peer = Peer()
    with tempfile.TemporaryDirectory(prefix="bench-grading-") as folder:
        return measure(Path(folder), peer, arguments)


def measure(folder: Path, peer: Peer, arguments: argparse.Namespace) -> int:
    slow = slow_class(max(1, arguments.submissions // 15))
    swift = swift_class(arguments.submissions - len(slow))
    classes = {"swift": swift, "all": {**swift, **slow}}
    write_courses(folder, classes)
    peer.prepare(folder / "nbgrader")
    ours: dict[str, list[float]] = {"swift": [], "all": []}
    theirs: dict[str, float] = {}
    profile = ""
    for turn in range(arguments.rounds):
        for name in classes:
            seconds, said = run_ours(folder / "seqviz", name, arguments.timeout)
            ours[name].append(seconds)
            profile = said if name == "swift" else profile
            if turn == 0 and name == "swift":
                theirs[name] = peer.autograde(list(swift), arguments.timeout)
    theirs["all"] = theirs["swift"] + peer.autograde(list(slow), arguments.timeout)
    compare_points(points_of(folder / "seqviz" / "results-all"), peer.points())
    return show(classes, ours, theirs, profile, own_memory_of_kernels(), arguments)


def run_ours(course: Path, name: str, timeout: int) -> tuple[float, str]:
    results = course / f"results-{name}"
    shutil.rmtree(results, ignore_errors=True)
    command = [sys.executable, "-m", "seqviz.cli", "grade", f"submissions-{name}", "--assignment", STEM]
    command += ["--out", str(results), "--timeout", str(timeout), "--profile"]
    started = time.perf_counter()
    done = subprocess.run(command, cwd=course, env=environment(), capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"seqviz grade failed ({done.returncode}): {done.stderr}")
    return seconds, done.stderr


def environment() -> dict[str, str]:
    return os.environ | {"OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1"}


def points_of(results: Path) -> dict[str, float]:
    with (results / "totals.csv").open(newline="") as file:
        return {row["student"]: float(row["points"]) for row in csv.DictReader(file)}


def compare_points(ours: dict[str, float], theirs: dict[str, float]) -> None:
    differing = {
        name: (ours.get(name), theirs.get(name)) for name in {*ours, *theirs} if ours.get(name) != theirs.get(name)
    }
    if differing:
        raise SystemExit(f"the two do not agree on the points (seqviz, nbgrader): {differing}")


def show(
    classes: dict[str, dict[str, str]],
    ours: dict[str, list[float]],
    theirs: dict[str, float],
    profile: str,
    memory: dict[str, float],
    arguments: argparse.Namespace,
) -> int:
    rows = []
    ratios = {}
    for name, members in classes.items():
        best = min(ours[name])
        ratios[name] = theirs[name] / best
        rows.append(
            {
                "class": "without the slow ones" if name == "swift" else "with them",
                "submissions": len(members),
                "nbgrader, s each": theirs[name] / len(members),
                "seqviz, s each": best / len(members),
                "times as fast": ratios[name],
                "budget": "≥ 20" if name == "swift" else "≥ 10",
            }
        )
    print(report.table(rows))
    print()
    print(report.table([{"phase": phase, "ms per submission": ms} for phase, ms in phases(profile).items()]))
    print()
    print(report.table([{"memory": name, "MB": value} for name, value in memory.items()]))
    met = {
        "without the slow ones": ratios["swift"] >= SWIFT_BUDGET,
        "with them": ratios["all"] >= LEAST_BUDGET,
        "memory": memory["of its own, per further kernel"] <= MEMORY_BUDGET_MB,
    }
    print("\nbudgets:", ", ".join(f"{name} {'met' if fine else 'MISSED'}" for name, fine in met.items()))
    result = {
        "environment": report.environment("torch", "papermill", "nbclient", "jupyter_client", "ipykernel"),
        "timeout": arguments.timeout,
        "seconds": {"seqviz": ours, "nbgrader": theirs},
        "classes": rows,
        "phases": phases(profile),
        "memory": memory,
        "met": met,
    }
    print("written to", report.write("grading", result))
    return 0 if all(met.values()) else 1


def phases(said: str) -> dict[str, int]:
    """Read the line that --profile prints."""
    [line] = re.findall(r"milliseconds per submission: (.*)", said)
    return {name: int(ms) for name, ms in re.findall(r"([a-z ]+) (\d+)", line)}


if __name__ == "__main__":
    sys.exit(main())
