"""nbgrader 0.9.6 in an environment of its own, made once and kept in the user's cache folder."""

import csv
import os
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import platformdirs

from benchmarks.grading_class import STEM

NBGRADER = "0.9.6"


class Peer:
    """nbgrader as a command."""

    def __init__(self) -> None:
        """Make the environment unless it is there: nbgrader, and the torch that is measured here."""
        torch = version("torch").partition("+")[0]
        self.folder = Path(platformdirs.user_cache_dir("seqviz")) / f"nbgrader-{NBGRADER}-torch-{torch}"
        done = self.folder / "complete"
        if done.exists():
            return
        print(f"making an environment for nbgrader {NBGRADER} in {self.folder} …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(self.folder)], check=True)
        pip = [str(self.folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, f"torch=={torch}", "numpy", f"nbgrader=={NBGRADER}"], check=True)
        done.touch()

    def prepare(self, course: Path) -> None:
        """Generate the assignment, as an instructor does once; not timed."""
        self.course = course
        (course / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "bench"\n')
        self.run("generate_assignment", STEM, "--force")

    def autograde(self, students: list[str], timeout: int) -> float:
        """Grade some students; return the seconds of the whole command."""
        started = time.perf_counter()
        limit = f"--Execute.timeout={timeout}"
        self.run("autograde", STEM, f"--student={students[0]}" if len(students) == 1 else self.pattern(students), limit)
        return time.perf_counter() - started

    def pattern(self, students: list[str]) -> str:
        slow = all(student.startswith("9") for student in students)
        return "--student=9*" if slow else "--student=0*"

    def run(self, *arguments: str) -> None:
        command = [str(self.folder / "bin" / "nbgrader"), *arguments]
        path = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        environment = os.environ | {"PATH": path, "OMP_NUM_THREADS": "1"}
        done = subprocess.run(command, cwd=self.course, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"nbgrader failed ({done.returncode}): {done.stderr[-4000:]}")

    def points(self) -> dict[str, float]:
        """Return what each student earned."""
        self.run("export", "--to=grades.csv")
        with (self.course / "grades.csv").open(newline="") as file:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
