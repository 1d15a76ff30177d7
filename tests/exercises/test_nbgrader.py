"""Inside nbgrader 0.9.6, in an environment of its own, the same notebooks give the same points."""

import shutil
import textwrap
from pathlib import Path

import nbformat
import pytest

from seqviz.checks import check_against
from seqviz.publish.notebook import grading
from tests.exercises.course import ROOT, STEMS, defined_by, tasks
from tests.nbgrader import NbGrader

pytestmark = pytest.mark.slow
STEM = "02_unrolling"


@pytest.fixture(scope="module")
def nbgrader(tmp_path_factory: pytest.TempPathFactory) -> NbGrader:
    return NbGrader(tmp_path_factory.mktemp("nbgrader"))


READ = """
import sys
from nbgrader.nbgraderformat import read
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        read(file, as_version=4)
print("accepted", len(sys.argv) - 1)
"""


def test_its_format_validator_accepts_every_solution_and_exercise(nbgrader: NbGrader, tmp_path: Path):
    paths = [str(ROOT / folder / f"{stem}.ipynb") for folder in ("solutions", "exercises") for stem in STEMS]
    assert f"accepted {len(paths)}" in nbgrader(
        "python", "-W", "error::UserWarning", "-c", READ, *paths, folder=tmp_path
    )


@pytest.fixture(scope="module")
def course(nbgrader: NbGrader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder whose source is our solution notebook; nbgrader makes its own release of it."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "source" / STEM).mkdir(parents=True)
    shutil.copy(ROOT / "solutions" / f"{STEM}.ipynb", folder / "source" / STEM)
    nbgrader("nbgrader", "generate_assignment", STEM, "--create", folder=folder)
    return folder


def test_its_own_release_holds_no_solution(course: Path):
    text = "\n".join(cell.source for cell in cells(course / "release" / STEM / f"{STEM}.ipynb"))
    for task in (one for one in tasks() if one.stem == STEM):
        body = task.solution_source.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]
        assert not [line for line in body.splitlines() if len(line.strip()) > 25 and line in text]
    assert "Why." not in text
    assert "show_mistakes" not in text


def test_its_own_release_asks_for_the_same(course: Path):
    """Beside stubs of its own and empty cells for the instructors', nbgrader gives out our exercise notebook."""
    theirs = {cell.id: cell for cell in cells(course / "release" / STEM / f"{STEM}.ipynb")}
    for ours in cells(ROOT / "exercises" / f"{STEM}.ipynb"):
        if not grading(ours).get("solution"):
            assert theirs[ours.id].source == ours.source
        assert theirs[ours.id].metadata.get("nbgrader", {}).get("grade_id") == grading(ours).get("grade_id")


def test_validate_passes_the_solution_and_fails_the_stubs(nbgrader: NbGrader, tmp_path: Path):
    for folder in ("solutions", "exercises"):
        (tmp_path / folder).mkdir()
        shutil.copy(ROOT / folder / f"{STEM}.ipynb", tmp_path / folder)
    said = nbgrader("nbgrader", "validate", f"solutions/{STEM}.ipynb", folder=tmp_path)
    assert "Success! Your notebook passes all the tests." in said
    said = nbgrader("nbgrader", "validate", f"exercises/{STEM}.ipynb", folder=tmp_path)
    assert "VALIDATION FAILED ON 4 CELL(S)" in said


def cells(path: Path) -> list[nbformat.NotebookNode]:
    return nbformat.read(path, as_version=4).cells


def source(text: str) -> str:
    return textwrap.dedent(text).strip()


RIGHT = {one.asked.name: one.solution_source for one in tasks() if one.stem == STEM}
SUBMISSIONS = {
    "right": RIGHT,
    "stub": {},
    "wrong": {
        "compact_step": source("""
            def compact_step(x_t, h, W_xh, W_hh, b_h):
                W = torch.cat([W_xh, W_hh, b_h[:, None]], dim=1)
                return torch.tanh(torch.cat([h, x_t, torch.ones_like(h[:, :1])], dim=1) @ W.T), W
        """),
        "leaky_step": "def leaky_step(x_t, h, W_xh, W_hh, b_h, alpha):\n    return h.float()",
        "masked_forward": "def masked_forward(x, mask, h_0, W_xh, W_hh, b_h):\n    return x",
        "one_to_many": "def one_to_many(*arguments):\n    pass",
    },
    "partial": RIGHT
    | {
        "leaky_step": source("""
            def leaky_step(x_t, h, W_xh, W_hh, b_h, alpha):
                return torch.tanh(x_t @ W_xh.T + h @ W_hh.T + b_h)
        """),
        "masked_forward": source("""
            def masked_forward(x, mask, h_0, W_xh, W_hh, b_h):
                h, states = h_0, []
                for x_t in x.unbind(1):
                    h = torch.tanh(x_t @ W_xh.T + h @ W_hh.T + b_h)
                    states.append(h)
                return torch.stack(states, 1)
        """),
    },
    "crashed": {
        "compact_step": "def compact_step(*arguments):\n    return 1 / 0",
        "leaky_step": "def leaky_step(*arguments):\n    return (",  # the check finds no function
        "masked_forward": "def masked_forward(*arguments):\n    raise SystemExit",
        "one_to_many": "def one_to_many(*arguments):\n    while True:\n        pass",
    },
    "noisy but right": {
        name: f"{text}\n\n\nimport functools, sys, warnings\n\nright = {name}\n\n\n"
        + source(f"""
            @functools.wraps(right)
            def {name}(*arguments, right=right):
                print("a line")
                print("to stderr", file=sys.stderr)
                warnings.warn("look out", stacklevel=1)
                display("shown")
                return right(*arguments)
        """)
        for name, text in RIGHT.items()
    },
}


@pytest.fixture(scope="module")
def scores(nbgrader: NbGrader, course: Path) -> dict[str, dict[str, float | None]]:
    """Autograde submissions made of the notebooks that students have, those of exercises/."""
    for student, answers in SUBMISSIONS.items():
        book = nbformat.read(ROOT / "exercises" / f"{STEM}.ipynb", as_version=4)
        for cell in book.cells:
            cell.source = answers.get(grading(cell).get("grade_id", ""), cell.source)
        folder = course / "submitted" / student.replace(" ", "_") / STEM
        folder.mkdir(parents=True)
        nbformat.write(book, folder / f"{STEM}.ipynb")
    nbgrader("nbgrader", "autograde", STEM, folder=course)
    return nbgrader.scores(STEM, course)


def ours(name: str, answer: str | None) -> float:
    task = next(one for one in tasks() if one.asked.name == name)
    try:
        function = defined_by(answer or task.stub_source, name, ("display = print",))
    except SyntaxError:
        return 0.0
    return check_against(task.public, function).points


@pytest.mark.parametrize("student", SUBMISSIONS)
def test_autograde_gives_the_points_of_our_check(student: str, scores: dict[str, dict[str, float | None]]):
    theirs = scores[student.replace(" ", "_")]
    expected = {name: ours(name, SUBMISSIONS[student].get(name)) for name in RIGHT}
    assert {name: theirs[f"check_{name}"] for name in RIGHT} == expected


def test_the_submissions_are_what_their_names_say(scores: dict[str, dict[str, float | None]]):
    total = {student: sum(score or 0 for score in points.values()) for student, points in scores.items()}
    assert total == {
        "right": 12,
        "stub": 0,
        "wrong": 0,
        "partial": 2 + 0.5 + 1 + 4,
        "crashed": 0,
        "noisy_but_right": 12,
    }
