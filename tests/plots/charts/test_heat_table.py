"""A table of numbers and colours."""

import numpy as np
import pytest
from plotly.colors import hex_to_rgb

from seqviz.plots.charts.heat_table import cell_texts, describe_heat_table, heat_table_figure
from seqviz.plots.theme import SEQUENTIAL, palette

VALUES = np.array([[0.0, 0.123, np.nan], [2.0, 0.5, 1e-9]])
NAMES = {"rows": ["a", "b"], "columns": ["1", "2", "3"], "unit": "relative error"}


def test_every_cell_says_its_number():
    assert cell_texts(VALUES, zero="right") == [["right", "0.12", ""], ["2", "0.5", "1e-09"]]


def test_a_large_number_has_no_power_of_ten_before_it_must():
    assert cell_texts(np.array([[9.96, 38.4, 100, 1234, 9999.4, 12345]]), zero="0") == [
        ["10", "38", "100", "1234", "9999", "1.2e+04"]
    ]


def test_the_picture_holds_the_values_and_its_scale_starts_at_zero():
    heatmap, texts = heat_table_figure(VALUES, **NAMES).data
    np.testing.assert_array_equal(np.array(heatmap.z, float), VALUES)
    assert (heatmap.zmin, heatmap.zmax) == (0, 2)
    assert list(texts.text) == ["0", "0.12", "", "2", "0.5", "1e-09"]
    assert list(zip(texts.x, texts.y, strict=True))[3] == (0, 1)
    assert heat_table_figure(VALUES, **NAMES).layout.xaxis.ticktext == ("1", "2", "3")


def test_a_table_of_zeros_has_a_scale_too():
    assert heat_table_figure(np.zeros((2, 3)), **NAMES).data[0].zmax == 1


def luminance(color):
    channels = np.array(hex_to_rgb(color)) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def test_every_number_can_be_read_on_its_colour():
    values = np.linspace(0, 3, 40)[None]
    _, texts = heat_table_figure(values, ["a"], [str(i) for i in range(40)], unit="error").data
    for background, ink in zip(palette(SEQUENTIAL, levels=40), texts.textfont.color, strict=True):
        light, dark = sorted([luminance(background), luminance(ink)], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, "WCAG's contrast for text"


def test_the_first_row_is_on_top():
    assert heat_table_figure(VALUES, **NAMES).layout.yaxis.autorange == "reversed"


def test_the_sentence_reads_the_rows_and_says_zeros_together():
    assert describe_heat_table(VALUES, **NAMES, zero="right") == (
        "Relative error, row by row. “a” 2: 0.12, the others right. “b” 1: 2, 2: 0.5, 3: 1e-09."
    )
    nothing = describe_heat_table(np.zeros((1, 2)), ["a"], ["1", "2"], unit="error")
    assert nothing == "Error, row by row. “a” all 0."


@pytest.mark.parametrize("draw", [heat_table_figure, describe_heat_table])
def test_names_that_do_not_fit_and_negative_values_are_refused(draw):
    with pytest.raises(ValueError, match=r"shape \(2, 3\), got \(2, 2\)"):
        draw(VALUES[:, :2], **NAMES)
    with pytest.raises(ValueError, match=r"from 0 up, got -2.0"):
        draw(-VALUES, **NAMES)
