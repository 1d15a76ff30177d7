"""Attacks on the class rather than on the grader: a hostile bulk download, neighbours that take every core."""

import csv
import io
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from textwrap import dedent

import pytest

from seqviz.grading import submissions
from tests.attacks.attacks import hostile
from tests.grading.course import LEAKY, STEM, SUM, as_bytes, notebook, toy, write_course, write_submissions

pytestmark = pytest.mark.attack


def graded(course: Path, place: str, *arguments: str) -> tuple[int, str, dict[str, list[float]]]:
    """Grade with the sandbox on; return exit code, words and points."""
    command = [sys.executable, "-m", "seqviz.cli", "grade", place, "--assignment", STEM, "--out", "results"]
    environment = os.environ | {"TQDM_DISABLE": "1"}
    done = subprocess.run(
        [*command, *arguments], cwd=course, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    points: dict[str, list[float]] = {}
    for row in csv.DictReader(io.StringIO((course / "results" / "gradebook.csv").read_text())):
        points.setdefault(row["student"], []).append(float(row["points"] or "nan"))
    return done.returncode, done.stderr, points


def test_a_hostile_bulk_download_is_graded_without_what_is_hostile_in_it(tmp_path: Path) -> None:
    course = write_course(tmp_path / "inside" / "course")
    (course / "secret.ipynb").write_bytes(as_bytes(toy(LEAKY, SUM)))
    bomb = b'{"cells": [' + b" " * (submissions.MAX_BYTES + 1) + b"]}"
    honest = as_bytes(toy(LEAKY, SUM))
    link = zipfile.ZipInfo(f"linda_14_24_{STEM}.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(course / "download.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"ada_11_21_{STEM}.ipynb", honest)
        archive.writestr(f"bomber_12_22_{STEM}.ipynb", bomb)
        archive.writestr(f"../../escaped_13_23_{STEM}.ipynb", honest)
        archive.writestr("/tmp/seqviz-escaped.ipynb", honest)
        archive.writestr("..\\..\\escaped.ipynb", honest)
        archive.writestr(link, str(course / "secret.ipynb"))
        archive.writestr(f"<script>_15_25_{STEM}.ipynb", honest)
        archive.writestr(f"zoe_16_26_{STEM}.ipynb", honest)
    assert (course / "download.zip").stat().st_size < 1 << 20
    before = sorted(path for path in tmp_path.rglob("*"))
    code, said, points = graded(course, "download.zip", "--seed", "1")
    assert code == 1
    assert points == {"<script>_15": [3, 2], "ada_11": [3, 2], "bomber_12": [0, 0], "zoe_16": [3, 2]}
    for words in (
        f"bomber_12: not graded: larger than {submissions.MAX_BYTES >> 20} MB",
        f"../../escaped_13_23_{STEM}.ipynb: passed over: a path that leaves the archive",
        "/tmp/seqviz-escaped.ipynb: passed over: a path that leaves the archive",
        "../../escaped.ipynb: passed over: a path that leaves the archive",
        f"linda_14_24_{STEM}.ipynb: not graded: passed over: a link",
        "3 of 5 submissions graded",
    ):
        assert words in said
    written = [path for path in tmp_path.rglob("*") if path not in before]
    compiled = course / "solutions" / "checks" / "__pycache__"  # Python's own, of the course's checks
    assert all(path.is_relative_to(course / "results") or path.is_relative_to(compiled) for path in written)
    assert not Path("/tmp/seqviz-escaped.ipynb").exists()


def test_neighbours_that_take_every_core_cost_nobody_a_point(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    spinning = """
        import os, time
        for _ in range(50):
            if os.fork() == 0:
                os.setsid()  # a session of its own gets, on many systems, a share of its own
                while True: pass
        time.sleep(600)
        """
    working = dedent(
        """
        import time
        while time.process_time() < 1.5: pass
        """
    )
    notebooks = {f"spinning {number}": notebook(hostile(first=spinning)) for number in range(2)}
    notebooks |= {f"working {number}": notebook(hostile(first=working)) for number in range(2)}
    write_submissions(course / "submissions", dict(sorted(notebooks.items(), key=lambda item: item[0][-1])))
    code, said, points = graded(course, "submissions", "--jobs", "2", "--timeout", "2")
    assert code == 0, said
    assert [points[f"working {number}"] for number in range(2)] == [[3, 2], [3, 2]], said
