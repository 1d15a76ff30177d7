"""The maps hold the trace's weights, the frame lies around what is named, and the sentence says both."""

import dataclasses

import numpy as np
import pytest

from seqviz.plots.seeing.gallery import png
from seqviz.plots.seeing.gaze import describe_gaze, gaze, gaze_figure, gaze_levels, gaze_patch, inside
from seqviz.traces.seeing.records import GazeTrace

WEIGHTS = np.array([[0.1, 0.2, 0.3, 0.4], [0.5, 0.25, 0.125, 0.125], [0.0, 0.0, 1.0, 0.0]])
NAMED = np.array([[False] * 4, [True, True, False, False], [False, False, True, True]])
TRACE = GazeTrace(
    picture=np.random.default_rng(0).uniform(size=(3, 8, 8)),
    words=("a", "red", "<eos>"),
    weights=WEIGHTS,
    named=NAMED,
    fault=None,
)


def test_the_picture_lies_under_a_shade_that_lifts_where_the_weight_is():
    image, shade, weights, *_ = gaze(TRACE, 1).figure.data
    assert image.source == png(TRACE.picture)
    np.testing.assert_array_equal(weights.z, [[0.5, 0.25], [0.125, 0.125]])
    np.testing.assert_array_equal(shade.z, [[1, 0.5], [0.25, 0.25]])
    assert (weights.zmin, weights.zmax) == (shade.zmin, shade.zmax) == (0, 1)
    for grid in (shade, weights):  # cells of 4 pixels, and pixel 0 lies between 0 and 1
        assert (grid.x0, grid.dx, grid.y0, grid.dy) == (2, 4, 2, 4)
    assert (image.x0, image.y0) == (0.5, 0.5)


def test_the_frame_goes_around_the_cells_of_what_is_named():
    patch = gaze_patch(TRACE, 1)
    for uid in ("named", "named-beside"):
        assert patch[f"{uid}.x"].tolist() == [0, 8, 8, 0, 0]
        assert patch[f"{uid}.y"].tolist() == [0, 0, 4, 4, 0]
    assert gaze_patch(TRACE, 2)["named.y"].tolist() == [4, 4, 8, 8, 4]
    assert np.isnan(gaze_patch(TRACE, 0)["named.x"]).all()


def test_the_share_inside_is_counted_where_something_is_named():
    assert inside(TRACE, 0) is None
    assert inside(TRACE, 1) == pytest.approx(0.75)
    np.testing.assert_array_equal(gaze_levels(TRACE), [[np.nan, 0.75, 1.0]])


def test_the_sentence_says_the_word_the_cell_the_share_and_the_verdict():
    assert describe_gaze(TRACE, 1) == (
        "Word 2 of “a red”, “red”: most weight, 50%, on row 1, column 1 of 2."
        " 75% lies on the thing it names, which covers 50% of the picture. It is true."
    )
    assert describe_gaze(TRACE, 2).startswith("Word 3 of “a red”, “end”: most weight, 100%, on row 2, column 1 of 2.")
    wrong = dataclasses.replace(TRACE, fault="pairing")
    said = describe_gaze(wrong, 0)
    assert "lies on the thing" not in said
    assert said.endswith("It is not true: the colour of one thing goes with the shape of the other.")


def test_the_picture_is_upright():
    figure = gaze_figure(TRACE)
    assert figure.layout.yaxis.range == (8, 0)
    assert figure.layout.yaxis2.range == (8, 0)
