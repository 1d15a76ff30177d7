"""The jump through time: against torch's network where nothing jumps, and against one state that holds d states."""

import pytest
import torch
from torch import nn

from seqviz.models import SkipRNN
from seqviz.models.recurrent.skip_rnn import skip_forward

TOLERANCE = {"rtol": 0, "atol": 1e-10}
BATCH, TIME, INPUTS, HIDDEN = 2, 9, 3, 4


def drawn(nonlinearity="tanh", seed=0):
    torch.manual_seed(seed)
    network = nn.RNN(INPUTS, HIDDEN, batch_first=True, nonlinearity=nonlinearity, dtype=torch.float64)
    x = torch.randn(BATCH, TIME, INPUTS, dtype=torch.float64)
    W_skip = torch.randn(HIDDEN, HIDDEN, dtype=torch.float64) / 2
    W_xh, W_hh, b_ih, b_hh = (parameter.detach().clone() for parameter in network.parameters())
    return network, x, [W_xh, W_hh, W_skip, b_ih + b_hh]


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_without_the_jump_it_is_torchs_network_gradients_too(nonlinearity):
    network, x, (W_xh, W_hh, W_skip, b_h) = drawn(nonlinearity)
    ours = [W_xh.requires_grad_(), W_hh.requires_grad_(), torch.zeros_like(W_skip), b_h.requires_grad_()]
    states, (expected, _) = skip_forward(x, *ours, 3, nonlinearity), network(x)
    torch.testing.assert_close(states, expected, **TOLERANCE)
    upstream = torch.randn_like(states)
    states.backward(upstream)
    expected.backward(upstream)
    theirs = [network.weight_ih_l0, network.weight_hh_l0, network.bias_ih_l0]
    for a, b in zip([W_xh, W_hh, b_h], theirs, strict=True):
        torch.testing.assert_close(a.grad, b.grad, **TOLERANCE)


def as_one_network(x, W_xh, W_hh, W_skip, b_h, jump):
    """The same as a relu network of torch's whose state holds the last d states: shifting a positive state is relu."""
    wide = HIDDEN * jump
    network = nn.RNN(INPUTS, wide, batch_first=True, nonlinearity="relu", dtype=torch.float64)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        network.weight_ih_l0[:HIDDEN] = W_xh
        network.weight_hh_l0[:HIDDEN, :HIDDEN] = W_hh
        network.weight_hh_l0[:HIDDEN, -HIDDEN:] += W_skip
        network.weight_hh_l0[HIDDEN:, :-HIDDEN] = torch.eye(wide - HIDDEN, dtype=torch.float64)
        network.bias_ih_l0[:HIDDEN] = b_h
    return network, network(x)[0][..., :HIDDEN]


@pytest.mark.parametrize("jump", [2, 3, 8, 9, 20])
def test_the_jump_is_a_network_whose_state_holds_the_last_states(jump):
    _, x, weights = drawn("relu", seed=jump)
    W_xh, W_hh, W_skip, b_h = (weight.requires_grad_() for weight in weights)
    states = skip_forward(x, W_xh, W_hh, W_skip, b_h, jump, "relu")
    network, expected = as_one_network(x, W_xh, W_hh, W_skip, b_h, jump)
    torch.testing.assert_close(states, expected, **TOLERANCE)
    upstream = torch.randn_like(states)
    states.backward(upstream)
    expected.backward(upstream)
    torch.testing.assert_close(W_xh.grad, network.weight_ih_l0.grad[:HIDDEN], **TOLERANCE)
    torch.testing.assert_close(W_hh.grad, network.weight_hh_l0.grad[:HIDDEN, :HIDDEN], **TOLERANCE)
    torch.testing.assert_close(W_skip.grad, network.weight_hh_l0.grad[:HIDDEN, -HIDDEN:], **TOLERANCE)
    torch.testing.assert_close(b_h.grad, network.bias_ih_l0.grad[:HIDDEN], **TOLERANCE)


@pytest.mark.parametrize("jump", [2, 4])
def test_tanh_unit_by_unit(jump):
    _, x, (W_xh, W_hh, W_skip, b_h) = drawn(seed=1)
    states = skip_forward(x, W_xh, W_hh, W_skip, b_h, jump)
    for row in range(BATCH):
        past = []
        for t in range(TIME):
            before = past[t - 1] if t >= 1 else torch.zeros(HIDDEN, dtype=torch.float64)
            jumped = past[t - jump] if t >= jump else torch.zeros(HIDDEN, dtype=torch.float64)
            a = [W_xh[u] @ x[row, t] + W_hh[u] @ before + W_skip[u] @ jumped + b_h[u] for u in range(HIDDEN)]
            past.append(torch.stack(a).tanh())
        torch.testing.assert_close(states[row], torch.stack(past), **TOLERANCE)


def test_the_module_is_the_function_with_an_output_layer():
    torch.manual_seed(2)
    model = SkipRNN(INPUTS, HIDDEN, 5, jump=3, dtype=torch.float64)
    assert all(parameter.abs().max() <= HIDDEN**-0.5 for parameter in model.parameters())
    x = torch.randn(BATCH, TIME, INPUTS, dtype=torch.float64)
    logits, states = model(x)
    expected = skip_forward(x, model.W_xh, model.W_hh, model.W_skip, model.b_h, 3)
    torch.testing.assert_close(states, expected, rtol=0, atol=0)
    torch.testing.assert_close(logits, torch.einsum("bth,oh->bto", states, model.W_hy) + model.b_y, **TOLERANCE)


def test_a_jump_of_one_step_and_a_matrix_that_does_not_fit_are_refused():
    _, x, (W_xh, W_hh, W_skip, b_h) = drawn()
    with pytest.raises(ValueError, match="jump: expected at least 2"):
        skip_forward(x, W_xh, W_hh, W_skip, b_h, 1)
    with pytest.raises(TypeError, match="W_skip"):
        skip_forward(x, W_xh, W_hh, W_skip.float(), b_h, 3)
