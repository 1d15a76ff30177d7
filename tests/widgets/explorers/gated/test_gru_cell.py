"""A walk through a gated unit: a held gate asks the kernel, and the answer stands in the sentence."""

import pytest
import torch

from seqviz.models import GRU
from seqviz.plots import gru_cell
from seqviz.traces import trace_gru_cell
from seqviz.widgets import explore
from tests.widgets.asked import answer, assert_still

TOKENS = ["a", "b", "c"]


@pytest.fixture
def network():
    torch.manual_seed(5)
    model = GRU(2, 3, 1)
    for parameter in model.parameters():
        parameter.data.mul_(3)
    return model


def test_a_gate_is_held_and_let_go(wire, network):
    x = torch.randn(3, 2)
    explorer = explore.gru_cell(network, x, TOKENS, unit=1, step=2, part=3, held="r_t = 0")
    held = gru_cell(trace_gru_cell(network, x, TOKENS, 1, "r_t = 0"), 2, 3)
    assert_still(explorer, held.figure)
    assert "with its own gates it is" in held.sentence
    free = gru_cell(trace_gru_cell(network, x, TOKENS, 1), 2, 3)
    update = answer(wire, explorer, held="none")
    assert update["content"]["sentences"][3] == free.sentence
    assert_still(explorer, free.figure)
