"""Gradients at every earlier step: against torch.nn and a graph cut at that step, one loss and one step at a time."""

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.data import Tokenizer
from seqviz.models import GRU, LSTM, RNN
from seqviz.traces import trace_reach
from seqviz.traces.gated.records import ReachTrace

VOCABULARY = Tokenizer.of_characters("abcd")
TEXT = "abacdb"
KINDS = {"RNN": (nn.RNN, RNN), "GRU": (nn.GRU, GRU), "LSTM": (nn.LSTM, LSTM)}


@pytest.fixture
def pairs():
    torch.manual_seed(1)
    found = {}
    for name, (theirs, ours) in KINDS.items():
        recurrent = theirs(4, 5, batch_first=True, dtype=torch.float64)
        output = nn.Linear(5, 4, dtype=torch.float64)
        found[name] = (recurrent, output, ours.from_torch(recurrent, output))
    return found


def slow_norm(recurrent, output, t, k):
    """Run to step k, take its memory as a start of its own, run on to step t, and differentiate."""
    indices = VOCABULARY.encode(TEXT)
    x = VOCABULARY.one_hot(indices, torch.float64)[None]
    _, state = recurrent(x[:, : k + 1])
    if isinstance(recurrent, nn.LSTM):
        h, cell = state
        memory = cell.detach().clone().requires_grad_()
        # h_k = o_k tanh(c_k) depends on c_k too
        o = (h / torch.tanh(cell)).detach()
        state = (o * torch.tanh(memory), memory)
        last = state[0]
    else:
        memory = state = last = state.detach().clone().requires_grad_()
    h_t = recurrent(x[:, k + 1 : t + 1], state)[0][:, -1] if t > k else last[0]
    loss = nn.functional.cross_entropy(output(h_t), indices[t + 1][None])
    return float(torch.autograd.grad(loss, memory)[0].norm())


def test_every_norm_is_that_of_torch_cut_at_the_step(pairs):
    networks = {name: ours for name, (_, _, ours) in pairs.items()}
    trace = trace_reach(networks, VOCABULARY, TEXT)
    assert trace.networks == tuple(KINDS)
    assert trace.norms.shape == (3, 5, 5)
    for number, (recurrent, output, _) in enumerate(pairs.values()):
        for t in range(5):
            for k in range(5):
                expected = slow_norm(recurrent, output, t, k) if k <= t else 0
                assert trace.norms[number, t, k] == pytest.approx(expected, rel=1e-9, abs=1e-15)
            assert trace.at_loss[number, t] == pytest.approx(slow_norm_at_loss(recurrent, output, t), rel=1e-9)


def slow_norm_at_loss(recurrent, output, t):
    """Differentiate the loss with respect to the state that the output layer reads, which an LSTM shows too."""
    indices = VOCABULARY.encode(TEXT)
    states, _ = recurrent(VOCABULARY.one_hot(indices[: t + 1], torch.float64)[None])
    h_t = states[0, -1].detach().requires_grad_()
    loss = nn.functional.cross_entropy(output(h_t), indices[t + 1])
    return float(torch.autograd.grad(loss, h_t)[0].norm())


def test_a_share_is_of_the_gradient_at_the_state_that_the_loss_reads():
    norms = np.array([[[2.0, 0, 0], [1, 4, 0], [0, 3, 6]], [[0.0, 0, 0], [1, 5, 0], [2, 2, 0]]])
    trace = ReachTrace(
        tokens=("a", "b", "c"),
        targets=("b", "c", "d"),
        networks=("one", "other"),
        norms=norms,
        at_loss=np.array([[4.0, 4, 6], [0, 5, 0]]),
    )
    nan = np.nan
    expected = [[[0.5, nan, nan], [0.25, 1, nan], [0, 0.5, 1]], [[nan] * 3, [0.2, 1, nan], [nan] * 3]]
    np.testing.assert_array_equal(trace.relative, expected)


def test_recording_leaves_the_networks_as_they_were(pairs):
    ours = pairs["GRU"][2].float()
    before = ours.W_h.detach().clone()
    trace = trace_reach({"GRU": ours}, VOCABULARY, TEXT)
    assert trace.norms.dtype == np.float64
    assert ours.W_h.dtype == torch.float32
    assert torch.equal(ours.W_h, before)
    assert ours.W_h.grad is None


def test_what_cannot_be_read_is_said(pairs):
    networks = {"GRU": pairs["GRU"][2]}
    with pytest.raises(ValueError, match="at least two tokens, one to read and one to predict"):
        trace_reach(networks, VOCABULARY, "a")
    with pytest.raises(ValueError, match="'x'"):
        trace_reach(networks, VOCABULARY, "abx")
    with torch.no_grad():
        networks["GRU"].b[0] = torch.inf
    with pytest.raises(ValueError, match="b: expected finite numbers"):
        trace_reach(networks, VOCABULARY, TEXT)
