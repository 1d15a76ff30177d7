"""A walk through a stack: other steps and units are other pictures, a layer's line is in the browser."""

import torch

from seqviz.models import RNNLayer, Stacked
from seqviz.plots import deep
from seqviz.plots.stacked.deep import deep_parts
from seqviz.traces import trace_deep
from seqviz.widgets import explore
from tests.widgets.asked import answer, assert_still


def test_another_step_and_another_unit_are_drawn_anew(wire):
    torch.manual_seed(0)
    stack, x = Stacked([RNNLayer(2, 5), RNNLayer(5, 3)]), torch.randn(4, 2)
    explorer = explore.deep(stack, x, "abcd", unit=2, step=3, part=1)
    assert_still(explorer, deep(trace_deep(stack, x, "abcd", 2), 3, 1).figure)
    update = answer(wire, explorer, step=1, unit=0)
    expected = deep(trace_deep(stack, x, "abcd", 0), 1, 1)
    assert "figure" in update
    assert update["content"]["sentences"][1] == expected.sentence
    assert_still(explorer, expected.figure)
    assert explorer.content["strip"]["tokens"] == list(deep_parts(2))
    (unit,) = (control for control in explorer.controls if control["name"] == "unit")
    assert unit["maximum"] == 2
