"""A large class in one run: does the thousandth submission take as long as the first, and does memory stay flat?

``python -m benchmarks.grading_large``, also in ``make bench-grading``. The exercise is light, so that what is measured
is the grader. Time is read from the gradebook as it fills, memory from the coordinator's process.
"""

import argparse
import sqlite3
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
    seen: list[tuple[int, float, float]] = []  # graded so far, when, the coordinator's MB
    with subprocess.Popen([*command, "--out", "results"], cwd=course, stderr=subprocess.DEVNULL) as running:
        process = psutil.Process(running.pid)
        while running.poll() is None:
            done = graded(course / "results" / "gradebook.sqlite")
            if done and done < count and (not seen or done > seen[-1][0]):
                seen.append((done, time.monotonic(), process.memory_info().rss / 1e6))
            time.sleep(0.05)
    if running.returncode:
        raise SystemExit(f"seqviz grade failed ({running.returncode})")
    page = course / "results" / "summary.html"
    first, last = seconds_each(seen, 0), seconds_each(seen, count - HUNDRED)
    memory = [one[2] for one in seen]
    rows = [
        {"what": "last hundred / first hundred, seconds each", "value": last / first, "budget": SLOWER_BUDGET},
        {"what": "coordinator's growth after the first hundred, MB", "value": growth(seen), "budget": GROWTH_BUDGET_MB},
        {"what": "summary.html, MB", "value": page.stat().st_size / 1e6, "budget": PAGE_BUDGET_MB},
        {"what": "summary.html, seconds to open", "value": seconds_to_open(page), "budget": OPEN_BUDGET_S},
    ]
    print(report.table(rows))
    print(f"first hundred {first:.3f} s each, last hundred {last:.3f}; coordinator at most {max(memory):.0f} MB")
    print("written to", report.write("grading_large", {"environment": report.environment("torch"), "rows": rows}))
    return 0 if all(row["value"] <= row["budget"] for row in rows) else 1


def graded(gradebook: Path) -> int:
    try:
        with sqlite3.connect(f"file:{gradebook}?mode=ro", uri=True) as database:
            [(count,)] = database.execute("SELECT count(*) FROM submissions").fetchall()
        database.close()
    except sqlite3.Error:  # not made yet, or just being written
        return 0
    return count


def seconds_each(seen: list[tuple[int, float, float]], start: int) -> float:
    """Return the time per submission in the hundred after ``start``; the start of the workers is not part of it."""
    part = [(done, when) for done, when, _ in seen if start <= done <= start + HUNDRED]
    return (part[-1][1] - part[0][1]) / (part[-1][0] - part[0][0])


def growth(seen: list[tuple[int, float, float]]) -> float:
    early = max(memory for done, _, memory in seen if done <= HUNDRED)
    return max(memory for done, _, memory in seen if done > HUNDRED) - early


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
