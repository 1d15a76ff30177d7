"""Cells, bars, the frame and the sentence hold the trace's numbers."""

import numpy as np

from seqviz.plots.transformer.residual_stream import (
    describe_residual_stream,
    residual_stream,
    residual_stream_patch,
    settled,
    signs,
)
from seqviz.traces.transformer.records import ResidualStreamTrace

TRACE = ResidualStreamTrace(
    source=("a", "b"),
    said=("4", "<eos>"),
    parts=("token", "position", "1 source"),
    likeliest=np.array([[0, 2], [3, 3], [2, 3]]),
    tokens=("<pad>", "3", "4", "<eos>"),
    probabilities=np.array([[0.1, 0.2], [0.3, 0.6], [0.9, 0.7]]),
    rivals=("3", "4"),
    shares=np.array([[0.5, 0.1], [-1.5, 0.7], [4.0, 0.2]]),
    constant=np.array([0.25, -0.5]),
    lengths=np.ones((3, 2)),
)


def test_a_cell_shows_what_would_be_said_and_how_sure_the_end_is():
    cells = residual_stream(TRACE).figure.data[0]
    np.testing.assert_array_equal(cells.z, TRACE.probabilities)
    assert signs(TRACE) == [["·", "4"], ["⏎", "⏎"], ["4", "⏎"]]
    assert [list(row) for row in cells.text] == signs(TRACE)


def test_it_has_settled_where_nothing_changes_any_more():
    assert settled(TRACE).tolist() == [2, 1]


def test_bars_and_frame_follow_the_step():
    patch = residual_stream_patch(TRACE, 1)
    np.testing.assert_array_equal(patch["shares.x"], [0.1, 0.7, 0.2])
    assert patch["frame.x"] == [1.5, 2.5, 2.5, 1.5, 1.5]
    assert patch["frame.y"] == [0.5, 0.5, 3.5, 3.5, 0.5]
    figure = residual_stream(TRACE, 0).figure
    np.testing.assert_array_equal(figure.data[2].x, [0.5, -1.5, 4.0])
    low, high = figure.layout.xaxis2.range
    assert low == -high
    assert high > 4  # no step's bar leaves its axis
    assert figure.layout.yaxis.range == figure.layout.yaxis2.range == (3.5, 0.5)  # the sum goes down


def test_the_sentence_adds_up():
    assert describe_residual_stream(TRACE, 0) == (
        "Output 1, “4” rather than “3”. The token that was read alone would say “<pad>”; the sum says “4” from "
        "“1 source” on. Of 3.2 nats between the two, the largest shares: 1 source +4.0, position −1.5 and token +0.5. "
        "All parts give 3.0, the biases of norm and output 0.2."
    )
    assert "“end” rather than “4”" in describe_residual_stream(TRACE, 1)
