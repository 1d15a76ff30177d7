"""The map, the frames and the sentences hold the trace's numbers."""

import numpy as np
import pytest

from seqviz.plots.translation.alignment import (
    alignment,
    alignment_levels,
    alignment_patch,
    describe_alignment,
    known_blocks,
    missed,
)
from seqviz.traces.translation.records import AlignmentTrace

TRACE = AlignmentTrace(
    source=("a", " ", "b", "c"),
    said=("1", "2", "-", "3", "<eos>"),
    right="12-4",
    weights=np.array(
        [[0.9, 0.1, 0, 0], [0.2, 0.2, 0.6, 0], [0.25, 0.25, 0.25, 0.25], [0.01, 0.02, 0.9, 0.07], [0, 1, 0, 0]]
    ),
    known=np.array([[1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]], bool),
)


def test_outputs_stand_across_and_the_source_down():
    figure = alignment(TRACE).figure
    weights = figure.data[0]
    np.testing.assert_array_equal(weights.z, TRACE.weights.T)
    assert (weights.zmin, weights.zmax) == (0, 1)
    assert list(figure.layout.xaxis.ticktext) == ["1", "2", "-", "3", "⏎"]
    assert list(figure.layout.yaxis.ticktext) == ["a", "␣", "b", "c"]
    assert figure.layout.yaxis.range == (4.5, 0.5)  # the beginning is on top


def test_what_is_known_is_outlined_in_blocks():
    assert known_blocks(TRACE) == [(0, 1, 0, 0), (3, 3, 2, 3)]
    known = alignment(TRACE).figure.data[1]
    assert list(known.x[:5]) == [0.5, 2.5, 2.5, 0.5, 0.5]
    assert list(known.y[6:11]) == [2.5, 2.5, 4.5, 4.5, 2.5]


def test_a_column_is_framed_for_an_output_and_a_row_for_a_source_step():
    patch = alignment_patch(TRACE, 1)
    assert (patch["frame.x"], patch["frame.y"]) == ([1.5, 2.5, 2.5, 1.5, 1.5], [0.5, 0.5, 4.5, 4.5, 0.5])
    patch = alignment_patch(TRACE, 5 + 2)
    assert (patch["frame.x"], patch["frame.y"]) == ([0.5, 5.5, 5.5, 0.5, 0.5], [2.5, 2.5, 3.5, 3.5, 2.5])


def test_an_output_lights_its_sources_and_a_source_its_outputs():
    levels = alignment_levels(TRACE)
    assert levels.shape == (9, 9)
    np.testing.assert_array_equal(levels[1], [np.nan] * 5 + [0.2, 0.2, 0.6, 0])
    np.testing.assert_array_equal(levels[5 + 2], [0, 0.6, 0.25, 0.9, 0] + [np.nan] * 4)


def test_only_steps_with_a_known_source_count_as_missed():
    assert missed(TRACE) == (1, 3)


@pytest.mark.parametrize(
    ("selection", "told"),
    [
        (1, "Output 2, “2”, looks at source 3 “b” 60%, source 1 “a” 20% and source 2 “␣” 20%. "
            "What says it is “a”: 20% of the weight lies there."),
        (2, "Output 3, “-”, looks at source 1 “a” 25%, source 2 “␣” 25% and source 3 “b” 25%."),
        (6, "Source 2, “␣”, is looked at by output 5 “end” 100%, output 3 “-” 25% and output 2 “2” 20%."),
    ],
)  # fmt: skip
def test_the_sentence_says_where_the_weight_lies(selection, told):
    verdict = "It says “12-3”, which should be “12-4”. Alignment error: 1 of 3 outputs look most at something else."
    assert describe_alignment(TRACE, selection) == f"{told} {verdict}"
