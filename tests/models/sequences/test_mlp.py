"""The perceptron over a whole sequence against torch's layers, float64, 1e-10."""

import pytest
import torch
from torch import nn

from seqviz.models.sequences.mlp import SequenceMLP

TOLERANCE = {"atol": 1e-10, "rtol": 1e-10}


def test_logits_and_gradients_equal_torchs_layers():
    torch.manual_seed(2)
    model = SequenceMLP(inputs=3, time=4, hidden=6, outputs=2, dtype=torch.float64)
    hidden, output = nn.Linear(12, 6, dtype=torch.float64), nn.Linear(6, 2, dtype=torch.float64)
    hidden.weight.data, hidden.bias.data = model.W.detach().clone(), model.b.detach().clone()
    output.weight.data, output.bias.data = model.W_y.detach().clone(), model.b_y.detach().clone()
    theirs = nn.Sequential(nn.Flatten(), hidden, nn.ReLU(), output)
    x = torch.randn(5, 4, 3, dtype=torch.float64)
    logits, expected = model(x), theirs(x)
    torch.testing.assert_close(logits, expected, **TOLERANCE)
    logits.square().sum().backward()
    expected.square().sum().backward()
    torch.testing.assert_close(model.W.grad, hidden.weight.grad, **TOLERANCE)
    torch.testing.assert_close(model.b_y.grad, output.bias.grad, **TOLERANCE)


def test_it_has_weights_of_their_own_for_every_step():
    sizes = [sum(p.numel() for p in SequenceMLP(3, time, 6, 2).parameters()) for time in (4, 5)]
    assert sizes[1] - sizes[0] == 3 * 6


def test_it_reads_one_length_and_says_so():
    model = SequenceMLP(inputs=3, time=4, hidden=6, outputs=2)
    with pytest.raises(ValueError, match=r"x: expected shape \(batch, time=4, input=3\), got \(1, 5, 3\)"):
        model(torch.zeros(1, 5, 3))
    with pytest.raises(ValueError, match="time: expected at least 1, got 0"):
        SequenceMLP(3, 0, 6, 2)
