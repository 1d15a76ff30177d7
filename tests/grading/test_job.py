import asyncio
import contextlib
import json
import shutil
import subprocess
import textwrap
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from seqviz.checks.calling import Outcome
from seqviz.grading import child
from seqviz.grading.assignment import Assignment, load_ours, load_source, with_checks
from seqviz.grading.errors import NotJudgedError
from seqviz.grading.execution import DIED, ERROR, NOT_RUN, RAN, TIMEOUT, KernelSource, Place
from seqviz.grading.job import Job, Terms, _verdict, grade
from seqviz.grading.kernel_client import KernelServer
from seqviz.grading.provisioner import ForkProvisioner, KernelStartError
from seqviz.grading.results import GRADED, UNGRADED, UNREADABLE, Result
from seqviz.grading.sandbox import Limits
from tests.grading.course import (
    LEAKY,
    LEAKY_PARTLY,
    LEAKY_SWAPPED,
    STEM,
    SUM,
    as_bytes,
    cell,
    check_cell,
    notebook,
    solution_cell,
    toy,
    toy_cells,
    write_course,
)

pytestmark = pytest.mark.kernel


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    root = write_course(tmp_path_factory.mktemp("course") / "root")
    return with_checks(load_ours(root, STEM), root, secret=5)


@pytest.fixture
def place(warm_parent: KernelServer) -> Place:
    return Place(warm_parent.address, limits=Limits(memory=1 << 30), cell_seconds=2.0, alone=True)


def graded(assignment: Assignment, place: Place, tree: Any) -> Result:
    blob = tree if isinstance(tree, bytes) else as_bytes(tree)
    across = Terms.from_bytes(Terms(assignment, 3, place).to_bytes(), KernelSource(place.address))
    job = across.job(blob, alone=place.alone)  # as a worker gets it, wherever it is
    return Result.from_bytes(grade(job).to_bytes())


def test_terms_come_across_whole_but_for_what_each_machine_has_of_its_own(assignment: Assignment) -> None:
    whole = replace(assignment, parts=(assignment, replace(assignment, name="other")))
    here = Place("here", limits=Limits(memory=5), cell_seconds=7.0, files="files here", group="group here", alone=True)
    terms = Terms.from_bytes(Terms(whole, 3, here).to_bytes(), KernelSource("there", "files there", "group there"))
    there = replace(here, address="there", files="files there", group="group there", alone=False)
    assert terms == Terms(whole, 3, there)
    assert terms.job(b"x", alone=True) == Job(b"x", whole, 3, replace(there, alone=True))


def points(result: Result) -> list[float | None]:
    return [row.points for row in result.rows]


def test_a_right_submission_earns_everything(assignment: Assignment, place: Place) -> None:
    result = graded(assignment, place, toy(LEAKY, SUM))
    assert result.status == GRADED
    assert points(result) == [3.0, 2.0]
    assert [row.status for row in result.rows] == [RAN, RAN]
    assert result.message == ""
    assert result.warnings == []
    assert {"fork", "kernel ready", "cells", "probe", "end of kernel", "compare"} <= set(result.phases)


def test_a_known_mistake_is_named_with_its_hint(assignment: Assignment, place: Place) -> None:
    [row, _] = graded(assignment, place, toy(LEAKY_SWAPPED, SUM)).rows
    assert (row.points, row.mistake) == (0.0, "leak on the wrong term")
    assert row.detail["mistake"][1] == "Which of the two terms keeps the old state?"


def test_groups_earn_their_share(assignment: Assignment, place: Place) -> None:
    [row, _] = graded(assignment, place, toy(LEAKY_PARTLY, SUM)).rows
    assert row.points == 1.0
    assert row.detail["groups"] == [["one step", 0.0, 2.0], ["alpha = 1", 1.0, 1.0]]
    assert row.detail["wrong"].startswith("Wrong values in h_t, first at batch 0")


def test_a_stub_earns_nothing_and_says_so(assignment: Assignment, place: Place) -> None:
    result = graded(assignment, place, toy())
    assert points(result) == [0.0, 0.0]
    assert result.rows[0].detail["wrong"].startswith("leaky_step is not written yet")
    assert result.rows[0].status == ERROR


def test_a_function_that_does_not_exist(assignment: Assignment, place: Place) -> None:
    result = graded(assignment, place, toy("this is no python", SUM))
    assert points(result) == [0.0, 2.0]
    assert "is not defined" in result.rows[0].detail["wrong"]


def test_a_syntax_error_is_named_with_its_line(assignment: Assignment, place: Place) -> None:
    broken = LEAKY.replace("):", ":", 1)
    [row, other] = graded(assignment, place, toy(broken, SUM)).rows
    assert (row.points, other.points) == (0.0, 2.0)
    assert row.detail["wrong"] == "A syntax error in the cell of leaky_step, line 1: '(' was never closed"
    assert row.detail["line"] == broken.split("\n")[0]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("return None", "None came back"),
        ("return h[0]", "Wrong shape in h_t"),
        ("return h.float()", "Wrong dtype in h_t"),
        ("return h, h", "Wrong type"),
        ("return 'text'", "Wrong type"),
        ("raise KeyError(x)", "leaky_step raised KeyError"),
        ("raise type('MyError', (Exception,), {})('secret')", "leaky_step raised an exception"),
        ("h += 1; return (1 - alpha) * (h - 1) + alpha * torch.tanh(x @ W.T)", "changes its input h in place"),
    ],
)
def test_what_is_wrong_is_said_without_hidden_numbers(
    assignment: Assignment, place: Place, source: str, words: str
) -> None:
    [row, _] = graded(assignment, place, toy(f"def leaky_step(x, h, W, alpha):\n    {source}", SUM)).rows
    assert row.points == 0.0
    assert words in row.detail["wrong"]
    assert "secret" not in row.detail["wrong"]


def test_forbidden_names_cost_all_points(assignment: Assignment, place: Place) -> None:
    source = "import torch.nn.functional as F\n\n" + LEAKY.replace("torch.tanh", "F.hardtanh")
    [row, _] = graded(assignment, place, toy(source, SUM)).rows
    assert row.points == 0.0
    assert row.detail["forbidden"][0][0] == "torch.nn"
    assert "wrong" not in row.detail


@pytest.mark.parametrize(
    "source",
    [
        "%%latex\n" + "x = % y ? \n" * 20_000,
        "y =" + " " * 11_000 + "1",
        "\n".join(f"import torch as b{n}" for n in range(2_000)),
    ],
)
def test_long_cells_hold_nobody_up_and_cost_nothing(assignment: Assignment, place: Place, source: str) -> None:
    cells = [*toy_cells(LEAKY, SUM)]
    cells.insert(2, cell(source, id="mine"))
    result = graded(assignment, place, notebook(cells))
    assert points(result) == [3.0, 2.0]
    assert result.phases["compare"] < 10 * child.CPU_SECONDS  # the limit of the child itself, and a busy machine


def test_source_and_answers_that_take_too_much_cost_their_own_cell_only(
    assignment: Assignment, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_: object, name: str, __: object) -> list[object]:
        while name == "leaky_step":
            pass
        return []

    monkeypatch.setattr("seqviz.grading.job.find_forbidden_in_source", endless)
    monkeypatch.setattr(child.limited, "__defaults__", (1,))
    result = graded(assignment, place, toy(LEAKY, SUM))
    assert points(result) == [0.0, 2.0]
    assert result.rows[0].detail["wrong"] == "Looking through its source and its answers took more than 1 s"


def test_an_answer_of_shared_tensors_is_read_once_and_keys_that_collide_are_refused(
    assignment: Assignment, place: Place
) -> None:
    colliding = "return {n * (2**61 - 1): n for n in range(8000)}"
    shared = "x = torch.zeros(5000, dtype=torch.float64)\n    return [x] * 90_000"
    for source in (colliding, shared):
        function = LEAKY.replace("return", f"{source}\n    return")
        result = graded(assignment, place, toy(function, SUM))
        assert points(result) == [0.0, 2.0]
        assert result.phases["compare"] < 10 * child.CPU_SECONDS


def test_an_answer_that_cannot_be_compared_is_wrong(assignment: Assignment) -> None:
    check = assignment.compiled["leaky_step"]
    check = replace(check, expected=(1.5,) * len(check.cases))
    verdict = _verdict(check, [Outcome(10**1000)] * len(check.cases))
    assert verdict.points == 0.0


def test_a_case_that_never_ends_keeps_the_groups_before_it(assignment: Assignment, place: Place) -> None:
    source = LEAKY.replace("    return", "    while alpha == 1.0: pass\n    return")
    result = graded(assignment, place, toy(source, SUM))
    assert points(result) == [2.0, 2.0]  # and the notebook goes on
    assert result.rows[0].status == TIMEOUT
    assert "timeout" in result.message


@pytest.mark.parametrize("alone", [False, True])
def test_who_waits_for_a_core_too_long_is_judged_only_when_alone(
    assignment: Assignment, place: Place, monkeypatch: pytest.MonkeyPatch, alone: bool
) -> None:
    async def waiting_all_the_time(_: ForkProvisioner) -> float:
        return time.monotonic()

    monkeypatch.setattr(ForkProvisioner, "waited", waiting_all_the_time)
    place = replace(place, cell_seconds=2.0, alone=alone)
    cells = [*toy_cells(LEAKY, SUM), cell("import time\ntime.sleep(600)", id="mine")]
    if alone:
        assert "timeout" in graded(assignment, place, notebook(cells)).message
    else:
        with pytest.raises(NotJudgedError, match="waited for a core"):
            graded(assignment, place, notebook(cells))


def test_a_cell_takes_twice_its_limit_at_most_however_it_hides_its_time(assignment: Assignment, place: Place) -> None:
    hiding = """
        import os, signal, time
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that nobody adds up what the children took
        while True:
            if os.fork() == 0:
                end = time.time() + 0.1
                while time.time() < end: pass
                os._exit(0)
            time.sleep(0.1)
        """
    seconds = []
    for alone in (False, True):
        with contextlib.suppress(NotJudgedError):
            cells = [cell(textwrap.dedent(hiding), id="mine"), *toy_cells(LEAKY, SUM)]
            result = graded(assignment, replace(place, cell_seconds=4.0, alone=alone), notebook(cells))
            assert "timeout" in result.message
            seconds = [
                *seconds,
                result.notebook and json.loads(result.notebook)["cells"][0]["metadata"]["seqviz"]["seconds"],
            ]
    assert seconds[-1] < 2 * 4.0


def test_a_kernel_killed_from_outside_is_not_judged(
    assignment: Assignment, place: Place, warm_parent: KernelServer
) -> None:
    def kill() -> None:
        while not (kernels := kernels_of(warm_parent)):
            time.sleep(0.05)
        kernels[0].kill()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(NotJudgedError, match="killed from outside"):
        graded(assignment, replace(place, cell_seconds=60.0), toy("import time\ntime.sleep(60)", SUM))
    killer.join()


def test_a_reply_that_comes_after_the_kill_is_no_kill_from_outside(
    assignment: Assignment, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill = ForkProvisioner.kill

    async def late(self: ForkProvisioner, restart: bool = False) -> None:
        asyncio.get_running_loop().call_later(3, lambda: asyncio.ensure_future(kill(self, restart)))

    monkeypatch.setattr(ForkProvisioner, "kill", late)
    stubborn = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(5)"
    cells = [cell(stubborn, id="mine"), cell("time.sleep(20)", id="more"), *toy_cells(LEAKY, SUM)]
    result = graded(assignment, place, notebook(cells))
    assert "timeout" in result.message
    assert [row.status for row in result.rows] == [NOT_RUN, NOT_RUN]


def kernels_of(parent: KernelServer) -> list[psutil.Process]:
    """Return the kernels that have run for a while: they give way to all others, and nobody else does."""
    kernels = []
    for one in psutil.Process(parent.process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # what an earlier test left may end while it is looked at
            if one.nice() >= 10 and time.time() - one.create_time() > 5:
                kernels.append(one)
    return kernels


def test_a_notebook_has_a_limit_of_its_own(assignment: Assignment, place: Place) -> None:
    busy = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end: pass"
    cells = [*(cell(busy, id=f"mine-{n}") for n in range(9)), *toy_cells(LEAKY, SUM)]
    result = graded(assignment, replace(place, notebook_seconds=2.0), notebook(cells))
    assert "timeout" in result.message
    assert points(result) == [0.0, 0.0]
    assert [row.status for row in result.rows] == [NOT_RUN, NOT_RUN]


def test_a_kernel_that_ends_leaves_the_rest_not_run(assignment: Assignment, place: Place) -> None:
    result = graded(assignment, place, toy(LEAKY, "import os; os._exit(9)"))
    assert points(result) == [3.0, 0.0]
    assert [row.status for row in result.rows] == [RAN, NOT_RUN]
    assert "time-sum: the kernel ended (exit code 9)" in result.message


def test_a_kernel_that_ends_in_a_probe(assignment: Assignment, place: Place) -> None:
    result = graded(assignment, place, toy("def leaky_step(*_):\n    import os; os._exit(9)", SUM))
    assert points(result) == [0.0, 0.0]
    assert [row.status for row in result.rows] == [DIED, NOT_RUN]


def test_what_is_no_notebook_is_a_result_too(assignment: Assignment, place: Place) -> None:
    result = graded(assignment, place, b"{")
    assert result.status == UNREADABLE
    assert points(result) == [0.0, 0.0]


def test_the_executed_notebook_bears_statuses_and_verdicts(assignment: Assignment, place: Place) -> None:
    result = graded(assignment, place, toy(LEAKY, "1 / 0"))
    executed: Any = nbformat.reads(result.notebook, as_version=4)
    nbformat.validate(executed)
    code = [one for one in executed.cells if one.cell_type == "code"]
    assert [one.metadata.seqviz.status for one in code] == [RAN, RAN, RAN, ERROR, RAN]
    assert code[2].source == "sv.check(leaky_step)"
    assert code[2].outputs[0].text == "3 of 3 points."
    assert code[3].outputs[0].ename == "ZeroDivisionError"


def test_random_numbers_are_the_same_in_every_run(assignment: Assignment, place: Place) -> None:
    draw = "import random, numpy; print(random.random(), numpy.random.rand(), torch.rand(1), hash('a'))"
    cells = [*toy_cells(LEAKY, SUM), cell(draw, id="mine")]
    first, second = (graded(assignment, place, notebook(cells)).notebook for _ in range(2))
    outputs = [nbformat.reads(text, as_version=4).cells[-1].outputs for text in (first, second)]
    assert outputs[0] == outputs[1]


def test_hidden_inputs_depend_on_the_secret(tmp_path: Path) -> None:
    root = write_course(tmp_path / "root")
    drawn = [with_checks(load_ours(root, STEM), root, secret=secret).checks["leaky_step"][1] for secret in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_notebooks_with_tests_in_their_cells_are_graded_by_nbgraders_rule(tmp_path: Path, place: Place) -> None:
    source = [
        solution_cell("def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION", "double"),
        check_cell("assert double(1) == 2", "public", 1.0),
        check_cell("### BEGIN HIDDEN TESTS\nassert double(-3) == -6\n### END HIDDEN TESTS", "hidden", 2.0),
        check_cell("float(sum(double(n) == 2 * n for n in range(4)))", "partly", 4.0),
        check_cell("import sys\nprint('x', file=sys.stderr)", "stderr", 1.0),
        cell("YOUR ANSWER HERE", "markdown", grade_id="essay", grade=True, solution=True, locked=False, points=5.0),
    ]
    path = tmp_path / "source.ipynb"
    path.write_bytes(as_bytes(notebook(source)))
    assignment = load_source(path, "double")
    assert "return 2 * x" not in assignment.notebook  # the solution is not in the sandbox
    handed_in = [solution_cell("def double(x):\n    return abs(2 * x)", "double"), check_cell("pass", "public", 1.0)]
    result = graded(assignment, place, notebook(handed_in))
    assert points(result) == [1.0, 0.0, 4.0, 0.0, None]
    assert [row.status for row in result.rows] == [RAN, ERROR, RAN, RAN, UNGRADED]
    assert [row.trusting for row in result.rows] == [True, True, True, True, False]
    assert points(graded(assignment, place, notebook([]))) == [0.0, 0.0, 0.0, 0.0, None]


def test_an_error_that_comes_after_much_output_still_costs_the_points(tmp_path: Path, place: Place) -> None:
    source = [check_cell("for n in range(300): display(n)\nprint('x' * 10**6)\nassert False", "noisy", 1.0)]
    path = tmp_path / "source.ipynb"
    path.write_bytes(as_bytes(notebook(source)))
    assert points(graded(load_source(path, "noisy"), place, notebook([]))) == [0.0]


IMPORTS = {
    "matplotlib": "from matplotlib import pyplot\n    pyplot.title('x')\n    pyplot.gcf().canvas.draw()",
    "pandas": "import pandas as pd\n    assert pd.DataFrame({'x': [1, 2]}).x.sum() == 3",
    "sklearn": "from sklearn.linear_model import LinearRegression\n    LinearRegression().fit([[0], [1]], [0, 1])",
    "tqdm": "import tqdm, tqdm.auto, tqdm.notebook",
}


@pytest.mark.parametrize("library", IMPORTS)
def test_a_library_imported_first_in_a_test_cell_costs_nothing(tmp_path: Path, place: Place, library: str) -> None:
    pytest.importorskip(library, reason=f"{library} is not installed where the tests run")
    source = [check_cell(f"def first():\n    {IMPORTS[library]}\n\nfirst()", "imports", 1.0)]
    path = tmp_path / "source.ipynb"
    path.write_bytes(as_bytes(notebook(source)))
    [row] = graded(load_source(path, "imports"), replace(place, cell_seconds=30.0), notebook(source)).rows
    assert (row.points, row.detail) == (1.0, {})


@pytest.mark.skipif(shutil.which("fc-list") is None, reason="no fontconfig here, so nobody asks it for fonts")
def test_fonts_are_there_and_looking_for_them_prints_nothing(tmp_path: Path, place: Place) -> None:
    asks = "import subprocess\nfonts = subprocess.run(['fc-list'], capture_output=True, text=True, check=True)"
    here = len(subprocess.run(["fc-list"], capture_output=True, text=True, check=True).stdout.splitlines())
    source = [check_cell(f"{asks}\nassert fonts.stderr == '', fonts.stderr", "quiet", 1.0)]
    source += [check_cell(f"assert len(fonts.stdout.splitlines()) == {here}", "all", 1.0)]
    path = tmp_path / "source.ipynb"
    path.write_bytes(as_bytes(notebook(source)))
    assert points(graded(load_source(path, "fonts"), place, notebook(source))) == [1.0, 1.0]


def test_where_a_server_looked_for_fonts_no_kernel_can_write(tmp_path: Path, place: Place) -> None:
    source = [check_cell("import os\nassert os.listdir('/fonts') == []\nopen('/fonts/x', 'w')", "writes", 1.0)]
    path = tmp_path / "source.ipynb"
    path.write_bytes(as_bytes(notebook(source)))
    [row] = graded(load_source(path, "fonts"), place, notebook(source)).rows
    assert (row.points, row.detail["wrong"]) == (0.0, "OSError at “open('/fonts/x', 'w')”")


def test_an_endless_recursion_is_reported_without_the_source_of_every_frame(tmp_path: Path, place: Place) -> None:
    source = [check_cell("def deeper(n):\n    return deeper(n + 1)\n\ndeeper(0)", "deep", 1.0)]
    path = tmp_path / "source.ipynb"
    path.write_bytes(as_bytes(notebook(source)))
    result = graded(load_source(path, "deep"), place, notebook(source))
    assert result.rows[0].detail["wrong"] == "RecursionError at “deeper(0)”"
    [output] = json.loads(result.notebook)["cells"][0]["outputs"]
    assert "---->" not in "".join(output["traceback"])  # which takes IPython seconds to put together


def test_without_a_parent_nothing_is_said_about_the_submission(
    assignment: Assignment, place: Place, tmp_path: Path
) -> None:
    with pytest.raises(KernelStartError, match="cannot be reached"):
        grade(Job(as_bytes(toy()), assignment, 0, Place(str(tmp_path / "nobody"))))
