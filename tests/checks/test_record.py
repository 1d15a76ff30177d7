"""What passes is kept, survives restarts, crashes and full disks, and spoils no check."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import seqviz as sv
from seqviz.checks import compiled
from seqviz.checks.compiled import compile_check, to_files
from seqviz.checks.record import Progress, progress_file, remember
from seqviz.checks.report import Report
from tests.checks.toy import leaky


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two exercises of two chapters, in a course folder that is the working folder."""
    checks = tmp_path / "course" / "checks"
    checks.mkdir(parents=True)
    for name, assignment, number in [("leaky", "02_unrolling", "02.1"), ("other", "03_backpropagation", "03.1")]:
        words, numbers = to_files(compile_check(leaky, 3, assignment=assignment, number=number)).values()
        (checks / f"{name}.json").write_bytes(words.replace(b'"name": "leaky"', f'"name": "{name}"'.encode()))
        (checks / f"{name}.safetensors").write_bytes(numbers)
    monkeypatch.setattr(compiled, "_PACKAGE_COPY", tmp_path / "nowhere")
    monkeypatch.setattr(compiled, "_CHECKOUT_COPY", tmp_path / "nowhere")
    monkeypatch.chdir(checks.parent)


def result(name: str = "leaky", points: float = 3.0) -> Report:
    return Report(
        name=name,
        points=points,
        max_points=3.0,
        passed=points == 3.0,
        mistake=None,
        message="words",
        assignment="02_unrolling",
    )


def words() -> dict[str, str]:
    return {entry.exercise: entry.words for entry in Progress.read().entries}


def test_before_any_check_nothing_passes(record: Path):
    assert words() == {"leaky": "not checked yet", "other": "not checked yet"}
    assert not record.exists()


def test_the_latest_result_counts():
    remember(result(points=1.0))
    assert words()["leaky"] == "1 of 3 points so far"
    remember(result())
    assert words()["leaky"] == "passes"
    assert Progress.read().headline == "1 of 2 exercises pass"
    remember(result(points=0.0))
    assert words() == {"leaky": "0 of 3 points so far", "other": "not checked yet"}


def test_a_check_is_remembered_and_another_process_sees_it(record: Path):
    def stub(x, h, alpha):
        raise NotImplementedError

    stub.__name__ = "leaky"
    assert sv.check(stub).points == 0.0
    right = leaky.reference
    assert json.loads(record.read_text())["exercise"] == "leaky"

    def student(x, h, alpha):
        return right(x, h, alpha)

    student.__name__ = "leaky"
    assert sv.check(student).passed
    printed = subprocess.run(
        [sys.executable, "-c", "import seqviz as sv; print(sv.progress())"], capture_output=True, text=True, check=True
    ).stdout
    assert re.search(r"^  leaky +passes$", printed, re.MULTILINE)


def test_it_is_shown_by_chapter_as_text_and_html():
    remember(result())
    assert str(sv.progress()).splitlines() == [
        "1 of 2 exercises pass",
        "Go on with other in 03_backpropagation",
        "02_unrolling:",
        "  leaky  passes",
        "03_backpropagation:",
        "  other  not checked yet",
    ]
    bundle = sv.progress()._repr_mimebundle_()
    assert bundle["text/plain"] == repr(sv.progress())
    assert 'aria-label="progress"' in bundle["text/html"]
    assert "<a" not in bundle["text/html"], "there is no notebook of it here"


def test_it_shows_the_way_ahead_with_links_and_no_alarm():
    for folder, name in (("exercises", "02_unrolling"), ("notebooks", "03_backpropagation")):
        Path(folder).mkdir()
        Path(folder, f"{name}.ipynb").touch()  # the second is a chapter, not its exercises
    assert str(sv.progress()).splitlines()[1] == "Begin with leaky in 02_unrolling"
    html = sv.progress()._repr_mimebundle_()["text/html"]
    assert html.count('<a href="exercises/02_unrolling.ipynb">') == html.count("<a ") == 2
    assert "jp-error-color" not in html
    for name in ("leaky", "other"):
        remember(result(name))
    assert str(sv.progress()).splitlines()[1] == "You have done them all"
    assert "jp-success-color" in sv.progress()._repr_mimebundle_()["text/html"]


def test_a_line_cut_by_a_crash_is_passed_over(record: Path):
    remember(result(points=1.0))
    remember(result())
    with record.open("a") as file:
        file.write('not json\n[1]\n{"points": 1}\n{"exercise": "leaky", "poi')
    assert words()["leaky"] == "passes"


def test_a_line_cut_by_a_crash_swallows_no_other(record: Path):
    remember(result(points=1.0))
    with record.open("a") as file:
        file.write('{"exercise": "leaky", "poi')
    remember(result())
    assert words()["leaky"] == "passes"
    assert len(record.read_text().splitlines()) == 3


@pytest.mark.parametrize(
    "changed",
    [
        {"exercise": []},
        {"exercise": {}},
        {"points": "many"},
        {"points": None},
        {"points": [1]},
        {"points": float("nan")},
        {"points": 10**400},
        {"passed": "yes"},
        {"when": 3},
    ],
    ids=str,
)
def test_a_line_that_is_no_record_is_passed_over(record: Path, changed: dict[str, object]):
    remember(result(points=1.0))
    line = json.loads(record.read_text())
    record.write_text(record.read_text() + json.dumps(line | {"points": 3.0, "passed": True} | changed) + "\n")
    assert words()["leaky"] == "1 of 3 points so far"
    assert "1 of 3" in str(sv.progress())


def test_a_record_nested_without_end_is_passed_over(record: Path):
    remember(result(points=1.0))
    record.write_text(record.read_text() + "[" * 100_000 + "\n")
    assert words()["leaky"] == "1 of 3 points so far"


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SEQVIZ_DATA_DIR", str(tmp_path / "file"))
    remember(result())
    assert words()["leaky"] == "not checked yet"


def test_an_empty_variable_switches_it_off(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SEQVIZ_DATA_DIR", "")
    remember(result())
    assert words()["leaky"] == "not checked yet"


def test_without_the_variable_it_is_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SEQVIZ_DATA_DIR")
    path = progress_file()
    assert path.name == "progress.jsonl"
    assert path.parent.name == "seqviz"
    assert path.is_relative_to(Path.home())
