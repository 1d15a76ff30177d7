"""What is recorded is what the network says after every row, or after every step of the pen."""

import numpy as np
import pytest
import torch

from seqviz.data import digit_strokes, pen_pictures, pen_points, pen_steps
from seqviz.models import LSTM
from seqviz.traces import trace_digit


def test_a_picture_is_read_row_by_row():
    torch.manual_seed(0)
    network, strokes = LSTM(16, 5, 10), digit_strokes(4, 1)
    trace = trace_digit(network, strokes, "row by row")
    logits, _ = network(pen_pictures([strokes]))
    np.testing.assert_allclose(trace.beliefs, logits[0].softmax(-1).detach(), atol=1e-6)
    assert trace.picture is not None
    np.testing.assert_array_equal(trace.picture, pen_pictures([strokes])[0])
    assert [trace.best(step) for step in range(16)] == logits[0].argmax(-1).tolist()


def test_strokes_are_read_step_by_step():
    torch.manual_seed(1)
    network, strokes = LSTM(3, 5, 10), digit_strokes(4, 1)
    trace = trace_digit(network, strokes, "along the pen")
    x, lengths = pen_steps([strokes])
    logits, _ = network(x)
    assert trace.picture is None
    np.testing.assert_allclose(trace.beliefs, logits[0].softmax(-1).detach(), atol=1e-6)
    np.testing.assert_array_equal(trace.points, pen_points(strokes))
    assert trace.lifted.sum() == 1, "a four in two strokes"
    assert len(trace.points) == lengths[0] + 1 == len(trace.lifted) + 1


def test_an_empty_sheet_is_refused():
    network = LSTM(16, 5, 10)
    with pytest.raises(ValueError, match="at least one line: press and move the pen"):
        trace_digit(network, [], "row by row")
