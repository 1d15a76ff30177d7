import pytest

from seqviz.grading.trusting import credit, reason

# What nbgrader 0.9.6's determine_grade gives for the same outputs, of a cell worth 2 points.
RULE = [
    ([], 2.0),
    ([("error", "")], 0.0),
    ([("stderr", "")], 0.0),
    ([("execute_result", "0.5")], 0.5),
    ([("execute_result", "0")], 0.0),
    ([("execute_result", "2")], 2.0),
    ([("execute_result", "1.5"), ("error", "")], 1.5),  # it stops at the first result
    ([("error", ""), ("execute_result", "1.5")], 0.0),
    ([("execute_result", "tensor(1.)")], 2.0),
    ([("execute_result", "nan")], 2.0),
    ([("execute_result", "-1")], 2.0),
    ([("execute_result", "np.float64(0.5)")], 2.0),
]


@pytest.mark.parametrize(("told", "points"), RULE)
def test_nbgraders_rule(told: list[tuple[str, str]], points: float) -> None:
    assert credit(told, 2.0).points == points


def test_more_than_the_maximum_stops_nbgrader_and_earns_nothing_here() -> None:
    given = credit([("execute_result", "99")], 2.0)
    assert given.points == 0
    assert "more than its maximum" in given.warning


def test_full_marks_for_something_odd_are_pointed_out() -> None:
    assert "full marks" in credit([("execute_result", "nan")], 2.0).warning
    assert credit([], 2.0).warning == ""


SOURCE = """import math
assert double(1) == 2, f"{double(1)} for 1"
for n in range(3):
    assert double(n) == (
        2 * n
    )
### BEGIN HIDDEN TESTS
assert double(-3) == -6
for n in (7, 8):
    double(n)
### END HIDDEN TESTS
assert math.isfinite(double(4))"""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (2, 'AssertionError at “assert double(1) == 2, f"{double(1)} for 1"”'),
        (3, "AssertionError at “for n in range(3):”"),
        (5, "AssertionError at “assert double(n) == (\n        2 * n\n    )”"),
        (7, "A hidden test failed (AssertionError)"),
        (8, "A hidden test failed (AssertionError)"),
        (9, "A hidden test failed (AssertionError)"),
        (10, "A hidden test failed (AssertionError)"),
        (12, "AssertionError at “assert math.isfinite(double(4))”"),
        (0, "The cell raised AssertionError"),
        (99, "The cell raised AssertionError"),
    ],
)
def test_an_error_is_explained_by_the_public_part_of_the_tests(line: int, words: str) -> None:
    assert reason(credit([("error", "")], 2.0), 2.0, SOURCE, "AssertionError: double(-3) == -6", line) == words


def test_a_statement_that_holds_hidden_lines_is_hidden_whole() -> None:
    source = "assert all([\n    1,\n### BEGIN HIDDEN TESTS\n    f(9),\n### END HIDDEN TESTS\n])"
    assert reason(credit([("error", "")], 2.0), 2.0, source, "TypeError: x", 1) == "A hidden test failed (TypeError)"


def test_cells_that_are_not_python_are_shown_by_line() -> None:
    assert reason(credit([("error", "")], 1.0), 1.0, "%time f(1)\nassert f(2)", "ValueError: x", 2) == (
        "ValueError at “assert f(2)”"
    )


def test_every_lost_point_has_its_reason_and_nothing_that_a_kernel_made_up() -> None:
    assert "stderr" in reason(credit([("stderr", "")], 2.0), 2.0, "", "", 0)
    assert reason(credit([("execute_result", "0.5")], 2.0), 2.0, "", "", 0) == "The tests gave 0.5 of 2 points"
    made_up = reason(credit([("error", "")], 2.0), 2.0, "f()", "assert f(9) == 81: x", 1)
    assert made_up == "an exception at “f()”"
    assert reason(credit([], 2.0), 2.0, "f()", "", 0) == ""
    for odd in ("assert f(9) == 81", "81", "-81"):
        assert "81" not in credit([("execute_result", odd)], 2.0).warning
