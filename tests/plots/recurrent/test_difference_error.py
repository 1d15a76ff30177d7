"""Errors of central differences."""

from seqviz.plots.recurrent.difference_error import best_step, describe_difference_error, difference_error_figure

STEPS = [1e-2, 1e-4, 1e-6]
ERRORS = {"float64": [1e-5, 1e-9, 1e-10], "float32": [1e-4, 0.0, 1e-1]}


def test_the_best_step_is_the_one_with_the_smallest_error():
    assert best_step(STEPS, ERRORS["float64"]) == (1e-6, 1e-10)


def test_curves_hold_the_errors_and_leave_out_a_zero():
    float64, float32 = difference_error_figure(STEPS, ERRORS, chosen=1e-6).data
    assert (list(float64.x), list(float64.y)) == (STEPS, ERRORS["float64"])
    assert list(float32.y) == [1e-4, None, 1e-1]
    assert float32.marker.symbol != float64.marker.symbol, "colour is not the only difference"


def test_the_chosen_step_is_marked():
    assert difference_error_figure(STEPS, ERRORS, chosen=1e-6).layout.shapes[0].x0 == 1e-6


def test_the_sentence_says_where_each_is_lowest():
    assert describe_difference_error(STEPS, ERRORS, chosen=1e-6) == (
        "Relative error of central differences, float64: smallest at ε = 1e−06, 1e−10; "
        "float32: smallest at ε = 1e−04, 0e+00. Chosen here: ε = 1e−06."
    )
