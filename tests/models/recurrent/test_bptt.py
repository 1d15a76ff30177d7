"""Hand-written gradients against autograd and against finite differences."""

import pytest
import torch

from seqviz.models import losses
from seqviz.models.recurrent import bptt, rnn

TOLERANCE = {"atol": 1e-10, "rtol": 1e-10}


@pytest.fixture(params=["tanh", "relu"])
def model(request):
    torch.manual_seed(1)
    return rnn.RNN(3, 5, 4, request.param, dtype=torch.float64)


@pytest.fixture
def task():
    torch.manual_seed(2)
    x = torch.randn(2, 6, 3, dtype=torch.float64, requires_grad=True)
    h_0 = torch.randn(2, 5, dtype=torch.float64, requires_grad=True)
    return x, h_0, torch.randint(4, (2, 6))


def test_step_by_step_equals_autograd(model, task):
    x, h_0, y = task
    logits, states = model(x, h_0)
    losses.step_cross_entropy(logits, y).sum().backward()
    with torch.no_grad():
        immediate = bptt.immediate_gradients(logits, y, model.W_hy)
        ours = bptt.bptt(x, h_0, states, immediate, model.W_xh, model.W_hh, model.nonlinearity)
    expected = bptt.RecurrenceGradients(x.grad, model.W_xh.grad, model.W_hh.grad, model.b_h.grad, h_0.grad)
    for name, a, b in zip(ours._fields, ours, expected, strict=True):
        torch.testing.assert_close(a, b, **TOLERANCE, msg=lambda text, name=name: f"{name}: {text}")


def test_fast_form_passes_finite_differences():
    torch.manual_seed(3)
    shapes = [(2, 4, 3), (5, 3), (5, 5), (5,), (2, 5)]
    arguments = [torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in shapes]
    assert torch.autograd.gradcheck(bptt.rnn_recurrence, arguments, eps=1e-6, atol=1e-7)


def test_fast_form_leaves_its_inputs_and_the_incoming_gradient_alone(model, task):
    x, h_0, _ = task
    before = [tensor.detach().clone() for tensor in (x, h_0, model.W_hh)]
    states = bptt.rnn_recurrence(x, model.W_xh, model.W_hh, model.b_h, h_0, model.nonlinearity)
    upstream = torch.randn_like(states)
    kept = upstream.clone()
    states.backward(upstream)
    assert torch.equal(upstream, kept)
    for tensor, old in zip((x, h_0, model.W_hh), before, strict=True):
        assert torch.equal(tensor, old)


def test_fast_form_refuses_gradients_of_gradients(model, task):
    x, h_0, _ = task
    states = bptt.rnn_recurrence(x, model.W_xh, model.W_hh, model.b_h, h_0, model.nonlinearity)
    (grad,) = torch.autograd.grad(states.square().sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        grad.sum().backward()


def test_fast_form_checks_its_inputs_and_starts_from_zero(model, task):
    x, *_ = task
    with pytest.raises(ValueError, match="b_h: expected shape"):
        bptt.rnn_recurrence.__wrapped__(x, model.W_xh, model.W_hh, model.b_h[:-1])
    from_zero = bptt.rnn_recurrence(x, model.W_xh, model.W_hh, model.b_h, nonlinearity=model.nonlinearity)
    torch.testing.assert_close(from_zero, model(x)[1], **TOLERANCE)
