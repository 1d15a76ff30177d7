"""The tests of the tests: right answers get all points, however written; every mistake loses some, and is named."""

import re
from typing import Any

import nbformat
import pytest
import torch

from seqviz.checks import check_against
from seqviz.checks.calling import call_all
from seqviz.checks.comparison import compare
from seqviz.checks.compiled import Check
from seqviz.checks.diagnosis import Verdict, diagnose, makes
from seqviz.checks.forbidden import find_forbidden
from seqviz.publish.notebook import for_instructors, grading
from tests.exercises.course import ROOT, STEMS, Task, defined_by, solved, tasks, worked_calls
from tests.exercises.known import ALTERNATES, WRONG


def tensors(value: Any) -> list[torch.Tensor]:
    """Every tensor in a value, however deep in lists and dicts."""
    if isinstance(value, torch.Tensor):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else ()
    return [one for item in inside for one in tensors(item)]


def floats(value: Any) -> list[torch.Tensor]:
    return [one for one in tensors(value) if one.is_floating_point()]


def cast(value: Any, dtype: torch.dtype) -> Any:
    """The same value with its real numbers in another dtype."""
    if isinstance(value, (tuple, list)):
        return type(value)(cast(one, dtype) for one in value)
    if isinstance(value, dict):
        return {name: cast(one, dtype) for name, one in value.items()}
    return value.to(dtype) if isinstance(value, torch.Tensor) and value.is_floating_point() else value


def first_given(task: Task) -> list[Any]:
    """What the student's function is called with in the first case."""
    return task.given(task.public.cases[0].arguments)


pytestmark = pytest.mark.exercise
OTHER_SEEDS = (1, 2, 3)
every_task = pytest.mark.parametrize("task", tasks(), ids=str)
every_task_with_numbers = pytest.mark.parametrize(
    "task", [one for one in tasks() if any(floats(case.arguments) for case in one.public.cases)], ids=str
)
every_task_whose_inputs_can_change = pytest.mark.parametrize(
    "task",
    [one for one in tasks() if any(isinstance(given, (torch.Tensor, list)) for given in first_given(one))],
    ids=str,
)
every_task_with_axes = pytest.mark.parametrize(
    "task", [one for one in tasks() if any(output.axes for output in one.public.outputs)], ids=str
)
every_mistake = pytest.mark.parametrize(
    ("task", "number"),
    [
        pytest.param(one, i, id=f"{one}: {known.name}")
        for one in tasks()
        for i, known in enumerate(one.exercise.mistakes)
    ],
)
every_alternate = pytest.mark.parametrize(
    ("task", "function"),
    [pytest.param(one, way, id=way.__name__) for one in tasks() for way in ALTERNATES.get(one.asked.name, [])],
)


def checks_of(task: Task) -> list[Check]:
    """The public check, and what other seeds draw: grading uses one that nobody has seen."""
    return [task.public, *(task.drawn(seed) for seed in OTHER_SEEDS)]


def judge(check: Check, function) -> Verdict:
    return diagnose(check, call_all(check.driven(function), [case.arguments for case in check.cases], check.seconds))


def test_there_are_exercises():
    names = [one.asked.name for one in tasks()]
    assert len(names) == len(set(names)) >= 9
    assert {"02_unrolling", "03_backpropagation_through_time"} <= set(STEMS)


@every_task
def test_the_solution_gets_all_points(task: Task):
    for check in checks_of(task):
        report = check_against(check, solved(task))
        assert (report.points, report.passed, report.mistake) == (task.asked.points, True, None), report.message


@every_task
def test_the_stub_gets_none_and_says_so(task: Task):
    report = check_against(task.public, defined_by(task.stub_source, task.asked.name))
    assert (report.points, report.passed, report.mistake) == (0.0, False, None)
    assert "NotImplementedError" in report.message
    assert f'raise NotImplementedError("{task.asked.number} {task.asked.name}")' in task.stub_source


@every_mistake
def test_every_mistake_loses_points_and_is_named(task: Task, number: int):
    known = task.exercise.mistakes[number]
    report = check_against(task.public, known.function)
    assert (report.points < report.max_points, report.mistake) == (True, known.name)
    assert known.hint in report.message
    for check in checks_of(task):
        verdict = judge(check, known.function)
        assert verdict.points < verdict.max_points
        assert verdict.mistake is not None
        assert verdict.mistake.name == known.name


@every_mistake
def test_no_mistake_is_taken_for_another(task: Task, number: int):
    for check in checks_of(task):
        outcomes = call_all(
            check.driven(task.exercise.mistakes[number].function), [case.arguments for case in check.cases], 5
        )
        assert [known.name for known in check.mistakes if makes(check, known, outcomes)] == [
            task.exercise.mistakes[number].name
        ]


@every_alternate
def test_a_right_answer_written_differently_passes(task: Task, function):
    for check in checks_of(task):
        verdict = judge(check, function)
        assert verdict.passed, verdict.failures[0]


@pytest.mark.parametrize(
    ("task", "function"),
    [pytest.param(one, way, id=way.__name__) for one in tasks() for way in WRONG.get(one.asked.name, [])],
)
def test_a_wrong_answer_that_once_passed_loses_points(task: Task, function):
    for check in checks_of(task):
        assert not judge(check, function).passed


@every_task
def test_there_is_another_way_to_write_it(task: Task):
    assert ALTERNATES[task.asked.name]


@every_task
def test_the_worked_example_is_a_case(task: Task):
    """Whoever computes the example of the text wrongly loses points; its numbers are shown first."""
    arguments = [cast(task.given(case.arguments), torch.float64) for case in task.public.cases]
    # functions that a driver hands on cannot be compared
    given = [[one for one in call if not callable(one)] for call in worked_calls(task)]
    calls = [cast(call, torch.float64) for call in given]
    assert calls
    assert all(any(compare(one, call, 1e-6) is None for one in arguments) for call in calls)
    assert compare(arguments[0], calls[0], 1e-6) is None


@every_task_with_numbers
def test_a_right_answer_may_be_exact_to_more_digits_than_asked(task: Task):
    """A function that computes in float64 and returns the dtype of its inputs is right for float32 as well."""

    def in_double(*arguments):
        return cast(task.exercise.reference(*cast(arguments, torch.float64)), floats(arguments)[0].dtype)

    assert judge(task.public, in_double).passed


@every_task_with_numbers
def test_float32_and_float64_are_both_tried(task: Task):
    dtypes = {value.dtype for case in task.public.cases for value in floats(case.arguments)}
    assert {torch.float32, torch.float64} <= dtypes


@every_task_with_axes
def test_every_axis_has_another_size_somewhere(task: Task):
    """Equal sizes hide transposes; so some case has none equal."""
    sizes = [_sizes(task.public, number) for number in range(len(task.public.cases))]
    assert any(len(set(one.values())) == len(one) >= 1 for one in sizes)


def _sizes(check: Check, number: int) -> dict[str, int]:
    """The size of each axis: those of the outputs, and of a layer's weights and its sequence where there are any."""
    arguments, expected = check.cases[number].arguments, check.expected[number]
    answers = expected if isinstance(expected, (tuple, list)) else [expected]
    sizes = {
        axis: size
        for output, answer in zip(check.outputs, answers, strict=True)
        for axis, size in zip(output.axes, getattr(answer, "shape", ()), strict=True)
    }
    for axis, names in (("unit", {"W_hh", "W_h", "weight_hh"}), ("feature", {"W_xh", "W_x", "weight_ih"})):
        for name in names & arguments.keys():
            sizes[axis] = arguments[name].shape[-1]
    sequence = next((arguments[name] for name in ("x", "x_t", "x_1") if name in arguments), None)
    if sequence is not None:
        sizes["batch"] = len(sequence)
        if sequence.ndim == 3:
            sizes["time"] = sequence.shape[1]
    if "steps" in arguments:
        sizes["time"] = arguments["steps"]
    return sizes


@every_task
def test_a_mistake_that_is_right_in_part_gets_points_in_part(task: Task):
    points = {judge(task.public, known.function).points for known in task.exercise.mistakes}
    groups = {group.max_points for group in judge(task.public, task.exercise.reference).groups}
    assert all(0 <= one < task.asked.points for one in points)
    assert sum(groups) <= task.asked.points or len(groups) == 1


@every_task_whose_inputs_can_change
def test_changing_the_inputs_loses_points(task: Task):
    def careless(*arguments):
        result = task.exercise.reference(*arguments)
        for tensor in tensors(arguments):
            tensor.zero_()
        for argument in arguments:
            if isinstance(argument, list):
                argument.clear()
        return result

    report = check_against(task.public, careless)
    assert report.points == 0.0
    assert "Inputs changed" in report.message


@every_task
def test_what_is_forbidden_is_not_needed_and_is_found(task: Task):
    forbid = task.public.forbid
    assert not find_forbidden(solved(task), forbid)
    assert {"torch.nn", "seqviz.models"} <= set(forbid)
    cheat = "import seqviz as sv\nfrom torch import nn\n"
    cheat += f"def {task.asked.name}(*arguments):\n    return sv.models.rnn.rnn_forward(*arguments), nn.RNN"
    report = check_against(task.public, defined_by(cheat, task.asked.name))
    assert report.points == 0.0
    assert "without seqviz.models, torch.nn" in report.message


@pytest.mark.parametrize("task", [one for one in tasks() if one.stem.startswith("03")], ids=str)
def test_autograd_is_found_in_the_chapter_that_replaces_it(task: Task):
    source = (ROOT / "tests" / "exercises" / "alternates.py").read_text(encoding="utf-8")
    report = check_against(task.public, defined_by(source, task.asked.name))
    assert report.points == 0.0
    assert "torch.autograd" in report.message


@every_task
def test_the_student_has_no_source_of_an_answer(task: Task):
    folder = ROOT / "exercises"
    public = [folder / f"{task.stem}.ipynb", *(folder / "checks").glob(f"{task.asked.name}.*")]
    assert len(public) == 3
    body = task.solution_source.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]
    lines = [line.strip() for line in body.splitlines() if len(line.strip()) > 25]
    everything = b"\n".join(path.read_bytes() for path in public).decode("utf-8", errors="replace")
    assert lines
    for line in lines:
        if line not in _shown_to_students(task):
            assert line not in everything
    assert "BEGIN SOLUTION" not in everything


def _shown_to_students(task: Task) -> str:
    """Lines of pictures, which run the forward pass of a plain network, are no secret of chapter 03."""
    cells = nbformat.read(ROOT / "exercises" / f"{task.stem}.ipynb", as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.id.endswith("-picture"))


@pytest.mark.parametrize("stem", STEMS)
def test_every_exercise_has_its_parts(stem: str):
    cells = {cell.id: cell for cell in nbformat.read(ROOT / "exercises" / f"{stem}.ipynb", as_version=4).cells}
    for one in (one for one in tasks() if one.stem == stem):
        name = one.asked.name.replace("_", "-")
        text = cells[f"{name}-text"].source
        assert "$$" in text
        assert re.search(r"^\| \| shape \|$", text, re.MULTILINE)
        assert "returns" in text
        assert "**Worked example.**" in text
        assert cells[f"{name}-check"].source == f"sv.check({one.asked.name})"
        picture = cells[f"{name}-picture"].source
        assert picture.startswith(f"if sv.check({one.asked.name}).passed:")
        # with a sentence that says the same, which a picture of the package has
        assert re.search(r"sv\.show\(\s*(figure, |sv\.plots\.)", picture)
        assert f"{one.asked.name}(" in picture  # the student's own function draws
    assert all(not cell.get("outputs") and not cell.get("execution_count") for cell in cells.values())


@pytest.mark.parametrize("stem", STEMS)
def test_a_solution_explains_and_shows_the_mistakes(stem: str):
    cells = {cell.id: cell for cell in nbformat.read(ROOT / "solutions" / f"{stem}.ipynb", as_version=4).cells}
    for one in (one for one in tasks() if one.stem == stem):
        name = one.asked.name.replace("_", "-")
        assert cells[f"{name}-why"].source.startswith("**Why.**")
        assert f'show_mistakes("checks/{stem[3:]}.py", "{one.asked.name}")' in cells[f"{name}-mistakes"].source
        assert "assert_close" in cells[f"{name}-worked"].source
    for cell in cells.values():
        assert not cell.get("outputs")
        if for_instructors(cell):
            assert grading(cell)["solution"]  # so that nbgrader, too, leaves it out
