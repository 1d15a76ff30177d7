"""A walk through a cell: other steps and cells are other pictures, a part of the equations is in the browser."""

import numpy as np

from seqviz.data import PROSE_ALPHABET
from seqviz.plots import lstm_cell
from seqviz.plots.gated.lstm_cell import PARTS
from seqviz.traces import trace_lstm_cell
from seqviz.widgets import explore
from tests.widgets.asked import answer, assert_still

TEXT = "the value"


def test_another_step_and_another_cell_are_drawn_anew(wire, model):
    explorer = explore.lstm_cell(model, PROSE_ALPHABET, TEXT, unit=2, step=3, part=4)
    assert_still(explorer, lstm_cell(trace_lstm_cell(model, PROSE_ALPHABET, TEXT, 2), 3, 4).figure)
    update = answer(wire, explorer, step=5, unit=1)
    expected = lstm_cell(trace_lstm_cell(model, PROSE_ALPHABET, TEXT, 1), 5, 4)
    assert "figure" in update
    assert update["content"]["sentences"][4] == expected.sentence
    assert_still(explorer, expected.figure)


def test_the_equations_are_a_row_to_point_at(model):
    content = explore.lstm_cell(model, PROSE_ALPHABET, TEXT).content
    assert content["strip"]["tokens"] == list(PARTS)
    assert content["selections"] == len(PARTS)
    assert content["pick"] == "xaxis"
    assert np.isnan(explore.lstm_cell(model, PROSE_ALPHABET, TEXT)._view.strip(None).levels).all()
