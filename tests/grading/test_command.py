"""``seqviz grade`` from beginning to end, in the sandbox."""

import contextlib
import csv
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from seqviz.cli import main
from tests.grading.course import (
    CHECKS,
    LEAKY,
    LEAKY_PARTLY,
    LEAKY_SWAPPED,
    STEM,
    SUM,
    as_bytes,
    cell,
    check_cell,
    everything_but_time,
    notebook,
    solution_cell,
    toy,
    write_course,
    write_submissions,
)

pytestmark = pytest.mark.kernel

CLASS = {
    "ada": toy(LEAKY, SUM),
    "bob": toy(LEAKY_SWAPPED, SUM),
    "cyd": toy(LEAKY_PARTLY),
    "dan": toy(LEAKY, "import os; os._exit(1)"),
    "eve": toy(),
}
POINTS = {"ada": [3, 2], "bob": [0, 2], "cyd": [1, 0], "dan": [3, 0], "eve": [0, 0]}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write_course(tmp_path / "course")
    monkeypatch.chdir(root)
    monkeypatch.setenv("TQDM_DISABLE", "1")
    return root


def grade(*arguments: str, assignment: str = STEM) -> int:
    return main(["grade", "submissions", "--assignment", assignment, "--out", "results", "--jobs", "1", *arguments])


def points(results: Path) -> dict[str, list[float | str]]:
    earned: dict[str, list[float | str]] = {}
    with (results / "gradebook.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            earned.setdefault(row["student"], []).append(float(row["points"]) if row["points"] else "")
    return earned


def content(results: Path) -> list[tuple[Any, ...]]:
    return everything_but_time(results / "gradebook.sqlite")


def test_a_class(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_submissions(course / "submissions", CLASS)
    assert grade("--seed", "1") == 0
    assert points(course / "results") == POINTS
    names = {path.name for path in (course / "results").iterdir()}
    assert names >= {"gradebook.sqlite", "gradebook.csv", "totals.csv", "summary.html", "feedback", "notebooks"}
    assert {path.name for path in (course / "results" / "feedback").glob("*.html")} == {
        f"{name}.html" for name in CLASS
    }
    assert {path.name for path in (course / "results" / "notebooks").glob("*.ipynb")} == {f"{n}.ipynb" for n in CLASS}
    assert "5 of 5 submissions graded" in capsys.readouterr().err

    before = (course / "results" / "gradebook.sqlite").read_bytes()
    assert grade() == 0  # nothing is done twice
    assert (course / "results" / "gradebook.sqlite").read_bytes() == before
    assert "(5 of them before)" in capsys.readouterr().err

    first = content(course / "results")
    shutil.move(course / "results", course / "first")
    assert grade("--seed", "1", "--jobs", "2") == 0
    assert content(course / "results") == first


def test_a_new_submission_counts_and_the_old_one_stays(course: Path) -> None:
    write_submissions(course / "submissions", {"ada": toy()})
    os.utime(course / "submissions" / "ada.ipynb", (1000, 1000))
    assert grade() == 0
    write_submissions(course / "submissions", {"ada": toy(LEAKY, SUM)})
    assert grade() == 0
    assert points(course / "results") == {"ada": [3, 2]}
    assert len(content(course / "results")) == 7


def test_the_submission_and_the_check_found_last_count(course: Path) -> None:
    best, worse = toy(LEAKY, SUM), toy(LEAKY_SWAPPED, SUM)
    for time_stamp, (tree, earned) in enumerate([(best, [3, 2]), (worse, [0, 2]), (best, [3, 2])]):
        write_submissions(course / "submissions", {"ada": tree})
        os.utime(course / "submissions" / "ada.ipynb", (1000 - time_stamp, 1000 - time_stamp))
        assert grade() == 0
        assert points(course / "results") == {"ada": earned}
    checks = course / "solutions" / "checks" / "toy.py"
    for text, earned in ((CHECKS.replace("return x.sum(1)", "return x.prod(1)"), [3, 0]), (CHECKS, [3, 2])):
        checks.write_text(text)
        assert grade() == 0
        assert points(course / "results") == {"ada": earned}


def test_every_folder_is_graded_or_named_and_the_exit_code_says_so(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (f"s1/{STEM}", "s2/homework", "s3/week1"):
        write_submissions(course / "submissions" / name, {"x": toy(LEAKY, SUM)})
    (course / "submissions" / "s2" / "gradebook.sqlite").write_bytes(b"mine")
    assert grade() == 0
    assert points(course / "results") == {"s1": [3, 2], "s2": [3, 2], "s3": [3, 2]}
    (course / "submissions" / "s4").mkdir()
    assert grade() == 1
    assert "s4: not graded: no notebook among what was handed in" in capsys.readouterr().err


def test_a_kernel_killed_from_outside_twice_is_not_graded_and_once_is_no_harm(course: Path) -> None:
    write_submissions(course / "submissions", {"ada": toy(f"import time\ntime.sleep(10)\n{LEAKY}", SUM)})
    for kills, code in ((2, 1), (1, 0)):
        running = started(course, ("--jobs", "1"))
        killed: set[int] = set()
        while running.poll() is None and len(killed) < kills:
            for one in descendants(running):
                with contextlib.suppress(psutil.Error):
                    old = time.time() - one.create_time() > 5  # it runs the cell by then
                    if old and one.pid not in killed and one.nice() >= 10 and "seqviz" in " ".join(one.cmdline()):
                        one.kill()  # kernels give way to all others, and nobody else does
                        killed.add(one.pid)
            time.sleep(0.05)
        said = running.communicate(timeout=120)[1]
        assert running.returncode == code, said
        assert ("killed from outside" in said) is bool(code)
        assert points(course / "results") == {"ada": ["", ""] if code else [3, 2]}


def test_one_cell_is_graded_again_when_its_check_has_changed(course: Path) -> None:
    write_submissions(course / "submissions", {"ada": toy(LEAKY, SUM), "bob": toy(LEAKY_SWAPPED, SUM)})
    assert grade() == 0
    checks = course / "solutions" / "checks" / "toy.py"
    swapped = CHECKS.replace(
        "return (1 - alpha) * h + alpha", "return alpha * h + (1 - alpha)"
    )  # bob was right after all
    checks.write_text(swapped.replace("return x.sum(1)", "return x.prod(1)"))  # and another check is broken
    assert grade("--regrade", "leaky-step-check") == 0
    assert points(course / "results") == {"ada": [0, 2], "bob": [3, 2]}


def test_a_cell_is_graded_again_under_the_same_check(course: Path) -> None:
    write_submissions(course / "submissions", {"ada": toy(LEAKY, SUM)})
    assert grade() == 0
    before = content(course / "results")
    assert grade("--regrade", "leaky-step-check") == 0
    assert content(course / "results") == before


def test_some_that_cannot_be_graded_make_exit_code_1_and_a_clear_line_each(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = {
        "corrupted": as_bytes(toy(LEAKY, SUM))[:-200],
        "empty": b"",
        "picture": b"\x89PNG\r\n",
        "ada": toy(LEAKY, SUM),
        "学生 <script>": toy(LEAKY, SUM),
    }
    write_submissions(course / "submissions", broken)
    (course / "submissions" / "bob").mkdir()
    for name in (f"{STEM}.ipynb", f"{STEM} (1).ipynb"):
        (course / "submissions" / "bob" / name).write_bytes(as_bytes(toy(LEAKY, SUM)))
    assert grade() == 1
    said = capsys.readouterr().err
    for words in (
        "corrupted: not graded: not a notebook",
        "empty: not graded: an empty file",
        "picture: not graded: not a notebook",
        "bob: 2 notebooks",
        "3 of 6 submissions graded",
    ):
        assert words in said
    assert "Traceback" not in said
    assert points(course / "results")["学生 <script>"] == [3, 2]
    assert points(course / "results")["corrupted"] == [0, 0]


def test_names_that_leave_the_folder_leave_it_nowhere(course: Path) -> None:
    import zipfile

    with zipfile.ZipFile(course / "submissions", "w") as archive:
        archive.writestr("../../evil.ipynb", as_bytes(toy(LEAKY, SUM)))
        archive.writestr("..evil.ipynb", as_bytes(toy(LEAKY, SUM)))
        archive.writestr("..\\..\\worse.ipynb", as_bytes(toy(LEAKY, SUM)))
        archive.writestr("ada.ipynb", as_bytes(toy(LEAKY, SUM)))
    assert grade() == 0
    assert points(course / "results") == {"ada": [3, 2]}
    assert not list(course.parent.rglob("evil*"))


@pytest.mark.parametrize(
    ("arguments", "assignment", "words"),
    [
        ([], "99_nothing", "there is no assignment '99_nothing'"),
        (["--regrade", "nonsense"], STEM, "no cell nonsense to regrade; there are leaky-step-check, time-sum-check"),
        (["--source", "nowhere.ipynb"], STEM, "nowhere.ipynb: cannot be read"),
        (["--roster", "nowhere.csv"], STEM, "nowhere.csv: not a CSV file"),
    ],
)
def test_wrong_use_is_exit_code_2_and_a_line(
    course: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], assignment: str, words: str
) -> None:
    write_submissions(course / "submissions", {"ada": toy()})
    assert grade(*arguments, assignment=assignment) == 2
    assert words in capsys.readouterr().err
    assert not (course / "results").exists()


def test_no_submissions_are_wrong_use(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert grade() == 2
    assert "submissions: there is no such folder or file" in capsys.readouterr().err
    (course / "submissions").mkdir()
    assert grade() == 2
    assert "submissions: no notebook in it" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--out", "--roster", "--source"])
def test_names_longer_than_the_system_takes_are_said_in_words(
    course: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    write_submissions(course / "submissions", {"ada": toy()})
    assert grade(option, "x" * 300) in (1, 2)
    assert "File name too long" in capsys.readouterr().err
    assert main(["grade", "x" * 300, "--assignment", STEM, "--out", "results"]) == 1
    assert "File name too long" in capsys.readouterr().err


@pytest.mark.parametrize(
    "option", [("--jobs", "0"), ("--timeout", "-1"), ("--timeout", "nan"), ("--memory", "10"), ("--seed", "x")]
)
def test_options_out_of_range_are_wrong_use(course: Path, option: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        grade(*option)
    assert stopped.value.code == 2


def test_without_bubblewrap_it_refuses_and_names_the_package(
    course: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_submissions(course / "submissions", {"ada": toy()})
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert grade() == 2
    assert "install the package `bubblewrap`" in capsys.readouterr().err
    assert not (course / "results").exists()


def test_elsewhere_than_on_linux_it_says_where_to_go(
    course: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    assert grade() == 2
    assert "a Linux container or virtual machine" in capsys.readouterr().err


def test_limits_alone_grade_and_say_what_is_not_enforced(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_submissions(course / "submissions", {"ada": toy(LEAKY, SUM), "bob": toy("while True: pass", SUM)})
    assert grade("--sandbox", "limits", "--timeout", "1") == 0
    assert points(course / "results") == {"ada": [3, 2], "bob": [0, 2]}
    assert "network access is not blocked" in capsys.readouterr().err
    assert "network access is not blocked" in (course / "results" / "summary.html").read_text()


def test_other_courses_notebooks_are_marked_trusting(course: Path) -> None:
    source = [
        solution_cell("def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION", "double"),
        check_cell("### BEGIN HIDDEN TESTS\nassert double(3) == 6\n### END HIDDEN TESTS", "hidden", 2.0),
        cell("why?", "markdown", grade_id="essay", grade=True, solution=True, locked=False, points=5.0),
    ]
    (course / "source.ipynb").write_bytes(as_bytes(notebook(source)))
    answers = {"ada": "def double(x):\n    return 2 * x", "bob": "def double(x):\n    return x"}
    for student, answer in answers.items():
        folder = course / "submissions" / "submitted" / student / "homework"
        write_submissions(folder, {"homework": notebook([solution_cell(answer, "double")])})
    assert grade("--source", "source.ipynb", assignment="homework") == 0
    assert points(course / "results") == {"ada": [2, ""], "bob": [0, ""]}
    page = (course / "results" / "summary.html").read_text()
    assert "trusting" in page
    assert "2 answers are for a person to read" in page


def test_a_class_list_gives_the_file_to_import(course: Path) -> None:
    with_numbers = {f"lovelaceada_123_9_{STEM}": toy(LEAKY, SUM)}
    write_submissions(course / "submissions", with_numbers)
    (course / "canvas.csv").write_text(f"Student,ID,SIS Login ID,Section,{STEM} (7)\nAda,123,ada,S,\n")
    assert grade("--roster", "canvas.csv") == 0
    assert (course / "results" / "canvas.csv").read_text().splitlines()[1] == "Ada,123,ada,S,5"


# --- nothing is lost --------------------------------------------------------------------------------------------------
def command(course: Path, *arguments: str) -> list[str]:
    program = [sys.executable, "-m", "seqviz.cli", "grade", "submissions", "--assignment", STEM, "--out", "results"]
    return [*program, "--seed", "1", *arguments]


def started(course: Path, arguments: Sequence[str] = ("--jobs", "2")) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(course, *arguments), cwd=course, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def descendants(process: subprocess.Popen[str]) -> list[psutil.Process]:
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def rows_written(results: Path) -> int:
    import sqlite3

    path = results / "gradebook.sqlite"
    if not path.exists():
        return 0
    try:
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        [count] = database.execute("SELECT count(*) FROM submissions").fetchone()
        database.close()
    except sqlite3.Error:
        return 0
    return count


def many(count: int) -> dict[str, Any]:
    kinds = list(CLASS.values())
    return {f"student {number:02}": kinds[number % len(kinds)] for number in range(count)}


def test_ctrl_c_ends_cleanly_and_the_next_run_goes_on(course: Path) -> None:
    write_submissions(course / "submissions", {**many(8), "zoe": toy("import time\ntime.sleep(60)", SUM)})
    running = started(course, ("--jobs", "1", "--timeout", "8"))
    while rows_written(course / "results") < 3 and running.poll() is None:
        time.sleep(0.02)
    family = descendants(running)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=60)[1]
    assert running.returncode == 1
    assert "the same command goes on from here" in said
    assert "Traceback" not in said
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    done = rows_written(course / "results")
    assert 3 <= done < 9
    assert len(points(course / "results")) == done  # the tables were written too
    (course / "submissions" / "zoe.ipynb").unlink()
    assert grade("--seed", "1") == 0
    assert len(points(course / "results")) == 8


def test_the_progress_bar_shows_rate_and_time_left(course: Path) -> None:
    write_submissions(course / "submissions", many(3))
    environment = {name: value for name, value in os.environ.items() if name != "TQDM_DISABLE"}
    done = subprocess.run(command(course), cwd=course, env=environment, capture_output=True, text=True, check=True)
    assert re.search(r"3/3 \[\d\d:\d\d<\d\d:\d\d, .*(submissions/s|s/ submissions)\]", done.stderr), done.stderr


def test_kernels_lost_with_their_parent_are_nobodys_fault(course: Path) -> None:
    write_submissions(course / "submissions", many(10))
    running = started(course, ("--jobs", "1"))
    while rows_written(course / "results") < 3 and running.poll() is None:
        time.sleep(0.005)
    for process in descendants(running):
        if process.name() == "bwrap":
            process.kill()
            break
    said = running.communicate(timeout=120)[1]
    assert running.returncode == 0, said
    earned = list(POINTS.values())
    assert points(course / "results") == {name: earned[number % 5] for number, name in enumerate(many(10))}


def killed_at_random_moments(course: Path, count: int, kills: int) -> None:
    """Kill a run over and over, at moments spread over it, and compare with a run in peace."""
    import random

    write_submissions(course / "submissions", many(count))
    draw = random.Random(4)
    for kill in range(kills):
        running = started(course)
        goal = rows_written(course / "results") + draw.randrange(0, max(1, 2 * count // kills))
        while rows_written(course / "results") < goal and running.poll() is None:
            time.sleep(0.005)
        time.sleep(draw.random() * (2.0 if kill % 4 == 0 else 0.2))  # now and then before anything has begun
        family = descendants(running)
        running.kill()
        running.communicate(timeout=60)
        _, alive = psutil.wait_procs(family, timeout=30)
        assert alive == []
        for path in (course / "results").rglob("*.ipynb"):
            if ".partial" not in path.parts:
                assert path.read_text().rstrip().endswith("}")
    assert subprocess.run(command(course, "--jobs", "2"), cwd=course, capture_output=True, check=False).returncode == 0
    resumed = content(course / "results")
    assert not list((course / "results").rglob(".partial/*"))
    shutil.move(course / "results", course / "interrupted")
    assert subprocess.run(command(course, "--jobs", "2"), cwd=course, capture_output=True, check=False).returncode == 0
    assert content(course / "results") == resumed
    for name in ("gradebook.csv", "totals.csv"):
        before = [line.rpartition(",")[0] for line in (course / "interrupted" / name).read_text().splitlines()]
        assert [line.rpartition(",")[0] for line in (course / "results" / name).read_text().splitlines()] == before


def test_killed_three_times_the_gradebook_is_that_of_a_run_in_peace(course: Path) -> None:
    killed_at_random_moments(course, count=10, kills=3)


@pytest.mark.slow
def test_killed_twenty_times_the_gradebook_is_that_of_a_run_in_peace(course: Path) -> None:
    killed_at_random_moments(course, count=60, kills=20)


@pytest.mark.skipif(os.getuid() != 0, reason="mounting a small file system needs root")
def test_a_full_disk_is_a_clear_error_and_the_gradebook_is_intact(course: Path) -> None:
    write_submissions(course / "submissions", many(12))
    assert subprocess.run(command(course), cwd=course, capture_output=True, check=False).returncode == 0
    whole = content(course / "results")
    shutil.rmtree(course / "results")
    (course / "results").mkdir()
    inside = " ".join(command(course, "--jobs", "1"))
    script = (
        "mount --make-rprivate / && mount -t tmpfs -o size=84k tmpfs results && "
        f"{{ {inside}; echo exit $?; rm -rf results/notebooks results/.partial; cp -a results/. kept/; }}"
    )
    (course / "kept").mkdir()
    done = subprocess.run(
        ["unshare", "-m", "bash", "-c", script], cwd=course, capture_output=True, text=True, check=False
    )
    assert "exit 1" in done.stdout, done.stderr
    assert "No space left on device" in done.stderr or "the disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    shutil.rmtree(course / "results")
    shutil.move(course / "kept", course / "results")
    assert 0 < rows_written(course / "results") < 12
    assert subprocess.run(command(course), cwd=course, capture_output=True, check=False).returncode == 0
    assert content(course / "results") == whole


def test_files_beside_the_source_are_in_the_working_folder_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TQDM_DISABLE", "1")
    folder = tmp_path / "source" / "hw"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "numbers.csv").write_text("1,2,3")
    (folder / "helper.py").write_text("def total(text):\n    return sum(map(int, text.split(',')))")
    (tmp_path / "roster.csv").write_text("Student,ID\nAda,1\n")
    reads = "from pathlib import Path\nimport helper\nassert helper.total(Path('data/numbers.csv').read_text()) == 6"
    only = "import os\nassert sorted(name for name in os.listdir() if name[0] != '.') == ['data', 'helper.py']"
    writes = (
        "for name in ('helper.py', 'data/numbers.csv', 'data/new.csv'):\n"
        "    try:\n        open(name, 'w')\n    except OSError:\n        continue\n    raise ValueError(name)"
    )
    source = [check_cell(text, name, 1.0) for name, text in (("reads", reads), ("only", only), ("writes", writes))]
    (folder / "hw.ipynb").write_bytes(as_bytes(notebook(source)))
    (folder / "other.ipynb").write_bytes(as_bytes(notebook(source)))
    write_submissions(tmp_path / "submissions", {"ada": notebook(source)})
    arguments = ("--source", "source/hw/hw.ipynb", "--roster", "roster.csv")
    assert grade(*arguments, assignment="hw") == 0
    assert points(tmp_path / "results") == {"ada": [1, 1, 1]}
    assert "data/numbers.csv, helper.py" in capsys.readouterr().err
    (folder / "data" / "numbers.csv").write_text("1,2")
    assert grade(*arguments, "--sandbox", "limits", assignment="hw") == 0  # other data: graded anew
    assert points(tmp_path / "results")["ada"][:2] == [0, 1]


def test_an_assignment_of_several_notebooks_is_graded_and_reported_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TQDM_DISABLE", "1")
    write_submissions(
        tmp_path / "source" / "ps1",
        {
            name: notebook(
                [solution_cell("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", "x"), check_cell(test, "t", 2.0)]
            )
            for name, test in (("problem1", "assert x == 1"), ("problem10", "assert x == 10"))
        }
        | {"read-me": notebook([cell("Welcome", "markdown")])},
    )

    def answer(value: int) -> dict[str, Any]:
        return notebook([solution_cell(f"x = {value}", "x")])

    handed_in = {
        "ada/ps1": {"problem1": answer(1), "problem10": answer(10), "scratch": answer(7)},
        "bob/ps1": {"problem10": answer(10)},
        "cyd/ps1": {"problem1": answer(3), "my problem10 (1)": answer(10)},
        "dan/ps1": {"other": answer(1)},
    }
    for folder, notebooks in handed_in.items():
        write_submissions(tmp_path / "submitted" / folder, notebooks)
    write_submissions(
        tmp_path / "submitted",
        {"evaE_77_801_problem1": answer(1), "evaE_77_802_problem10-1": answer(10)},
    )
    arguments = ["submitted", "--assignment", "ps1", "--out", "results", "--jobs", "1", "--source", "source/ps1"]
    assert main(["grade", *arguments]) == 1
    assert points(tmp_path / "results") == {"ada": [2, 2], "bob": [0, 2], "cyd": [0, 2], "evaE_77": [2, 2]}
    said = capsys.readouterr().err
    assert "dan: not graded: no notebook called problem1 or problem10 or read-me (other.ipynb)" in said
    assert "ada: 1 notebooks do not count: ada/ps1/scratch.ipynb" in said
    assert {path.parent.name for path in (tmp_path / "results" / "notebooks").glob("*/ada.ipynb")} == {
        "problem1",
        "problem10",
    }
    page = (tmp_path / "results" / "feedback" / "bob.html").read_text()
    assert "2 of 4 points" in page
    assert "problem1: not handed in" in page
    arguments[-1] = "source/ps1/problem10.ipynb"
    assert main(["grade", *arguments, "--out", "one"]) == 0
    assert points(tmp_path / "one")["ada"] == [2]  # and not the file that came last
