"""What is missing of a sum that stops early."""

import math

import pytest

from seqviz.plots.recurrent.missing_share import describe_missing_share, missing_share_figure, steps_needed

GROUPS = {"before": [[0.5, 0.005, 0.0]], "after": [[0.8, 0.2, 0.009], [0.9, 0.009, 1e-9]]}


@pytest.mark.parametrize(
    ("missing", "needed"),
    [([0.5, 0.02, 0.01], 2), ([0.5, 0.005, 0.02, 0.001], 3), ([0.0], 0)],
    ids=["reached", "reached for good only after it was lost again", "nothing missing"],
)
def test_steps_needed_hold_from_there_on(missing, needed):
    assert steps_needed(missing, 0.01) == needed


@pytest.mark.parametrize("missing", [[0.5, 0.2], [0.001, math.nan]])
def test_a_sum_that_never_gets_there_is_refused(missing):
    with pytest.raises(ValueError, match=r"expected at most 0\.01 missing"):
        steps_needed(missing, 0.01)


def test_a_curve_for_every_run_and_a_name_for_every_group():
    figure = missing_share_figure(GROUPS, tolerance=0.01, floor=1e-6)
    assert [list(curve.y) for curve in figure.data] == [[0.5, 0.005, None], [0.8, 0.2, 0.009], [0.9, 0.009, None]]
    assert [curve.name for curve in figure.data if curve.showlegend] == ["before", "after"]
    assert figure.data[0].line.dash != figure.data[1].line.dash == figure.data[2].line.dash


def test_the_tolerance_is_a_line_with_its_name_on_it():
    layout = missing_share_figure(GROUPS, tolerance=0.01, floor=1e-6).layout
    assert layout.shapes[0].y0 == 0.01
    assert layout.annotations[0].y == pytest.approx(-2)


def test_the_sentence_gives_start_and_reach_of_each_group():
    assert describe_missing_share(GROUPS, tolerance=0.01) == (
        "before: 50% missing without a step back, at most 1% from 1 steps back. "
        "after: 80% to 90% missing without a step back, at most 1% from 1 to 2 steps back."
    )
