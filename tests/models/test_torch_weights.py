"""Starts against torch's own layers of the same seed, refusals, and that a copy is one."""

import pytest
import torch
from torch import nn

from seqviz.models import RNN
from seqviz.models.torch_weights import copy_layer, copy_output, only_layer, start_uniform


def test_the_start_is_torchs_for_the_same_numbers():
    torch.manual_seed(3)
    theirs = nn.RNN(4, 7, dtype=torch.float64)
    ours = [torch.empty_like(weight, requires_grad=False) for weight in theirs.parameters()]
    torch.manual_seed(3)
    start_uniform(ours, 7)
    for mine, other in zip(ours, theirs.parameters(), strict=True):
        torch.testing.assert_close(mine, other.data, rtol=0, atol=1e-15)


@pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM])
@pytest.mark.parametrize("more", [{"num_layers": 2}, {"bidirectional": True}])
def test_more_than_one_layer_is_refused_by_its_name(kind, more):
    with pytest.raises(ValueError, match=rf"expected an nn\.{kind.__name__} of one layer.*{next(iter(more))}="):
        only_layer(kind(3, 5, **more))


def test_a_projection_is_refused():
    with pytest.raises(ValueError, match="no projection, got num_layers=1, bidirectional=False, proj_size=2"):
        only_layer(nn.LSTM(3, 5, proj_size=2))


def test_a_copy_does_not_follow_the_original():
    theirs, output = nn.RNN(3, 5), nn.Linear(5, 4)
    ours = RNN.from_torch(theirs, output)
    before = [weight.detach().clone() for weight in ours.parameters()]
    with torch.no_grad():
        for weight in [*theirs.parameters(), *output.parameters()]:
            weight.zero_()
    assert all(torch.equal(mine, then) for mine, then in zip(ours.parameters(), before, strict=True))


def test_without_biases_ours_become_zero():
    W_x, W_h, b, b_hn, W_hy, b_y = (torch.ones(shape) for shape in [(6, 3), (6, 2), 6, 2, (4, 2), 4])
    copy_layer(list(nn.GRU(3, 2, bias=False).parameters()), W_x, W_h, b, b_hn)
    copy_output(nn.Linear(2, 4, bias=False), W_hy, b_y)
    assert not b.any()
    assert not b_hn.any()
    assert not b_y.any()
    assert W_x.ne(1).all()
    assert W_hy.ne(1).all()
