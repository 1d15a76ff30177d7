"""What a path stands for after every frame, by deleting from the string."""

import re

import pytest

from seqviz.traces.hearing.collapse import trace_collapse


@pytest.mark.parametrize("path", ["-11-55--5-33", "aab-b", "-", "1", "1-1-", "a1b1"])
def test_after_every_frame_equal_neighbours_and_then_blanks_are_deleted(path):
    trace = trace_collapse(path)
    for frame in range(len(path)):
        labels = re.sub(r"(.)\1+", r"\1", path[: frame + 1]).replace("-", "")
        assert trace.labels[frame] == labels
        assert trace.needed[frame] == len(re.sub(r"(.)(?=\1)", r"\1-", labels))
        before = trace.labels[frame - 1] if frame else ""
        assert trace.starts[frame] == (labels != before)


def test_signs_that_are_no_labels_are_named():
    with pytest.raises(ValueError, match=r"letters, digits and - for the blank, got ' ', '\?'"):
        trace_collapse("1 ?1")
    with pytest.raises(ValueError, match="got nothing"):
        trace_collapse("")
