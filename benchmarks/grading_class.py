"""The class that the grading benchmark grades: one torch exercise, for seqviz as a check, for nbgrader as asserts."""

import json
from pathlib import Path
from typing import Any

STEM = "01_leaky"
POINTS = 3.0

CHECK_FILE = """
import torch
from seqviz.checks import exercise, mistake, normal


@exercise(returns="h_t: batch unit", groups={"one": 1, "two": 1, "three": 1}, seconds=5.0)
class leaky_step:
    "One step of a leaky integrator."

    def inputs(generator):
        for group, alpha in (("one", 0.3), ("two", 1.0), ("three", 0.0)):
            x, h = normal(generator, 8, 16), normal(generator, 8, 32)
            W_xh, W_hh, b = normal(generator, 32, 16), normal(generator, 32, 32), normal(generator, 32)
            yield group, {"x": x, "h": h, "W_xh": W_xh, "W_hh": W_hh, "b": b, "alpha": alpha}

    def reference(x, h, W_xh, W_hh, b, alpha):
        return (1 - alpha) * h + alpha * torch.tanh(x @ W_xh.T + h @ W_hh.T + b)

    @mistake("leak on the wrong term", hint="Which of the two terms keeps the old state?")
    def swapped(x, h, W_xh, W_hh, b, alpha):
        return alpha * h + (1 - alpha) * torch.tanh(x @ W_xh.T + h @ W_hh.T + b)
"""

ASSERTS = """
torch.manual_seed({seed})
x, h, W_xh, W_hh, b = (torch.randn(*s, dtype=torch.float64) for s in ((8, 16), (8, 32), (32, 16), (32, 32), (32,)))
expected = (1 - {alpha}) * h + {alpha} * torch.tanh(x @ W_xh.T + h @ W_hh.T + b)
torch.testing.assert_close(leaky_step(x, h, W_xh, W_hh, b, {alpha}), expected)
"""

HEAD = "def leaky_step(x, h, W_xh, W_hh, b, alpha):\n    "
NEW = "torch.tanh(x @ W_xh.T + h @ W_hh.T + b)"
STUB = f"{HEAD}### BEGIN SOLUTION\n    return (1 - alpha) * h + alpha * {NEW}\n    ### END SOLUTION"

RIGHT = f"{HEAD}return (1 - alpha) * h + alpha * {NEW}"
SWIFT = {
    "right": RIGHT,
    "loop": f"{HEAD}new = {NEW}\n    return torch.stack([(1 - alpha) * h[n] + alpha * new[n] for n in range(len(x))])",
    "wrong": f"{HEAD}return alpha * h + (1 - alpha) * {NEW}",
    "no-leak": f"{HEAD}return {NEW}",
    "crash": f"{HEAD}return h @ x",
    "syntax": f"{HEAD}return (1 - alpha * h",
}
SLOW = {
    "endless": f"while True:\n    pass\n\n{RIGHT}",
    "asleep": f"import time\n\ntime.sleep(3600)\n\n{RIGHT}",
}


def swift_class(count: int) -> dict[str, str]:
    """Half of them right, the others wrong in a way of their own, or crashing."""
    kinds = ["right", "wrong", "right", "crash", "loop", "no-leak", "right", "syntax"]
    return {f"{number:03}-{(kind := kinds[number % len(kinds)])}": SWIFT[kind] for number in range(count)}


def slow_class(count: int) -> dict[str, str]:
    """Those that never end: busy ones and idle ones."""
    kinds = list(SLOW)
    return {f"9{number:02}-{(kind := kinds[number % len(kinds)])}": SLOW[kind] for number in range(count)}


def cell(source: str, grade_id: str = "", **nbgrader: Any) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if grade_id:
        metadata = {"nbgrader": {"schema_version": 3, "grade_id": grade_id, "task": False, **nbgrader}}
    base = {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}
    return {**base, "id": grade_id or "imports"}


def notebook(answer: str, checks: list[dict[str, Any]]) -> str:
    cells = [cell("import torch\nimport seqviz as sv" if len(checks) == 1 else "import torch")]
    cells += [cell(answer, "leaky-step", grade=False, solution=True, locked=False), *checks]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    tree = {"cells": cells, "metadata": {"kernelspec": kernelspec}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(tree)


def ours(answer: str) -> str:
    check = cell("sv.check(leaky_step)", "check", grade=True, solution=False, locked=True, points=POINTS)
    return notebook(answer, [check])


def theirs(answer: str) -> str:
    tests = [
        cell(
            ASSERTS.format(seed=number, alpha=alpha).strip(),
            f"test-{number}",
            grade=True,
            solution=False,
            locked=True,
            points=POINTS / 3,
        )
        for number, alpha in enumerate((0.3, 1.0, 0.0))
    ]
    return notebook(answer, tests)


def write_courses(folder: Path, classes: dict[str, dict[str, str]]) -> None:
    """Write the same class for both graders."""
    course = folder / "seqviz"
    (course / "exercises").mkdir(parents=True)
    (course / "solutions" / "checks").mkdir(parents=True)
    (course / "exercises" / f"{STEM}.ipynb").write_text(ours(f'{HEAD}raise NotImplementedError("leaky_step")'))
    (course / "solutions" / "checks" / "leaky.py").write_text(CHECK_FILE)
    for name, members in classes.items():
        (course / f"submissions-{name}").mkdir()
        for student, answer in members.items():
            (course / f"submissions-{name}" / f"{student}.ipynb").write_text(ours(answer))
    peer = folder / "nbgrader"
    (peer / "source" / STEM).mkdir(parents=True)
    (peer / "source" / STEM / f"{STEM}.ipynb").write_text(theirs(STUB))
    for student, answer in classes["all"].items():
        handed_in = peer / "submitted" / student / STEM
        handed_in.mkdir(parents=True)
        (handed_in / f"{STEM}.ipynb").write_text(theirs(answer))
