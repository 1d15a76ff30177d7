"""A path's letters, merged runs and labels stand where they should, as far as the frame has come."""

import numpy as np

from seqviz.plots.hearing.collapse import collapse, describe_collapse, runs
from seqviz.traces.hearing.collapse import trace_collapse

TRACE = trace_collapse("-11-1")


def drawn(frame=None):
    return {trace.uid: trace for trace in collapse(TRACE, frame).figure.data}


def test_runs_are_equal_neighbours():
    assert runs("-11-1") == [("-", 0, 0), ("1", 1, 2), ("-", 3, 3), ("1", 4, 4)]


def test_the_whole_path_merged_and_without_blanks():
    parts = drawn()
    assert list(parts["path"].text) == list("-11-1")
    assert list(parts["path"].x) == [1, 2, 3, 4, 5]
    assert list(parts["merged"].text) == ["-", "1", "-", "1"]
    assert list(parts["merged"].x) == [1, 2.5, 4, 5]
    assert list(parts["labels"].text) == ["1", "1"]
    assert list(parts["labels"].x) == [2.5, 5]
    np.testing.assert_allclose(parts["runs"].x, [1.6, 3.4, np.nan, 4.6, 5.4, np.nan])
    np.testing.assert_allclose(parts["blanks"].x, [0.6, 1.4, np.nan, 3.6, 4.4, np.nan])


def test_after_a_frame_only_what_was_said_is_there():
    parts = drawn(1)
    np.testing.assert_allclose(parts["path"].x, [1, 2, np.nan, np.nan, np.nan])
    np.testing.assert_allclose(parts["labels"].x, [2, np.nan])
    assert list(parts["now"].x) == [2]


def test_sentences_say_why():
    assert describe_collapse(TRACE, 0) == "Frame 1 of 5: a blank adds no label. “-” collapses to nothing."
    assert describe_collapse(TRACE, 2) == (
        "Frame 3 of 5: “1” goes on with the label before. “-11” collapses to “1”, for which 1 frame would do."
    )
    assert describe_collapse(TRACE, 4).endswith(
        "“1” begins a label. “-11-1” collapses to “11”, for which 3 frames would do."
    )
