"""The loss against a loop; a perfect factorisation costs nothing, whatever the pairs that never came up."""

import math

import pytest
import torch

from seqviz.models.embeddings.glove import GloVe, glove_weight


def test_the_weight_rises_to_1():
    found = glove_weight(torch.tensor([0.0, 16.0, 81.0, 256.0, 1000.0]), largest=256.0)
    torch.testing.assert_close(found, torch.tensor([0.0, 8 / 64, 27 / 64, 1.0, 1.0]))


@torch.no_grad()
def test_the_loss_is_that_of_a_loop():
    torch.manual_seed(0)
    model = GloVe(4, 3, dtype=torch.float64)
    with torch.no_grad():
        model.b.normal_()
        model.b_context.normal_()
    X = torch.tensor([[0.0, 2, 0, 7], [2, 1, 30, 0], [0, 30, 0, 4], [7, 0, 4, 0]], dtype=torch.float64)
    total = 0.0
    for w in range(4):
        for c in range(4):
            if X[w, c] > 0:
                error = float(model.E[w] @ model.O[c] + model.b[w] + model.b_context[c]) - math.log(X[w, c])
                total += min(float(X[w, c]) / 10, 1) ** 0.75 * error**2
    assert float(model(X, largest=10.0)) == pytest.approx(total, abs=1e-12)
    torch.testing.assert_close(model.vectors, model.E.detach() + model.O.detach())


def test_what_never_came_up_is_left_out():
    model = GloVe(2, 2, dtype=torch.float64)
    with torch.no_grad():
        model.E.copy_(torch.tensor([[1.0, 0], [0, 1]]))
        model.O.copy_(torch.tensor([[0.0, 1], [1, 0]]))
        model.b.fill_(0.5)
        model.b_context.fill_(-0.5)
    X = torch.tensor([[0.0, math.e], [math.e, 0.0]], dtype=torch.float64)
    loss = model(X)
    assert loss.item() == pytest.approx(0, abs=1e-12)
    loss.backward()
    assert all(bool(torch.isfinite(p.grad).all()) for p in model.parameters() if p.grad is not None)


def test_impossible_counts_are_named():
    with pytest.raises(ValueError, match="counts from 0 up"):
        GloVe(2, 2)(torch.tensor([[0.0, -1], [1, 0]]))
    with pytest.raises(ValueError, match="X"):
        GloVe(2, 2)(torch.zeros(2, 3))
