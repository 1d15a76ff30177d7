"""Another path is another picture, and what is no label is said."""

import pytest

from seqviz.plots.hearing.collapse import describe_collapse
from seqviz.traces.hearing.collapse import trace_collapse
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened


@pytest.fixture
def explorer():
    return explore.collapse("-11-1")


def test_it_opens_on_the_whole_path(wire, explorer):
    content = opened(wire, explorer)["content"]
    trace = trace_collapse("-11-1")
    assert content["sentences"] == [describe_collapse(trace, frame) for frame in range(5)]
    assert explorer.still()[1] == describe_collapse(trace, 4)


def test_another_path_collapses_anew(wire, explorer):
    content = answer(wire, explorer, path="ab")["content"]
    assert content["sentences"] == [describe_collapse(trace_collapse("ab"), frame) for frame in range(2)]


def test_what_is_no_label_is_named(wire, explorer):
    assert answer(wire, explorer, path="1 1")["content"]["error"] == (
        "expected letters, digits and - for the blank, got ' '"
    )
