"""The recurrence against nn.RNN on copied weights, float64, 1e-10."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqviz.models.recurrent import bptt, rnn

TOLERANCE = {"atol": 1e-10, "rtol": 1e-10}


@st.composite
def networks(draw):
    """A torch network and an input for it, every axis of its own size."""
    batch, time, inputs, hidden = (
        draw(st.permutations([2, 3, 4, 5])) if draw(st.booleans()) else [draw(st.integers(1, 7)) for _ in range(4)]
    )
    torch.manual_seed(draw(st.integers(0, 2**31)))
    network = nn.RNN(
        inputs, hidden, batch_first=True, nonlinearity=draw(st.sampled_from(["tanh", "relu"])), dtype=torch.float64
    )
    x = torch.randn(batch, time, inputs, dtype=torch.float64)
    h_0 = torch.randn(batch, hidden, dtype=torch.float64)
    return network, x, h_0


def weights_of(network):
    biases = network.bias_ih_l0 + network.bias_hh_l0
    return [w.detach().clone().requires_grad_() for w in (network.weight_ih_l0, network.weight_hh_l0, biases)]


@settings(deadline=None, max_examples=40)
@given(networks(), st.sampled_from([rnn.rnn_forward, bptt.rnn_recurrence]))
def test_states_and_every_gradient_equal_torch(case, forward):
    network, x, h_0 = case
    ours = weights_of(network)
    x_ours, h_ours = x.clone().requires_grad_(), h_0.clone().requires_grad_()
    x_torch, h_torch = x.clone().requires_grad_(), h_0.clone().requires_grad_()

    states = forward(x_ours, *ours, h_0=h_ours, nonlinearity=network.nonlinearity)
    expected, _ = network(x_torch, h_torch[None])
    torch.testing.assert_close(states, expected, **TOLERANCE)

    upstream = torch.randn_like(expected)
    states.backward(upstream)
    expected.backward(upstream)
    theirs = [network.weight_ih_l0, network.weight_hh_l0, network.bias_ih_l0, x_torch, h_torch]
    for a, b in zip([*ours, x_ours, h_ours], theirs, strict=True):
        torch.testing.assert_close(a.grad, b.grad, **TOLERANCE)


@settings(deadline=None, max_examples=20)
@given(networks(), st.data())
def test_padding_never_reaches_a_state_or_a_gradient(case, data):
    network, x, _ = case
    lengths = torch.tensor([data.draw(st.integers(1, x.shape[1])) for _ in x])
    ours = weights_of(network)
    states = rnn.rnn_forward(x, *ours, lengths=lengths, nonlinearity=network.nonlinearity)
    packed, last = network(pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False))
    torch.testing.assert_close(states[:, -1], last[0], **TOLERANCE)

    expected, _ = pad_packed_sequence(packed, batch_first=True, total_length=x.shape[1])
    real = (torch.arange(x.shape[1]) < lengths[:, None])[..., None]
    torch.testing.assert_close(states * real, expected, **TOLERANCE)
    (states * real).square().sum().backward()
    expected.square().sum().backward()
    torch.testing.assert_close(ours[1].grad, network.weight_hh_l0.grad, **TOLERANCE)


@given(networks())
@settings(deadline=None, max_examples=10)
def test_a_sequence_is_its_steps(case):
    network, x, h = case
    W = weights_of(network)
    states = rnn.rnn_forward(x, *W, h_0=h, nonlinearity=network.nonlinearity)
    for t in range(x.shape[1]):
        h = rnn.rnn_step(x[:, t], h, *W, nonlinearity=network.nonlinearity)
        torch.testing.assert_close(states[:, t], h, **TOLERANCE)


@pytest.mark.parametrize("bias", [True, False])
def test_module_copies_torch_and_reads_the_state_for_its_output(bias):
    torch.manual_seed(0)
    recurrent = nn.RNN(3, 5, batch_first=True, bias=bias, nonlinearity="relu", dtype=torch.float64)
    output = nn.Linear(5, 4, bias=bias, dtype=torch.float64)
    x = torch.randn(2, 6, 3, dtype=torch.float64)
    logits, states = rnn.RNN.from_torch(recurrent, output)(x)
    torch.testing.assert_close(states, recurrent(x)[0], **TOLERANCE)
    torch.testing.assert_close(logits, output(recurrent(x)[0]), **TOLERANCE)


def test_from_torch_refuses_what_it_cannot_hold():
    with pytest.raises(ValueError, match="num_layers=2"):
        rnn.RNN.from_torch(nn.RNN(3, 5, num_layers=2), nn.Linear(5, 4))


def test_slope_is_the_derivative():
    a = torch.linspace(-2, 2, 9, dtype=torch.float64, requires_grad=True)
    for nonlinearity in ("tanh", "relu"):
        h = rnn.activate(a, nonlinearity)
        (slope,) = torch.autograd.grad(h.sum(), a)
        torch.testing.assert_close(rnn.activation_slope(h, nonlinearity), slope, **TOLERANCE)


GOOD = {"x": (2, 3, 4), "W_xh": (5, 4), "W_hh": (5, 5), "b_h": (5,)}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x": (2, 3, 7)}, r"x: expected shape \(batch, time, input=4\), got \(2, 3, 7\)"),
        ({"W_hh": (5, 4)}, r"W_hh: expected shape \(hidden=5, hidden again=5\), got \(5, 4\)"),
        ({"b_h": (4,)}, r"b_h: expected shape \(hidden=5\), got \(4,\)"),
        ({"x": (2, 0, 4)}, "at least one step"),
        ({"x": (3, 4)}, r"x: expected shape \(batch, time, input=4\), got \(3, 4\)"),
        ({"h_0": (1, 5)}, r"h_0: expected shape \(batch=2, hidden=5\), got \(1, 5\)"),
    ],
)
def test_wrong_shapes_say_what_was_expected_and_what_came(changes, message):
    arguments = {name: torch.zeros(size) for name, size in (GOOD | changes).items()}
    with pytest.raises(ValueError, match=message):
        rnn.check_inputs(**arguments)


@pytest.mark.parametrize(
    ("lengths", "error", "message"),
    [
        (torch.tensor([0, 2]), ValueError, "every length in 1 … 3"),
        (torch.tensor([1, 4]), ValueError, "every length in 1 … 3"),
        (torch.tensor([1.0, 2.0]), TypeError, "whole numbers"),
        (torch.tensor([1, 2, 3]), ValueError, "batch=2"),
    ],
)
def test_wrong_lengths_say_so(lengths, error, message):
    arguments = {name: torch.zeros(size) for name, size in GOOD.items()}
    with pytest.raises(error, match=message):
        rnn.check_inputs(**arguments, lengths=lengths)


def test_mixed_dtypes_and_unknown_nonlinearities_are_refused():
    arguments = {name: torch.zeros(size) for name, size in GOOD.items()}
    with pytest.raises(TypeError, match=r"W_hh torch\.float64"):
        rnn.check_inputs(**arguments | {"W_hh": torch.zeros(5, 5, dtype=torch.float64)})
    with pytest.raises(ValueError, match="inputs: expected at least 1, got 0"):
        rnn.RNN(0, 3, 2)
