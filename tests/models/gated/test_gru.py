"""The reset after the matrix against nn.GRU, the other units against their papers' equations number by number."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqviz.models.gated import gru

TOLERANCE = {"atol": 1e-10, "rtol": 1e-10}
both_forms = pytest.mark.parametrize("forward", [gru.gru_forward, gru.gru_recurrence])
every_variant = pytest.mark.parametrize("variant", gru.BLOCKS)


@st.composite
def networks(draw):
    """A torch network and an input for it, every axis of its own size."""
    batch, time, inputs, hidden = (
        draw(st.permutations([2, 3, 4, 5])) if draw(st.booleans()) else [draw(st.integers(1, 7)) for _ in range(4)]
    )
    torch.manual_seed(draw(st.integers(0, 2**31)))
    network = nn.GRU(inputs, hidden, batch_first=draw(st.booleans()), bias=draw(st.booleans()), dtype=torch.float64)
    x = torch.randn(batch, time, inputs, dtype=torch.float64)
    h_0 = torch.randn(batch, hidden, dtype=torch.float64)
    return network, x, h_0


def weights_of(network):
    """W_x, W_h, b and b_hn as leaves of their own."""
    model = gru.GRU.from_torch(network, nn.Linear(network.hidden_size, 1, dtype=torch.float64))
    return [w.detach().clone().requires_grad_() for w in (model.W_x, model.W_h, model.b, model.b_hn)]


def assert_weight_gradients(ours, network):
    hidden = network.hidden_size
    theirs = [network.weight_ih_l0, network.weight_hh_l0]
    for a, b in zip(ours, theirs, strict=False):
        torch.testing.assert_close(a.grad, b.grad, **TOLERANCE)
    if network.bias:
        torch.testing.assert_close(ours[2].grad, network.bias_ih_l0.grad, **TOLERANCE)
        torch.testing.assert_close(ours[2].grad[: 2 * hidden], network.bias_hh_l0.grad[: 2 * hidden], **TOLERANCE)
        torch.testing.assert_close(ours[3].grad, network.bias_hh_l0.grad[2 * hidden :], **TOLERANCE)


@settings(deadline=None, max_examples=60)
@given(networks(), st.sampled_from([gru.gru_forward, gru.gru_recurrence]), st.booleans())
def test_states_and_every_gradient_equal_torch(case, forward, from_zero):
    network, x, h_0 = case
    h_0 = torch.zeros_like(h_0) if from_zero else h_0
    ours = weights_of(network)
    x_ours, h_ours = x.clone().requires_grad_(), h_0.clone().requires_grad_()
    x_torch, h_torch = x.clone().requires_grad_(), h_0.clone().requires_grad_()

    states = forward(x_ours, *ours, h_0=None if from_zero else h_ours)
    turned = x_torch if network.batch_first else x_torch.transpose(0, 1)
    expected, last = network(turned, h_torch[None])
    expected = expected if network.batch_first else expected.transpose(0, 1)
    torch.testing.assert_close(states, expected, **TOLERANCE)
    torch.testing.assert_close(states[:, -1], last[0], **TOLERANCE)

    upstream = torch.randn_like(expected)
    states.backward(upstream)
    expected.backward(upstream)
    assert_weight_gradients(ours, network)
    torch.testing.assert_close(x_ours.grad, x_torch.grad, **TOLERANCE)
    if not from_zero:
        torch.testing.assert_close(h_ours.grad, h_torch.grad, **TOLERANCE)


@settings(deadline=None, max_examples=40)
@given(networks(), st.sampled_from([gru.gru_forward, gru.gru_recurrence]), st.data())
def test_padding_never_reaches_a_state_or_a_gradient(case, forward, data):
    network, x, h_0 = case
    network.batch_first = True
    lengths = torch.tensor([data.draw(st.integers(1, x.shape[1])) for _ in x])
    ours = weights_of(network)
    x_ours, h_ours = x.clone().requires_grad_(), h_0.clone().requires_grad_()
    x_torch, h_torch = x.clone().requires_grad_(), h_0.clone().requires_grad_()
    states = forward(x_ours, *ours, h_0=h_ours, lengths=lengths)
    packed, last = network(
        pack_padded_sequence(x_torch, lengths, batch_first=True, enforce_sorted=False), h_torch[None]
    )
    torch.testing.assert_close(states[:, -1], last[0], **TOLERANCE)

    expected, _ = pad_packed_sequence(packed, batch_first=True, total_length=x.shape[1])
    real = (torch.arange(x.shape[1]) < lengths[:, None])[..., None]
    torch.testing.assert_close(states * real, expected, **TOLERANCE)
    # the last real state is read again through every padded step
    upstream, upstream_last = torch.randn_like(expected), torch.randn_like(h_0)
    ((states * real * upstream).sum() + (states[:, -1] * upstream_last).sum()).backward()
    ((expected * upstream).sum() + (last[0] * upstream_last).sum()).backward()
    assert_weight_gradients(ours, network)
    torch.testing.assert_close(x_ours.grad, x_torch.grad, **TOLERANCE)
    torch.testing.assert_close(h_ours.grad, h_torch.grad, **TOLERANCE)


def sigmoid(a):
    return 1 / (1 + math.exp(-a))


def number_by_number(variant, x, h, W_x, W_h, b, b_hn):
    """One step of one sequence as its paper writes it, every sum a loop over numbers."""
    hidden, inputs = len(h), len(x)

    def row(block, unit, state):
        r = block * hidden + unit
        return sum(W_h[r][j] * state[j] for j in range(hidden)), b[r] + sum(W_x[r][j] * x[j] for j in range(inputs))

    def gate(block):
        return [sigmoid(sum(row(block, unit, h))) for unit in range(hidden)]

    new = []
    for unit in range(hidden):
        if variant == "simplified":  # Γ_u = 1 − z in the lectures: c = Γ_u c̃ + (1 − Γ_u) c
            gamma_u = 1 - gate(0)[unit]
            tilde = math.tanh(sum(row(1, unit, h)))
            new.append(gamma_u * tilde + (1 - gamma_u) * h[unit])
        elif variant == "reset before":  # Cho et al. 2014, equations 5–8
            r, z = gate(0), gate(1)
            tilde = math.tanh(sum(row(2, unit, [r[j] * h[j] for j in range(hidden)])))
            new.append(z[unit] * h[unit] + (1 - z[unit]) * tilde)
        elif variant == "reset after":  # the page of torch.nn.GRU
            r, z = gate(0), gate(1)
            from_h, from_x = row(2, unit, h)
            n = math.tanh(from_x + r[unit] * (from_h + b_hn[unit]))
            new.append((1 - z[unit]) * n + z[unit] * h[unit])
        else:  # Zhou et al. 2016
            f = gate(0)
            tilde = math.tanh(sum(row(1, unit, [f[j] * h[j] for j in range(hidden)])))
            new.append((1 - f[unit]) * h[unit] + f[unit] * tilde)
    return new


def drawn(variant, seed=0, batch=2, time=4, inputs=3, hidden=5):
    torch.manual_seed(seed)
    blocks = len(gru.BLOCKS[variant]) * hidden
    sizes = [(batch, time, inputs), (blocks, inputs), (blocks, hidden), (blocks,)]
    x, W_x, W_h, b = (torch.randn(size, dtype=torch.float64) for size in sizes)
    b_hn = torch.randn(hidden, dtype=torch.float64) if variant == "reset after" else None
    return x, W_x, W_h, b, b_hn, torch.randn(batch, hidden, dtype=torch.float64)


@every_variant
def test_a_step_is_its_papers_equations(variant):
    x, W_x, W_h, b, b_hn, h = drawn(variant)
    ours = gru.gru_step(x[:, 0], h, W_x, W_h, b, b_hn, variant)
    lists = [None if w is None else w.tolist() for w in (W_x, W_h, b, b_hn)]
    for i in range(2):
        expected = number_by_number(variant, x[i, 0].tolist(), h[i].tolist(), *lists)
        torch.testing.assert_close(ours[i], torch.tensor(expected, dtype=torch.float64), **TOLERANCE)


@every_variant
def test_a_sequence_is_its_steps(variant):
    x, W_x, W_h, b, b_hn, h = drawn(variant, seed=1)
    states = gru.gru_forward(x, W_x, W_h, b, b_hn, h, variant=variant)
    for t in range(x.shape[1]):
        h = gru.gru_step(x[:, t], h, W_x, W_h, b, b_hn, variant)
        torch.testing.assert_close(states[:, t], h, **TOLERANCE)


@every_variant
def test_the_gradients_pass_finite_differences(variant):
    *arguments, b_hn, h_0 = drawn(variant, seed=2)
    leaves = [a.requires_grad_() for a in [*arguments, h_0] + ([] if b_hn is None else [b_hn])]

    def states(x, W_x, W_h, b, h_0, b_hn=None):
        return gru.gru_forward(x, W_x, W_h, b, b_hn, h_0, torch.tensor([4, 2]), variant)

    assert torch.autograd.gradcheck(states, leaves, eps=1e-6, atol=1e-7)


def test_the_fast_form_passes_finite_differences():
    *arguments, b_hn, h_0 = drawn("reset after", seed=3)
    leaves = [a.requires_grad_() for a in [*arguments, b_hn, h_0]]
    assert torch.autograd.gradcheck(
        lambda *leaves: gru.gru_recurrence(*leaves, torch.tensor([2, 4])), leaves, eps=1e-6, atol=1e-7
    )


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_simplified_model_runs_in_the_fast_form_and_is_the_same(dtype):
    torch.manual_seed(8)
    model = gru.GRU(3, 5, 2, "simplified", dtype=dtype)
    x, h_0, lengths = torch.randn(2, 6, 3, dtype=dtype), torch.randn(2, 5, dtype=dtype), torch.tensor([6, 4])
    weights = [model.W_x, model.W_h, model.b]
    ours = model(x, h_0, lengths)[1]
    plain = gru.gru_forward(x, *weights, h_0=h_0, lengths=lengths, variant="simplified")
    near = TOLERANCE if dtype == torch.float64 else {"atol": 1e-5, "rtol": 1e-5}
    torch.testing.assert_close(ours, plain, **near)
    upstream = torch.randn_like(ours)
    for fast, slow in zip(
        torch.autograd.grad(ours, weights, upstream), torch.autograd.grad(plain, weights, upstream), strict=True
    ):
        torch.testing.assert_close(fast, slow, **near)


def test_the_fast_form_leaves_its_inputs_and_the_incoming_gradient_alone():
    arguments = [a.requires_grad_() for a in drawn("reset after", seed=4)]
    before = [a.detach().clone() for a in arguments]
    states = gru.gru_recurrence(*arguments)
    upstream = torch.randn_like(states)
    kept = upstream.clone()
    states.backward(upstream, retain_graph=True)
    assert torch.equal(upstream, kept)
    assert all(torch.equal(a, old) for a, old in zip(arguments, before, strict=True))
    first = [a.grad.clone() for a in arguments]
    states.backward(upstream)  # and what was kept for the backward pass is still what it was
    assert all(torch.equal(a.grad, 2 * once) for a, once in zip(arguments, first, strict=True))


def test_the_fast_form_refuses_gradients_of_gradients():
    arguments = [a.requires_grad_() for a in drawn("reset after")]
    (grad,) = torch.autograd.grad(gru.gru_recurrence(*arguments).square().sum(), arguments[0], create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        grad.sum().backward()


@every_variant
def test_the_other_sign_of_the_update_is_the_other_sign_of_its_rows(variant):
    """σ(−a) = 1 − σ(a): with the rows of its gate negated, a unit keeps where it wrote."""
    x, W_x, W_h, b, b_hn, h = drawn(variant)
    hidden = h.shape[1]
    rows = slice(hidden * gru.BLOCKS[variant].index("f" if variant == "minimal" else "z"), None)
    rows = slice(rows.start, rows.start + hidden)
    turned = [w.clone() for w in (W_x, W_h, b)]
    for w in turned:
        w[rows] *= -1
    gates = gru.gru_gates(x[:, 0] @ W_x.T + b, h, W_h, b_hn, variant)
    other = gru.gru_gates(x[:, 0] @ turned[0].T + turned[2], h, turned[1], b_hn, variant)
    torch.testing.assert_close(other.update, 1 - gates.update, **TOLERANCE)


def test_before_and_after_agree_where_the_reset_is_one_and_differ_elsewhere():
    x, W_x, W_h, b, _, h_0 = drawn("reset after", seed=5)
    before = gru.gru_forward(x, W_x, W_h, b, None, h_0, variant="reset before")
    after = gru.gru_forward(x, W_x, W_h, b, None, h_0, variant="reset after")
    assert (before - after).abs().max() > 0.1
    open_reset = b.clone()
    open_reset[:5] = 100.0
    before = gru.gru_forward(x, W_x, W_h, open_reset, None, h_0, variant="reset before")
    after = gru.gru_forward(x, W_x, W_h, open_reset, None, h_0, variant="reset after")
    torch.testing.assert_close(before, after, **TOLERANCE)


@pytest.mark.parametrize("bias", [True, False])
def test_the_module_copies_torch_and_reads_the_state_for_its_output(bias):
    torch.manual_seed(0)
    recurrent = nn.GRU(3, 5, batch_first=True, bias=bias, dtype=torch.float64)
    output = nn.Linear(5, 4, bias=bias, dtype=torch.float64)
    x = torch.randn(2, 6, 3, dtype=torch.float64)
    logits, states = gru.GRU.from_torch(recurrent, output)(x)
    torch.testing.assert_close(states, recurrent(x)[0], **TOLERANCE)
    torch.testing.assert_close(logits, output(recurrent(x)[0]), **TOLERANCE)


@every_variant
def test_the_module_is_its_variant(variant):
    torch.manual_seed(1)
    model = gru.GRU(3, 5, 4, variant, dtype=torch.float64)
    x, h_0 = torch.randn(2, 6, 3, dtype=torch.float64), torch.randn(2, 5, dtype=torch.float64)
    lengths = torch.tensor([6, 3])
    logits, states = model(x, h_0, lengths)
    expected = gru.gru_forward(x, model.W_x, model.W_h, model.b, model.b_hn, h_0, lengths, variant)
    torch.testing.assert_close(states, expected, **TOLERANCE)
    torch.testing.assert_close(logits, expected @ model.W_hy.T + model.b_y, **TOLERANCE)
    assert (model.b_hn is None) == (variant != "reset after")
    assert all(parameter.abs().max() <= 5**-0.5 for parameter in model.parameters())


@every_variant
def test_an_update_bias_is_where_every_update_gate_starts(variant):
    torch.manual_seed(2)
    model = gru.GRU(3, 5, 4, variant, update_bias=1.5, dtype=torch.float64)
    nothing, h = torch.zeros(2, 3, dtype=torch.float64), torch.zeros(2, 5, dtype=torch.float64)
    gates = gru.gru_gates(nothing @ model.W_x.T + model.b, h, model.W_h, model.b_hn, variant)
    torch.testing.assert_close(gates.update, torch.full_like(h, sigmoid(1.5)), **TOLERANCE)
    torch.manual_seed(2)
    assert (model.b != gru.GRU(3, 5, 4, variant, dtype=torch.float64).b).sum() == 5, "no other bias has moved"


def test_from_torch_refuses_what_it_cannot_hold():
    with pytest.raises(ValueError, match="num_layers=2, bidirectional=True"):
        gru.GRU.from_torch(nn.GRU(3, 5, num_layers=2, bidirectional=True), nn.Linear(5, 4))


GOOD = {"x": (2, 3, 4), "W_x": (15, 4), "W_h": (15, 5), "b": (15,)}


@both_forms
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x": (2, 3, 7)}, r"x: expected shape \(batch, time, input=4\), got \(2, 3, 7\)"),
        ({"W_h": (10, 5)}, r"W_h: expected shape \(rows of r, z, n=15, hidden=5\), got \(10, 5\)"),
        ({"W_x": (10, 4)}, r"W_x: expected shape \(rows of r, z, n=15, input\), got \(10, 4\)"),
        ({"b": (5,)}, r"b: expected shape \(rows of r, z, n=15\), got \(5,\)"),
        ({"b_hn": (15,)}, r"b_hn: expected shape \(hidden=5\), got \(15,\)"),
        ({"x": (2, 0, 4)}, "at least one step"),
        ({"h_0": (1, 5)}, r"h_0: expected shape \(batch=2, hidden=5\), got \(1, 5\)"),
    ],
)
def test_wrong_shapes_say_what_was_expected_and_what_came(forward, changes, message):
    arguments = {name: torch.zeros(size) for name, size in (GOOD | changes).items()}
    with pytest.raises(ValueError, match=message):
        forward.__wrapped__(**arguments)


def test_what_no_unit_has_is_refused():
    x, W_x, W_h, b, b_hn, _ = drawn("reset after")
    with pytest.raises(ValueError, match=r"variant: expected one of 'simplified', .* got 'peephole'"):
        gru.check_inputs.__wrapped__(x, W_x, W_h, b, variant="peephole")
    with pytest.raises(ValueError, match="b_hn: expected None"):
        gru.gru_forward(x, W_x, W_h, b, b_hn, variant="reset before")
    with pytest.raises(TypeError, match=r"one floating dtype .* x torch.float32"):
        gru.gru_forward(x.float(), W_x, W_h, b)
    with pytest.raises(ValueError, match="every length in 1 … 4"):
        gru.gru_recurrence(x, W_x, W_h, b, lengths=torch.tensor([0, 5]))
    with pytest.raises(ValueError, match="hidden: expected at least 1, got 0"):
        gru.GRU(3, 0, 2)
    with pytest.raises(ValueError, match="variant"):
        gru.GRU.__init__.__wrapped__(gru.GRU.__new__(gru.GRU), 3, 4, 2, "peephole")
