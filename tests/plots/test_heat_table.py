"""A table of numbers and colours."""

import numpy as np
import pytest

from seqviz.plots.heat_table import cell_texts, describe_heat_table, plot_heat_table

VALUES = np.array([[0.0, 0.123, np.nan], [2.0, 0.5, 1e-9]])
NAMES = {"rows": ["a", "b"], "columns": ["1", "2", "3"], "unit": "relative error"}


def test_every_cell_says_its_number():
    assert cell_texts(VALUES, zero="right") == [["right", "0.12", ""], ["2", "0.5", "1e-09"]]


def test_the_picture_holds_the_values_and_its_scale_starts_at_zero():
    (heatmap,) = plot_heat_table(VALUES, **NAMES).data
    np.testing.assert_array_equal(np.array(heatmap.z, float), VALUES)
    assert heatmap.zmin == 0
    assert plot_heat_table(VALUES, **NAMES).layout.xaxis.ticktext == ("1", "2", "3")


def test_the_first_row_is_on_top():
    assert plot_heat_table(VALUES, **NAMES).layout.yaxis.autorange == "reversed"


def test_the_sentence_reads_the_rows_and_leaves_out_what_is_empty():
    assert describe_heat_table(VALUES, **NAMES, zero="right") == (
        "Relative error. a: 1 right, 2 0.12. b: 1 2, 2 0.5, 3 1e-09."
    )


@pytest.mark.parametrize("draw", [plot_heat_table, describe_heat_table])
def test_names_that_do_not_fit_and_negative_values_are_refused(draw):
    with pytest.raises(ValueError, match=r"shape \(2, 3\), got \(2, 2\)"):
        draw(VALUES[:, :2], **NAMES)
    with pytest.raises(ValueError, match=r"from 0 up, got -2.0"):
        draw(-VALUES, **NAMES)
