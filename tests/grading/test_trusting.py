import pytest

from seqviz.grading.trusting import credit

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
