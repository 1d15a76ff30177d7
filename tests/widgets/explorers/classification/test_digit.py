"""What is drawn on the pad is read, in the way that is chosen."""

import pytest
import torch

from seqviz.data import digit_strokes
from seqviz.models import LSTM
from seqviz.plots.classification.digit import describe_digit
from seqviz.traces import trace_digit
from seqviz.widgets import explore
from tests.widgets.asked import answer

DRAWINGS = {"a three": digit_strokes(3), "a four": digit_strokes(4)}
DRAWN = [[[0.1, 0.2], [0.8, 0.2], [0.4, 1.0]]]  # a seven, as the browser sends it


@pytest.fixture
def readers():
    torch.manual_seed(0)
    return {"row by row": LSTM(16, 4, 10), "along the pen": LSTM(3, 4, 10)}


def test_it_opens_with_the_first_drawing_read_to_its_end(readers):
    explorer = explore.digit(readers, DRAWINGS)
    trace = trace_digit(readers["row by row"], DRAWINGS["a three"], "row by row")
    assert explorer.still()[1] == describe_digit(trace, 15)


@pytest.mark.parametrize("way", ["row by row", "along the pen"])
def test_a_drawing_is_read_as_asked(wire, readers, way):
    explorer = explore.digit(readers, DRAWINGS)
    sentences = answer(wire, explorer, strokes=DRAWN, way=way)["content"]["sentences"]
    trace = trace_digit(readers[way], [[(x, y) for x, y in DRAWN[0]]], way)
    assert sentences == [describe_digit(trace, step) for step in range(len(trace.beliefs))]


@pytest.mark.parametrize("strokes", [[], [[[0.5, 0.5]]]])
def test_a_sheet_without_a_line_is_answered_in_words(wire, readers, strokes):
    explorer = explore.digit(readers, DRAWINGS)
    assert "press and move the pen" in answer(wire, explorer, strokes=strokes)["content"]["error"]


def test_a_page_has_every_given_drawing_in_both_ways(readers):
    made = explore.digit(readers, DRAWINGS).recording()
    assert [len(values) for values in made["recorded"].values()] == [2, 2]
    assert len(made["answers"]) == 4
    pad = next(control for control in made["controls"] if control["kind"] == "pad")
    assert [strokes for _, strokes in pad["given"]] == made["recorded"]["strokes"]
    assert "needs the kernel" in pad["fixed"]
