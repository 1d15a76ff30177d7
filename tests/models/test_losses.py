"""Step losses against torch's own."""

import pytest
import torch
from torch.nn import functional

from seqviz.models import losses

LENGTHS = torch.tensor([4, 1, 3])


@pytest.fixture
def logits():
    torch.manual_seed(0)
    return torch.randn(3, 4, 5, dtype=torch.float64, requires_grad=True)


def test_cross_entropy_equals_torch_on_the_real_steps(logits):
    y = torch.randint(5, (3, 4))
    ours = losses.step_cross_entropy(logits, y, LENGTHS)
    ignored = torch.where(torch.arange(4) < LENGTHS[:, None], y, -100)
    theirs = functional.cross_entropy(logits.transpose(1, 2), ignored, reduction="none")
    torch.testing.assert_close(ours, theirs, atol=1e-12, rtol=0)


def test_padding_with_infinite_scores_costs_nothing_and_sends_no_gradient(logits):
    broken = logits.detach().clone()
    broken[1, 2] = float("inf")
    assert losses.step_cross_entropy(broken, torch.zeros(3, 4, dtype=torch.long), LENGTHS).isfinite().all()
    losses.step_cross_entropy(logits, torch.zeros(3, 4, dtype=torch.long), LENGTHS).sum().backward()
    assert not logits.grad[1, 1:].any()
    assert logits.grad[1, 0].any()


def test_squared_error_equals_torch(logits):
    y = torch.randn(3, 4, 5, dtype=torch.float64)
    theirs = functional.mse_loss(logits, y, reduction="none").sum(-1) / 2
    torch.testing.assert_close(losses.step_squared_error(logits, y), theirs, atol=1e-12, rtol=0)


@pytest.mark.parametrize(
    ("y", "error", "message"),
    [
        (torch.full((3, 4), 5), ValueError, "indices in 0 … 4, got 5"),
        (torch.zeros(3, 5, dtype=torch.long), ValueError, "time=4"),
        (torch.zeros(3, 4), TypeError, "whole numbers"),
    ],
)
def test_impossible_targets_are_refused(logits, y, error, message):
    # past the annotation that pytest enforces, as in a notebook
    with pytest.raises(error, match=message):
        losses.step_cross_entropy.__wrapped__(logits, y)
