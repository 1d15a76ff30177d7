"""Where a hand goes next: on by as much as it went, once or twice, or back."""

import pytest

from seqviz.widgets.ahead import neighbours
from seqviz.widgets.controls import Choice, Range

CONTROLS = (
    Range("factor", "Factor", minimum=1, maximum=9, step=1, value=2),
    Range("count", "How many", minimum=1, maximum=5, step=1, value=3),
    Choice("kind", "Kind", ["sum", "product"], "sum"),
    Range("which", "Which", minimum=0, maximum=9, step=1, value=1, browser=True),
)
BEFORE = {"factor": 4, "count": 3, "kind": "sum", "which": 1}


@pytest.mark.parametrize(
    ("factor", "expected"),
    [(5, [6, 7, 4]), (3, [2, 1, 4]), (6, [8, 4]), (9, [4]), (1, [4]), (7, [4]), (4, [])],
)
def test_on_by_as_much_and_back_as_far_as_the_slider_reaches(factor, expected):
    near = neighbours(CONTROLS, BEFORE, BEFORE | {"factor": factor})
    assert near == [BEFORE | {"factor": value} for value in expected]


@pytest.mark.parametrize("now", [{"kind": "product"}, {"which": 2}, {"factor": 5, "count": 4}])
def test_what_is_no_step_of_one_slider_of_the_kernel_says_nothing(now):
    assert neighbours(CONTROLS, BEFORE, BEFORE | now) == []


def test_what_the_browser_moved_beside_stays_as_it_is():
    assert neighbours(CONTROLS, BEFORE, BEFORE | {"count": 4, "which": 2}) == [
        BEFORE | {"count": 5, "which": 2},
        BEFORE | {"count": 3, "which": 2},
    ]
