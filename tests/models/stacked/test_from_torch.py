"""Stacks and directions of every cell against nn.RNN, nn.LSTM and nn.GRU on copied weights, float64, 1e-10.

These are the oracles of `stacked`, `bidirectional` and `recurrent_layers` as well.
"""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqviz.models import stacked_from_torch
from seqviz.models.stacked.bidirectional import Bidirectional
from seqviz.models.stacked.recurrent_layers import GRULayer

TOLERANCE = {"atol": 1e-10, "rtol": 1e-10}
KINDS = [nn.RNN, nn.LSTM, nn.GRU]


@st.composite
def networks(draw, kinds=KINDS):
    """A torch network of any depth and direction, an input and initial states, every axis of its own size."""
    batch, time, inputs, hidden = draw(st.permutations([2, 3, 4, 5]))
    kind = draw(st.sampled_from(kinds))
    layers, both, bias = draw(st.integers(1, 3)), draw(st.booleans()), draw(st.booleans())
    torch.manual_seed(draw(st.integers(0, 2**31)))
    more = {"nonlinearity": draw(st.sampled_from(["tanh", "relu"]))} if kind is nn.RNN else {}
    network = kind(
        inputs,
        hidden,
        layers,
        bias=bias,
        batch_first=draw(st.booleans()),
        bidirectional=both,
        dtype=torch.float64,
        **more,
    )
    x = torch.randn(batch, time, inputs, dtype=torch.float64)
    parts = 2 if kind is nn.LSTM else 1
    initial = [torch.randn(layers * (1 + both), batch, hidden, dtype=torch.float64) for _ in range(parts)]
    return network, x, initial


def nested(network, initial):
    """Torch's initial states, a tensor with layers and directions in one axis, in the form of ours."""
    single = [tuple(part[i] for part in initial) for i in range(len(initial[0]))]
    single = [state if len(state) == 2 else state[0] for state in single]
    return single if not network.bidirectional else list(zip(single[::2], single[1::2], strict=True))


def flat(network, final):
    """Our final states in the form of torch's."""
    single = [state for pair in final for state in pair] if network.bidirectional else list(final)
    return [torch.stack(part) for part in zip(*(s if isinstance(s, tuple) else (s,) for s in single), strict=True)]


def single_layers(network, ours):
    return [
        one
        for layer in ours.layers
        for one in ([layer.forward_layer, layer.backward_layer.layer] if network.bidirectional else [layer])
    ]


def assert_gradients_agree(network, ours):
    compared = 0
    for weights, layer in zip(network.all_weights, single_layers(network, ours), strict=True):
        W_x, W_h, *biases = weights
        pairs = [(layer.W_x, W_x.grad), (layer.W_h, W_h.grad)]
        if biases:
            pairs.append((layer.b, biases[0].grad))
            if isinstance(layer, GRULayer):
                pairs.append((layer.b_hn, biases[1].grad[-network.hidden_size :]))
        else:
            assert layer.b.grad is None
            assert not layer.b.any()
        for parameter, expected in pairs:
            torch.testing.assert_close(parameter.grad, expected, **TOLERANCE)
            compared += 1
    assert compared >= 2 * len(network.all_weights)


def run_torch(network, x, initial, lengths=None):
    """Return torch's padded output, batch first, and its final states as a list."""
    time = x.shape[1]
    if lengths is not None:
        x = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        network.batch_first = True  # the packed form does not ask; the padded below does
    elif not network.batch_first:
        x = x.transpose(0, 1)
    output, last = network(x, tuple(initial) if len(initial) == 2 else initial[0])
    if lengths is not None:
        output, _ = pad_packed_sequence(output, batch_first=True, total_length=time)
    elif not network.batch_first:
        output = output.transpose(0, 1)
    return output, list(last) if isinstance(last, tuple) else [last]


def compare(network, x, initial, lengths=None):
    ours = stacked_from_torch(network)
    x_ours, x_torch = x.clone().requires_grad_(), x.clone().requires_grad_()
    start_ours, start_torch = ([part.clone().requires_grad_() for part in initial] for _ in range(2))
    states, final = ours(x_ours, nested(network, start_ours), lengths)
    expected, expected_last = run_torch(network, x_torch, start_torch, lengths)
    last = flat(network, final)

    if lengths is not None:  # what stands in the padding is up to a layer, and no loss may read it
        states = torch.where((torch.arange(x.shape[1]) < lengths[:, None])[..., None], states, 0.0)
    torch.testing.assert_close(states, expected, **TOLERANCE)
    for a, b in zip(last, expected_last, strict=True):
        torch.testing.assert_close(a, b, **TOLERANCE)

    upstream, upstream_last = torch.randn_like(expected), [torch.randn_like(part) for part in expected_last]
    torch.autograd.backward([states, *last], [upstream, *upstream_last])
    torch.autograd.backward([expected, *expected_last], [upstream, *upstream_last])
    assert_gradients_agree(network, ours)
    torch.testing.assert_close(x_ours.grad, x_torch.grad, **TOLERANCE)
    for a, b in zip(start_ours, start_torch, strict=True):
        torch.testing.assert_close(a.grad, b.grad, **TOLERANCE)


@settings(deadline=None, max_examples=60)
@given(networks())
def test_outputs_final_states_and_every_gradient_equal_torch(case):
    compare(*case)


@settings(deadline=None, max_examples=60)
@given(networks(), st.data())
def test_packed_lengths_too(case, data):
    network, x, initial = case
    compare(network, x, initial, torch.tensor([data.draw(st.integers(1, x.shape[1])) for _ in x]))


@settings(deadline=None, max_examples=20)
@given(networks(), st.data())
def test_what_stands_in_the_padding_changes_nothing(case, data):
    network, x, _ = case
    ours = stacked_from_torch(network)
    lengths = torch.tensor([data.draw(st.integers(1, x.shape[1])) for _ in x])
    real = (torch.arange(x.shape[1]) < lengths[:, None])[..., None]
    with torch.no_grad():
        clean, dirty = (ours(torch.where(real, x, filler), None, lengths) for filler in (0.0, 1e3))
    torch.testing.assert_close(clean[0] * real, dirty[0] * real, rtol=0, atol=0)
    for a, b in zip(flat(network, clean[1]), flat(network, dirty[1]), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("both", [False, True])
def test_dropout_between_layers_is_torchs_with_the_same_random_numbers(kind, both):
    """With one sequence both draw the mask of a layer in the same order: step by step, unit by unit."""
    torch.manual_seed(5)
    network = kind(3, 4, 3, batch_first=True, dropout=0.4, bidirectional=both, dtype=torch.float64)
    ours = stacked_from_torch(network)
    x = torch.randn(1, 6, 3, dtype=torch.float64)
    torch.manual_seed(6)
    expected, _ = network(x)
    torch.manual_seed(6)
    states, _ = ours(x)
    torch.testing.assert_close(states, expected, **TOLERANCE)
    ours.eval()
    network.eval()
    torch.testing.assert_close(ours(x)[0], network(x)[0], **TOLERANCE)
    assert (ours(x)[0] - states).abs().max() > 1e-3


def test_weights_are_copies_and_a_layer_has_its_directions():
    network = nn.GRU(3, 4, 2, bidirectional=True)
    ours = stacked_from_torch(network)
    assert [type(layer) for layer in ours.layers] == [Bidirectional, Bidirectional]
    before = network.weight_hh_l1_reverse.detach().clone()
    with torch.no_grad():
        ours.layers[1].backward_layer.layer.W_h.zero_()
    assert torch.equal(network.weight_hh_l1_reverse, before)


def test_projections_are_refused():
    with pytest.raises(ValueError, match="proj_size=2"):
        stacked_from_torch(nn.LSTM(3, 4, proj_size=2))
