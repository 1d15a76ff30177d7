"""A large class in one run: does the thousandth submission take as long as the first, and does memory stay flat?

``python -m benchmarks.grading_large``, also in ``make bench-grading``. The exercise is light, so that what is measured
is the grader. Times are those of the executed notebooks, so that nothing reads what the coordinator is writing; memory
is that of the coordinator's process.
"""

import argparse
import contextlib
import itertools
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

from benchmarks import report
from benchmarks.grading_class import STEM, swift_class, write_courses
from benchmarks.jupyter import CHROMIUM, FLAGS

HUNDRED = 100
SLOWER_BUDGET, GROWTH_BUDGET_MB, PAGE_BUDGET_MB, OPEN_BUDGET_S = 1.10, 20.0, 3.0, 2.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=1000, help="size of the class (default: 1000)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-large-") as folder:
        members = swift_class(arguments.submissions)
        write_courses(Path(folder), {"large": members, "all": {}})
        return measure(Path(folder) / "seqviz", arguments.submissions)


def measure(course: Path, count: int) -> int:
    command = [sys.executable, "-m", "seqviz.cli", "grade", "submissions-large", "--assignment", STEM]
    memory: list[tuple[float, float]] = []  # when, the coordinator's MB
    used: list[tuple[float, float]] = []  # when, seconds of CPU that all its processes have taken
    with subprocess.Popen([*command, "--out", "results"], cwd=course, stderr=subprocess.DEVNULL) as running:
        process = psutil.Process(running.pid)
        while running.poll() is None:
            with contextlib.suppress(psutil.Error):
                memory.append((time.time(), process.memory_info().rss / 1e6))
                used.append((time.time(), seconds_of_cpu(process)))
            time.sleep(0.5)
    if running.returncode:
        raise SystemExit(f"seqviz grade failed ({running.returncode})")
    written = sorted(path.stat().st_mtime for path in (course / "results" / "notebooks").glob("*.ipynb"))
    if len(written) != count:
        raise SystemExit(f"{len(written)} notebooks of {count}")
    page = course / "results" / "summary.html"
    marks = [*range(0, count - 1, HUNDRED), count - 1]
    each = [(written[end] - written[start]) / (end - start) for start, end in itertools.pairwise(marks)]
    first, last = each[0], each[-1]
    cpu = [interpolated(used, written[mark]) for mark in marks]
    cpu_each = [(cpu[n + 1] - cpu[n]) / (marks[n + 1] - marks[n]) for n in range(len(each))]
    rows = [
        {"what": "last hundred / first hundred, seconds each", "value": last / first, "budget": SLOWER_BUDGET},
        {
            "what": "the same in seconds of CPU, whatever else this machine does",
            "value": cpu_each[-1] / cpu_each[0],
            "budget": SLOWER_BUDGET,
        },
        {
            "what": "coordinator's growth after the first hundred, MB",
            "value": growth(memory, written),
            "budget": GROWTH_BUDGET_MB,
        },
        {"what": "summary.html, MB", "value": page.stat().st_size / 1e6, "budget": PAGE_BUDGET_MB},
        {"what": "summary.html, seconds to open", "value": seconds_to_open(page), "budget": OPEN_BUDGET_S},
    ]
    print(report.table(rows))
    print("seconds each, by hundreds:", " ".join(f"{seconds:.3f}" for seconds in each))
    print("and of CPU:", " ".join(f"{seconds:.3f}" for seconds in cpu_each))
    print(f"the coordinator took {max(megabytes for _, megabytes in memory):.0f} MB at most")
    print("written to", report.write("grading_large", {"environment": report.environment("torch"), "rows": rows}))
    return 0 if all(row["value"] <= row["budget"] for row in rows) else 1


def seconds_of_cpu(process: psutil.Process) -> float:
    """Return the CPU time of a process, of all that descend from it, and of those among them that have ended."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.Error):  # it has ended since it was listed
            total += sum(one.cpu_times()[:4])
    return total


def interpolated(measured: list[tuple[float, float]], when: float) -> float:
    after = next(n for n, (time_, _) in enumerate(measured) if time_ >= when or n == len(measured) - 1)
    (t0, v0), (t1, v1) = measured[max(0, after - 1)], measured[after]
    return v0 if t1 <= t0 else v0 + (v1 - v0) * (when - t0) / (t1 - t0)


def growth(memory: list[tuple[float, float]], written: list[float]) -> float:
    """Return by how much the coordinator's largest size grew between the hundredth and the last notebook."""
    early = max(megabytes for when, megabytes in memory if when <= written[HUNDRED])
    return max(megabytes for when, megabytes in memory if written[HUNDRED] < when <= written[-1]) - early


def seconds_to_open(page: Path) -> float:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        opened = browser.new_page()
        started = time.perf_counter()
        opened.goto(page.as_uri())
        opened.wait_for_selector(".bar div")
        opened.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        seconds = time.perf_counter() - started
        browser.close()
    return seconds


if __name__ == "__main__":
    sys.exit(main())
