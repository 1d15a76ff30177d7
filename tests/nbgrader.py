"""nbgrader 0.9.6 in an environment of the tests' own, made once and kept in the user's cache folder.

Its kernels are ours: the same interpreter, packages and versions run a notebook in both.
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import platformdirs
import pytest

VERSION = "0.9.6"


class NbGrader:
    """nbgrader's commands, run with settings of their own in ``home``."""

    def __init__(self, home: Path) -> None:
        self.programs = _environment() / ("Scripts" if sys.platform == "win32" else "bin")
        kernel = home / "share" / "kernels" / "python3"
        kernel.mkdir(parents=True)
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {"argv": argv, "display_name": "Python 3", "language": "python"}
        (kernel / "kernel.json").write_text(json.dumps(spec))
        folders = {f"JUPYTER_{name}_DIR": str(home / name) for name in ("DATA", "CONFIG", "RUNTIME")}
        self.variables = os.environ | folders
        self.variables |= {
            "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}",  # it calls alembic
            "HOME": str(home),
            "JUPYTER_PATH": str(home / "share"),
            "SEQVIZ_DATA_DIR": "",
        }

    def __call__(self, *command: str, folder: Path, fails: bool = False) -> str:
        """Run a program of nbgrader's environment, which succeeds or ``fails``; return what it says."""
        program, *arguments = command
        done = subprocess.run(
            [self.programs / program, *arguments],
            cwd=folder,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def scores(self, assignment: str, course: Path) -> dict[str, dict[str, float | None]]:
        """Return, by student and cell, the points of a graded assignment; None where a person has yet to give them."""
        said = self("python", "-c", _SCORES, assignment, folder=course)
        return json.loads(said.partition("SCORES")[2].splitlines()[0])


_SCORES = """
import json, sys
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as gradebook:
    scores = {
        submission.student.id: {
            grade.name: None if grade.needs_manual_grade else grade.auto_score or 0.0
            for book in submission.notebooks
            for grade in book.grades
        }
        for submission in gradebook.assignment_submissions(sys.argv[1])
    }
print("SCORES" + json.dumps(scores))
"""


def _environment() -> Path:
    """Return nbgrader's environment; skip the test, in words, where it can be neither found nor made."""
    folder = Path(platformdirs.user_cache_dir("seqviz")) / f"nbgrader-{VERSION}"
    done = folder / "complete"
    if not done.exists():
        venv.create(folder, clear=True, with_pip=True)
        python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        install = [python, "-m", "pip", "install", "--quiet", f"nbgrader=={VERSION}"]
        made = subprocess.run(install, capture_output=True, text=True, check=False)
        if made.returncode:
            last = (made.stderr.strip().splitlines() or ["no reason given"])[-1]
            pytest.skip(f"nbgrader {VERSION} cannot be installed in an environment of its own: {last}")
        done.touch()
    return folder
