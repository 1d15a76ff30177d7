"""The full cell against nn.LSTM, its smaller relatives against the equations number by number."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqviz.models.gated import lstm
from seqviz.models.gated.lstm_by_hand import CHUNK

TOLERANCE = {"atol": 1e-10, "rtol": 1e-10}
FORMS = [lstm.lstm_forward, lstm.lstm_recurrence]
both_forms = pytest.mark.parametrize("forward", FORMS)
every_member = pytest.mark.parametrize("gates", lstm.MEMBERS)


@st.composite
def networks(draw):
    """A torch network and an input for it, every axis of its own size."""
    batch, time, inputs, hidden = (
        draw(st.permutations([2, 3, 4, 5])) if draw(st.booleans()) else [draw(st.integers(1, 7)) for _ in range(4)]
    )
    torch.manual_seed(draw(st.integers(0, 2**31)))
    network = nn.LSTM(inputs, hidden, batch_first=draw(st.booleans()), bias=draw(st.booleans()), dtype=torch.float64)
    x = torch.randn(batch, time, inputs, dtype=torch.float64)
    h_0, c_0 = torch.randn(2, batch, hidden, dtype=torch.float64)
    return network, x, h_0, c_0


def weights_of(network):
    """W_x, W_h and b as leaves of their own."""
    model = lstm.LSTM.from_torch(network, nn.Linear(network.hidden_size, 1, dtype=torch.float64))
    return [w.detach().clone().requires_grad_() for w in (model.W_x, model.W_h, model.b)]


def leaves(*tensors):
    return [tensor.clone().requires_grad_() for tensor in tensors]


def assert_weight_gradients(ours, network):
    theirs = [network.weight_ih_l0, network.weight_hh_l0] + ([network.bias_ih_l0] if network.bias else [])
    for a, b in zip(ours, theirs, strict=False):
        torch.testing.assert_close(a.grad, b.grad, **TOLERANCE)


@settings(deadline=None, max_examples=60)
@given(networks(), st.sampled_from(FORMS), st.booleans())
def test_states_cells_and_every_gradient_equal_torch(case, forward, from_zero):
    network, x, h_0, c_0 = case
    if from_zero:
        h_0, c_0 = torch.zeros_like(h_0), torch.zeros_like(c_0)
    ours = weights_of(network)
    x_ours, h_ours, c_ours = leaves(x, h_0, c_0)
    x_torch, h_torch, c_torch = leaves(x, h_0, c_0)
    states, cells = forward(x_ours, *ours, *((None, None) if from_zero else (h_ours, c_ours)))
    turned = x_torch if network.batch_first else x_torch.transpose(0, 1)
    expected, (last_h, last_c) = network(turned, (h_torch[None], c_torch[None]))
    expected = expected if network.batch_first else expected.transpose(0, 1)
    torch.testing.assert_close(states, expected, **TOLERANCE)
    torch.testing.assert_close(states[:, -1], last_h[0], **TOLERANCE)
    torch.testing.assert_close(cells[:, -1], last_c[0], **TOLERANCE)

    # a loss that reads every state and the last cell
    upstream, upstream_c = torch.randn_like(expected), torch.randn_like(c_0)
    ((states * upstream).sum() + (cells[:, -1] * upstream_c).sum()).backward()
    ((expected * upstream).sum() + (last_c[0] * upstream_c).sum()).backward()
    assert_weight_gradients(ours, network)
    torch.testing.assert_close(x_ours.grad, x_torch.grad, **TOLERANCE)
    if not from_zero:
        torch.testing.assert_close(h_ours.grad, h_torch.grad, **TOLERANCE)
        torch.testing.assert_close(c_ours.grad, c_torch.grad, **TOLERANCE)


@settings(deadline=None, max_examples=40)
@given(networks(), st.sampled_from(FORMS), st.data())
def test_padding_never_reaches_a_state_or_a_gradient(case, forward, data):
    network, x, h_0, c_0 = case
    network.batch_first = True
    lengths = torch.tensor([data.draw(st.integers(1, x.shape[1])) for _ in x])
    ours = weights_of(network)
    x_ours, h_ours, c_ours = leaves(x, h_0, c_0)
    x_torch, h_torch, c_torch = leaves(x, h_0, c_0)
    states, cells = forward(x_ours, *ours, h_ours, c_ours, lengths)
    packed, (last_h, last_c) = network(
        pack_padded_sequence(x_torch, lengths, batch_first=True, enforce_sorted=False), (h_torch[None], c_torch[None])
    )
    torch.testing.assert_close(states[:, -1], last_h[0], **TOLERANCE)
    torch.testing.assert_close(cells[:, -1], last_c[0], **TOLERANCE)

    expected, _ = pad_packed_sequence(packed, batch_first=True, total_length=x.shape[1])
    real = (torch.arange(x.shape[1]) < lengths[:, None])[..., None]
    torch.testing.assert_close(states * real, expected, **TOLERANCE)
    # the last real state and cell are read again through every padded step
    upstream, upstream_h, upstream_c = torch.randn_like(expected), torch.randn_like(h_0), torch.randn_like(c_0)
    at_the_end = (states[:, -1] * upstream_h).sum() + (cells[:, -1] * upstream_c).sum()
    ((states * real * upstream).sum() + at_the_end).backward()
    ((expected * upstream).sum() + (last_h[0] * upstream_h).sum() + (last_c[0] * upstream_c).sum()).backward()
    assert_weight_gradients(ours, network)
    torch.testing.assert_close(x_ours.grad, x_torch.grad, **TOLERANCE)
    torch.testing.assert_close(h_ours.grad, h_torch.grad, **TOLERANCE)
    torch.testing.assert_close(c_ours.grad, c_torch.grad, **TOLERANCE)


def test_padding_may_hold_anything():
    W_x, W_h, b = drawn(3, 4, "ifgo")
    x = torch.randn(2, 5, 3, dtype=torch.float64)
    lengths = torch.tensor([2, 5])
    clean, _ = lstm.lstm_recurrence(x, W_x, W_h, b, lengths=lengths)
    x[0, 2:] = math.nan
    states, _ = lstm.lstm_recurrence(x, W_x, W_h, b, lengths=lengths)
    states.sum().backward()
    torch.testing.assert_close(states, clean, **TOLERANCE)
    assert all(weight.grad.isfinite().all() for weight in (W_x, W_h, b))


def drawn(inputs, hidden, gates, seed=1):
    torch.manual_seed(seed)
    rows = len(gates) * hidden
    return [
        torch.randn(shape, dtype=torch.float64, requires_grad=True)
        for shape in [(rows, inputs), (rows, hidden), (rows,)]
    ]


def sigmoid(a):
    return 1 / (1 + math.exp(-a))


def number_by_number(x, h, c, W_x, W_h, b, gates):
    """One step of one sequence, every sum a loop over numbers."""
    hidden = len(h)
    new_h, new_c = [], []
    for unit in range(hidden):
        value = {"f": 1.0, "o": 1.0}
        for block, name in enumerate(gates):
            row = block * hidden + unit
            a = b[row]
            for j, x_j in enumerate(x):
                a += W_x[row][j] * x_j
            for j, h_j in enumerate(h):
                a += W_h[row][j] * h_j
            value[name] = math.tanh(a) if name == "g" else sigmoid(a)
        new_c.append(value["f"] * c[unit] + value["i"] * value["g"])
        new_h.append(value["o"] * math.tanh(new_c[-1]))
    return new_h, new_c


@both_forms
@every_member
def test_every_member_follows_its_equation_number_by_number(forward, gates):
    W_x, W_h, b = drawn(3, 4, gates)
    x = torch.randn(2, 5, 3, dtype=torch.float64)
    h_0, c_0 = torch.randn(2, 2, 4, dtype=torch.float64)
    states, cells = forward(x, W_x, W_h, b, h_0, c_0, gates=gates)
    for row in range(2):
        h, c = h_0[row].tolist(), c_0[row].tolist()
        for t in range(5):
            h, c = number_by_number(x[row, t].tolist(), h, c, W_x.tolist(), W_h.tolist(), b.tolist(), gates)
            torch.testing.assert_close(states[row, t], torch.tensor(h, dtype=torch.float64), **TOLERANCE)
            torch.testing.assert_close(cells[row, t], torch.tensor(c, dtype=torch.float64), **TOLERANCE)


@every_member
def test_fast_form_passes_finite_differences(gates):
    weights = drawn(3, 5, gates)
    x = torch.randn(2, 4, 3, dtype=torch.float64, requires_grad=True)
    starts = [torch.randn(2, 5, dtype=torch.float64, requires_grad=True) for _ in range(2)]
    for lengths in (None, torch.tensor([2, 4])):
        assert torch.autograd.gradcheck(
            lambda *given, lengths=lengths: lstm.lstm_recurrence(*given, lengths, gates),
            [x, *weights, *starts],
            eps=1e-6,
            atol=1e-7,
        )


@every_member
def test_a_loss_may_read_the_cells_alone_or_the_states_alone(gates):
    weights = drawn(3, 4, gates)
    x = torch.randn(2, 5, 3, dtype=torch.float64)
    for which in (0, 1):
        upstream = torch.randn(2, 5, 4, dtype=torch.float64)
        grads = [
            torch.autograd.grad((forward(x, *weights, gates=gates)[which] * upstream).sum(), weights)
            for forward in FORMS
        ]
        for ours, theirs in zip(*grads, strict=True):
            torch.testing.assert_close(ours, theirs, **TOLERANCE)


def test_fast_form_leaves_its_inputs_and_the_incoming_gradient_alone():
    weights = drawn(3, 4, "ifgo")
    x = torch.randn(2, 5, 3, dtype=torch.float64, requires_grad=True)
    before = [tensor.detach().clone() for tensor in (x, *weights)]
    states, _ = lstm.lstm_recurrence(x, *weights)
    upstream = torch.randn_like(states)
    kept = upstream.clone()
    states.backward(upstream, retain_graph=True)
    first = weights[1].grad.clone()
    states.backward(upstream)
    torch.testing.assert_close(weights[1].grad, 2 * first, **TOLERANCE)
    assert torch.equal(upstream, kept)
    for tensor, old in zip((x, *weights), before, strict=True):
        assert torch.equal(tensor, old)


def test_what_leaves_the_fast_form_may_be_written_to():
    """Inside it makes tensors that nobody outside could write to."""
    torch.manual_seed(4)
    given = leaves(*(torch.randn(shape) for shape in [(2, 5, 3), (16, 3), (16, 4), (16,), (2, 4), (2, 4)]))
    states, cells = lstm.lstm_recurrence(*given)
    (states.sum() + cells.sum()).backward()
    assert not any(tensor.is_inference() for tensor in (states, cells, *(leaf.grad for leaf in given)))


def test_fast_form_works_in_inference_mode():
    torch.manual_seed(4)
    given = [torch.randn(shape) for shape in [(2, 5, 3), (16, 3), (16, 4), (16,)]]
    expected = lstm.lstm_forward(*given)
    with torch.inference_mode():
        torch.testing.assert_close(lstm.lstm_recurrence(*given), expected)


def test_fast_form_refuses_gradients_of_gradients():
    weights = drawn(3, 4, "ifgo")
    states, _ = lstm.lstm_recurrence(torch.randn(2, 5, 3, dtype=torch.float64), *weights)
    (grad,) = torch.autograd.grad(states.square().sum(), weights[1], create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        grad.sum().backward()


def test_float32_agrees_with_torch_as_far_as_it_goes():
    torch.manual_seed(4)
    network = nn.LSTM(6, 9, batch_first=True)
    model = lstm.LSTM.from_torch(network, nn.Linear(9, 2))
    x = torch.randn(3, 20, 6)
    states, _ = model.run(x)
    torch.testing.assert_close(states, network(x)[0], atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-10), (torch.float32, 1e-4)])
def test_gradients_cross_the_chunks_of_the_backward_pass(dtype, tolerance):
    torch.manual_seed(5)
    network = nn.LSTM(6, 9, batch_first=True, dtype=dtype)
    x_ours, x_torch = leaves(*[torch.randn(3, 2 * CHUNK + 3, 6, dtype=dtype)] * 2)
    ours = weights_of(network)
    (states, _), (expected, _) = lstm.lstm_recurrence(x_ours, *ours), network(x_torch)
    upstream = torch.randn_like(expected)
    (states * upstream).sum().backward()
    (expected * upstream).sum().backward()
    theirs = [x_torch, network.weight_ih_l0, network.weight_hh_l0, network.bias_ih_l0]
    for a, b in zip([x_ours, *ours], theirs, strict=True):
        torch.testing.assert_close(a.grad, b.grad, atol=tolerance, rtol=tolerance)


def test_step_by_step_is_the_whole_sequence():
    W_x, W_h, b = drawn(3, 4, "ifgo")
    x = torch.randn(2, 5, 3, dtype=torch.float64)
    h = c = torch.zeros(2, 4, dtype=torch.float64)
    states, cells = lstm.lstm_recurrence(x, W_x, W_h, b)
    for t in range(5):
        h, c = lstm.lstm_step(x[:, t], h, c, W_x, W_h, b)
        torch.testing.assert_close(h, states[:, t], **TOLERANCE)
        torch.testing.assert_close(c, cells[:, t], **TOLERANCE)


def test_without_a_forget_gate_a_cell_keeps_all_it_ever_got():
    weights = drawn(3, 4, "ig")
    x = torch.randn(1, 6, 3, dtype=torch.float64)
    c_0 = torch.randn(1, 4, dtype=torch.float64, requires_grad=True)
    zero_h = [w * 0 for w in weights[1:]]  # gates that do not read the state leave the direct path alone
    _, cells = lstm.lstm_recurrence(x, weights[0], *zero_h, None, c_0, gates="ig")
    (grad,) = torch.autograd.grad(cells[0, -1].sum(), c_0)
    torch.testing.assert_close(grad, torch.ones_like(c_0), **TOLERANCE)


@both_forms
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"gates": "igo"}, ValueError, "W_h: expected shape"),
        ({"b": torch.zeros(15).double()}, ValueError, "b: expected shape"),
        ({"x": torch.zeros(2, 0, 3).double()}, ValueError, "at least one step"),
        ({"c_0": torch.zeros(3, 4).double()}, ValueError, "c_0: expected shape"),
        ({"h_0": torch.zeros(2, 4)}, TypeError, "one floating dtype"),
        ({"lengths": torch.tensor([0, 5])}, ValueError, "every length in 1 … 5"),
    ],
)
def test_what_does_not_fit_is_said(forward, change, error, message):
    W_x, W_h, b = drawn(3, 4, "ifgo")
    arguments = {"x": torch.zeros(2, 5, 3, dtype=torch.float64), "W_x": W_x, "W_h": W_h, "b": b} | change
    with pytest.raises(error, match=message):
        forward.__wrapped__(**arguments)


def test_the_module_says_what_it_cannot_be():
    with pytest.raises(ValueError, match="hidden: expected at least 1, got 0"):
        lstm.LSTM(2, 0, 1)
    with pytest.raises(ValueError, match="forget_bias: expected None for 'ig', which has no forget gate, got 1"):
        lstm.LSTM(2, 3, 1, "ig", forget_bias=1.0)
    for refuses in (
        lambda: lstm.check_inputs.__wrapped__(torch.zeros(2, 5, 3), *drawn(3, 4, "ifgo"), gates="fgo"),
        lambda: lstm.LSTM.__init__.__wrapped__(object.__new__(lstm.LSTM), 2, 3, 1, "fgo"),
    ):
        with pytest.raises(ValueError, match="gates: expected one of 'ig', 'igo', 'ifg', 'ifgo', got 'fgo'"):
            refuses()
    with pytest.raises(ValueError, match="num_layers=2, bidirectional=False, proj_size=0"):
        lstm.LSTM.from_torch(nn.LSTM(2, 3, num_layers=2), nn.Linear(3, 1))


def test_the_module_starts_from_the_forget_bias_asked_for_and_answers_with_logits():
    model = lstm.LSTM(3, 4, 2, forget_bias=1.0, dtype=torch.float64)
    assert torch.equal(model.b[4:8], torch.ones(4, dtype=torch.float64))
    assert model.b[:4].abs().max() <= 0.5
    assert model.b[8:].abs().max() <= 0.5
    x = torch.randn(2, 5, 3, dtype=torch.float64)
    logits, states = model(x)
    torch.testing.assert_close(logits, states @ model.W_hy.T + model.b_y, **TOLERANCE)
