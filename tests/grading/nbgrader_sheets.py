"""Assignments in nbgrader's own format, for nbgrader and ``seqviz grade --source`` to grade cell by cell.

``python -m tests.grading.nbgrader_sheets`` has nbgrader grade them and records its points in ``nbgrader_points.json``,
with which every test run compares ours.
"""

import copy
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.grading.course import as_bytes, cell, check_cell, notebook, solution_cell
from tests.nbgrader import VERSION, NbGrader

RECORD = Path(__file__).with_name("nbgrader_points.json")
CELL_SECONDS = 8  # of ours; to import plotly takes a busy machine five
NBGRADERS_SECONDS = 30  # IPython takes several to report an endless recursion, more beside other processes

Cells = list[dict[str, Any]]


@dataclass(frozen=True)
class Sheet:
    """An instructor's notebook, and what each student hands in."""

    source: Cells
    handed_in: dict[str, Cells]


# What a test cell worth 2 points may do, by name.
OUTPUTS = {
    "nothing": "x = 1",
    "no-code": "",
    "spaces": "  \n",
    "comment": "# nothing to run",
    "assert-holds": "assert 1 + 1 == 2",
    "assert-fails": "assert 1 + 1 == 3",
    "assert-fails-with-words": "assert 1 + 1 == 3, 'arithmetic'",
    "float": "0.5",
    "float-small": "1e-05",
    "float-suppressed": "0.5;",
    "integer": "1",
    "zero": "0",
    "maximum": "2",
    "maximum-float": "2.0",
    "minus-one": "-1",
    "not-a-number": "float('nan')",
    "true": "True",
    "false": "False",
    "none": "None",
    "string": "'text'",
    "string-of-a-number": "'1.5'",
    "bytes": "b'1'",
    "list-of-a-number": "[1]",
    "tuple": "1, 2",
    "function": "len",
    "complex": "1 + 0j",
    "fraction": "import fractions\nfractions.Fraction(1, 2)",
    "numpy-float": "import numpy as np\nnp.float64(0.5)",
    "numpy-array": "import numpy as np\nnp.array(0.5)",
    "torch-scalar": "import torch\ntorch.tensor(1.0)",
    "shown-like-a-number": "type('Quarter', (), {'__repr__': lambda self: '0.25'})()",
    "shown-with-spaces": "type('Quarter', (), {'__repr__': lambda self: ' 0.25 '})()",
    "shown-in-two-lines": "type('Two', (), {'__repr__': lambda self: '1\\n1'})()",
    "printed": "print('text')",
    "printed-number": "print(0.5)",
    "printed-then-result": "print('text')\n0.5",
    "displayed": "from IPython.display import display\ndisplay(0.5)",
    "displayed-then-result": "from IPython.display import display\ndisplay(2)\n0.5",
    "displayed-html": "from IPython.display import HTML, display\ndisplay(HTML('<b>0.5</b>'))",
    "html-result": "from IPython.display import HTML\nHTML('<b>0.5</b>')",
    "plot": (
        "from IPython.display import Image, display\nimport base64\n"
        "display(Image(base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=')))"
    ),
    "plotly-figure": "import plotly.graph_objects as go\ngo.Figure()",
    "printed-to-stderr": "import sys\nprint('text', file=sys.stderr)",
    "nothing-to-stderr": "import sys\nsys.stderr.write('')\nNone",
    "stderr-then-result": "import sys\nprint('text', file=sys.stderr)\n0.5",
    "descriptor-2": "import os, time\nos.write(2, b'text')\ntime.sleep(0.3)\nNone",
    "warning": "import warnings\nwarnings.warn('look out')",
    "logged": "import logging\nlogging.getLogger('x').warning('look out')",
    "cleared": "import sys\nfrom IPython.display import clear_output\nprint('text', file=sys.stderr)\nclear_output()",
    "cleared-later": (
        "import sys\nfrom IPython.display import clear_output\nprint('text', file=sys.stderr)\n"
        "clear_output(wait=True)\nprint('new')"
    ),
    "cleared-never": (
        "import sys\nfrom IPython.display import clear_output\nprint('text', file=sys.stderr)\nclear_output(wait=True)"
    ),
    "captured": "%%capture\nimport sys\nprint('text', file=sys.stderr)",
    "unknown-magic": "%no_such_magic",
    "shell": "!echo text",
    "name-error": "no_such_name",
    "syntax-error": "1 +",
    "raised": "raise KeyError('x')",
    "raised-after-print": "print(1)\nraise KeyError('x')",
    "raised-not-implemented": "raise NotImplementedError()",
    "system-exit": "raise SystemExit(0)",
    "keyboard-interrupt": "raise KeyboardInterrupt",
    "recursion": "def deeper(n):\n    return deeper(n + 1)\ndeeper(0)",
    "error-caught": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    pass",
    "traceback-shown": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    get_ipython().showtraceback()",
    "too-long": "while True:\n    pass",
    "execution-is-told": "import os\nassert os.environ['NBGRADER_EXECUTION'] == 'autograde'",
}


def manual_cell(source: str, grade_id: str, kind: str = "markdown") -> dict[str, Any]:
    """A cell that students write into and a person grades."""
    return cell(source, kind, grade_id=grade_id, grade=True, solution=True, locked=False, task=False, points=5.0)


def task_cell(source: str, grade_id: str) -> dict[str, Any]:
    return cell(source, "markdown", grade_id=grade_id, grade=False, solution=False, locked=True, task=True, points=3.0)


def changed(cells: Cells, **sources: str) -> Cells:
    """Return the cells, those named by their ids with another source; dashes are underscores."""
    cells = copy.deepcopy(cells)
    by_id = {one["id"].replace("-", "_"): one for one in cells}
    for name, source in sources.items():
        by_id[name]["source"] = source
    return cells


def without(cells: Cells, *ids: str) -> Cells:
    return [one for one in cells if one["id"] not in ids]


def outputs() -> Sheet:
    cells = [check_cell(source, name, 2.0) for name, source in OUTPUTS.items()]
    return Sheet(cells, {"ada": cells})


DOUBLE = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
DOUBLE_STUB = "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
RIGHT, WRONG = "def double(x):\n    return 2 * x", "def double(x):\n    return abs(2 * x)"


def manual() -> Sheet:
    source = [
        manual_cell("The derivative is 2x.", "essay"),
        manual_cell("Why?\n\n### BEGIN SOLUTION\nBecause.\n### END SOLUTION", "essay-with-question"),
        manual_cell("x = 2", "code", kind="code"),
        manual_cell(DOUBLE, "function", kind="code"),
        task_cell("Draw it.\n\n### BEGIN MARK SCHEME\n1 point each\n### END MARK SCHEME", "drawing"),
    ]
    released = changed(
        source,
        essay="YOUR ANSWER HERE",
        essay_with_question="Why?\n\nYOUR ANSWER HERE",
        code="# YOUR CODE HERE\nraise NotImplementedError()",
        function=DOUBLE_STUB,
        drawing="Draw it.\n",
    )
    answers = {"essay": "It is 2x.", "essay_with_question": "Why?\n\nI know.", "code": "x = 1", "function": WRONG}
    flipped = copy.deepcopy(released)
    flipped[0]["cell_type"] = "raw"
    return Sheet(
        source,
        {
            "answered": changed(released, **answers),
            "unanswered": released,
            "half": changed(released, essay="It is 2x.", function=RIGHT),
            "emptied": changed(released, essay="", code=""),
            "a-space-more": changed(released, essay="YOUR ANSWER HERE "),
            "flipped": flipped,
            "deleted": without(released, "essay", "function"),
        },
    )


def forged() -> Sheet:
    """A failing test cell, and students who keep the failure from being shown."""
    source = [
        solution_cell(DOUBLE, "double"),
        check_cell("assert double(-3) == -6", "asserts", 2.0),
        check_cell("float(double(-3) == -6)", "counts", 2.0),
        check_cell("no_such_name", "always-fails", 2.0),
    ]
    shell = "from IPython.core.interactiveshell import InteractiveShell\n"
    tricks = {
        "showtraceback-is-none": f"{shell}InteractiveShell.showtraceback = None",
        "showtraceback-is-silent": "get_ipython().showtraceback = lambda *_, **__: None",
        "class-is-silent": f"{shell}InteractiveShell.showtraceback = lambda *_, **__: None",
        "hidden-showtraceback": "get_ipython()._showtraceback = lambda *_, **__: None",
        "custom-handler": "get_ipython().set_custom_exc((Exception,), lambda *_, **__: None)",
        "handler-with-lines": "get_ipython().set_custom_exc((BaseException,), lambda *_, **__: ['fine'])",
        "stderr-is-stdout": "import sys\nsys.stderr = sys.stdout",
    }
    handed_in = {name: changed(source, double=f"{WRONG}\n\n{trick}") for name, trick in tricks.items()}
    return Sheet(source, handed_in | {"honest": changed(source, double=WRONG), "right": changed(source, double=RIGHT)})


def plain_cells() -> Sheet:
    """Cells without nbgrader's metadata, which students edit, move, split and delete."""
    source = [
        cell("# Settings", "markdown", id="title"),
        cell("N = 5", id="size"),
        cell("import math\n\nSTEP = 2", id="imports"),
        solution_cell("### BEGIN SOLUTION\ntotal = N * STEP\n### END SOLUTION", "total"),
        check_cell("assert total == N * STEP", "total-test", 1.0),
        cell("SCALE = [1, 2, 3]", id="scale"),
        cell("labels = ['a', 'b', 'c']", id="labels"),
        check_cell("assert len(SCALE) == len(labels) == 3", "same-length", 1.0),
        check_cell("assert N == 20", "is-20", 1.0),
        check_cell("assert STEP == 2 and math.pi > 3", "step-is-2", 1.0),
        check_cell("assert SCALE == [10, 20, 30]", "scaled", 1.0),
        check_cell("assert labels == ['x', 'y', 'z']", "labelled", 1.0),
    ]
    answered = changed(source, total="total = N * STEP")
    edited = changed(
        answered, size="N = 20", scale="SCALE = [10, 20, 30]", labels="labels = list('xyz')  # my own names"
    )
    split = changed(answered, size="N = 10\nN = N * 2")
    split.insert(2, cell("assert N == 20", id="mine"))
    helper = changed(answered, size="N = 20", total="total = product(N, STEP)")
    helper.insert(1, cell("def product(a, b):\n    return a * b", id="mine"))
    helper.insert(4, cell("values = [product(n, STEP) for n in range(N)]", id="mine-2"))
    rewritten = changed(
        answered, size="for N in range(21):\n    pass", scale="from itertools import islice\nSCALE = [10, 20, 30]"
    )
    students = {
        "as-released": answered,
        "edited": edited,
        "split": split,
        "with-helpers": helper,
        "rewritten": rewritten,
        "edited-in-the-end": [*answered, cell("N = 20", id="mine")],
    }
    bare = {f"{name}-no-ids": [without_id(one) for one in cells] for name, cells in students.items()}
    return Sheet(source, students | bare)


def without_id(one: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name != "id"}


def hidden() -> Sheet:
    source = [
        solution_cell(DOUBLE, "double"),
        check_cell("assert double(1) == 2", "public", 1.0),
        check_cell(
            "assert double(2) == 4\n### BEGIN HIDDEN TESTS\nassert double(-3) == -6\n### END HIDDEN TESTS", "mixed", 2.0
        ),
        check_cell("### BEGIN HIDDEN TESTS\nassert double(-5) == -10\n### END HIDDEN TESTS", "hidden", 2.0),
        check_cell("float(sum(double(n) == 2 * n for n in range(-1, 3)))", "partly", 4.0),
    ]
    released = changed(source, double=DOUBLE_STUB, mixed="assert double(2) == 4", hidden="")
    return Sheet(
        source,
        {
            "right": changed(released, double=RIGHT),
            "wrong": changed(released, double=WRONG),
            "stub": released,
            "edited-tests": changed(released, double=WRONG, public="assert True", mixed="pass", partly="4.0"),
        },
    )


SHEETS: dict[str, Callable[[], Sheet]] = {
    "outputs": outputs,
    "manual": manual,
    "forged": forged,
    "plain": plain_cells,
    "hidden": hidden,
}


def tree(cells: Cells) -> dict[str, Any]:
    """Return a notebook; of the format before cells had ids, if one has none."""
    return notebook(cells) | {"nbformat_minor": 5 if all("id" in one for one in cells) else 4}


def points_of_nbgrader(nbgrader: NbGrader, course: Path) -> dict[str, dict[str, dict[str, float | None]]]:
    """Have nbgrader grade every sheet in the empty folder ``course``; return points by sheet, student and cell."""
    points = {}
    for name, make in SHEETS.items():
        sheet = make()
        folders = {course / "source" / name: sheet.source}
        folders |= {course / "submitted" / student / name: cells for student, cells in sheet.handed_in.items()}
        for folder, cells in folders.items():
            folder.mkdir(parents=True)
            (folder / f"{name}.ipynb").write_bytes(as_bytes(tree(cells)))
        nbgrader("nbgrader", "generate_assignment", name, "--create", folder=course)
        nbgrader("nbgrader", "autograde", name, f"--Execute.timeout={NBGRADERS_SECONDS}", folder=course)
        points[name] = nbgrader.scores(name, course)
    return points


def main() -> None:
    """Record nbgrader's points, and the versions that gave them."""
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "course").mkdir()
        points = points_of_nbgrader(NbGrader(Path(home)), Path(home) / "course")
    versions = {"nbgrader": VERSION} | {name: version(name) for name in ("ipykernel", "ipython", "numpy", "torch")}
    RECORD.write_text(json.dumps({"versions": versions, "points": points}, indent=1) + "\n")


if __name__ == "__main__":
    main()
