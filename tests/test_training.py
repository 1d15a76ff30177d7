"""The loop against plain torch, and its refusal to go on from a loss that is not a number."""

import pytest
import torch
from torch import nn

from seqviz.training import train


def linear():
    torch.manual_seed(0)
    return nn.Linear(3, 1, dtype=torch.float64)


def squared_output(model):
    x = torch.ones(4, 3, dtype=torch.float64)
    return lambda _step: (model(x) - 7).square().mean()


def test_updates_equal_a_plain_loop_with_adam_and_clipping():
    ours, plain = linear(), linear()
    history = train(ours, squared_output(ours), steps=5, learning_rate=0.1, clip_norm=1.0)
    optimizer = torch.optim.Adam(plain.parameters(), 0.1)
    losses, norms = [], []
    for _ in range(5):
        optimizer.zero_grad()
        loss = squared_output(plain)(0)
        loss.backward()
        gradient = torch.cat([p.grad.flatten() for p in plain.parameters()])
        losses.append(loss.item())
        norms.append(gradient.norm().item())
        for parameter in plain.parameters():
            parameter.grad *= min(1.0, 1.0 / (gradient.norm().item() + 1e-6))
        optimizer.step()
    assert history.losses == pytest.approx(losses, abs=1e-12)
    assert history.gradient_norms == pytest.approx(norms, abs=1e-12)
    torch.testing.assert_close(ours.weight, plain.weight, atol=1e-12, rtol=0)


def test_a_loss_that_is_not_finite_stops_before_it_spoils_the_weights():
    model = linear()
    before = model.weight.detach().clone()
    with pytest.raises(FloatingPointError, match="step 0: expected a finite loss, got nan"):
        train(model, lambda _step: model.weight.sum() * float("nan"), steps=3)
    assert torch.equal(model.weight, before)


@pytest.mark.parametrize("optimizer", [torch.optim.SGD, torch.optim.AdamW])
def test_a_schedule_multiplies_the_learning_rate_of_any_optimizer(optimizer):
    def schedule(step):
        return 1 / (1 + step)

    ours, plain = linear(), linear()
    train(ours, squared_output(ours), steps=4, learning_rate=0.05, schedule=schedule, optimizer=optimizer)
    descent = optimizer(plain.parameters(), lr=0.05)
    for step in range(4):
        for group in descent.param_groups:
            group["lr"] = 0.05 * schedule(step)
        descent.zero_grad()
        squared_output(plain)(step).backward()
        descent.step()
    torch.testing.assert_close(ours.weight, plain.weight, atol=1e-12, rtol=0)
    torch.testing.assert_close(ours.bias, plain.bias, atol=1e-12, rtol=0)
