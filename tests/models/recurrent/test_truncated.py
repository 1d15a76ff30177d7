"""Chunks: the numbers are those of one run, the gradients those of the terms that lie in one chunk."""

import pytest
import torch
from torch import nn

from seqviz.models import RNN
from seqviz.models.recurrent.truncated import chunked_outputs

TIME = 11


@pytest.fixture
def case():
    torch.manual_seed(0)
    recurrent, output = nn.RNN(3, 5, batch_first=True, dtype=torch.float64), nn.Linear(5, 2, dtype=torch.float64)
    x = torch.randn(2, TIME, 3, dtype=torch.float64)
    return recurrent, output, RNN.from_torch(recurrent, output), x, torch.randn(2, 5, dtype=torch.float64)


@pytest.mark.parametrize("chunk", [1, 3, 4, 11, 50])
def test_forward_nothing_is_lost_at_the_cuts(case, chunk):
    recurrent, output, model, x, h_0 = case
    pieces = list(chunked_outputs(model, x, chunk, h_0))
    expected, _ = recurrent(x, h_0[None])
    torch.testing.assert_close(torch.cat([states for *_, states in pieces], 1), expected, rtol=0, atol=1e-12)
    torch.testing.assert_close(torch.cat([logits for _, logits, _ in pieces], 1), output(expected), rtol=0, atol=1e-12)
    assert [t for place, *_ in pieces for t in range(TIME)[place]] == list(range(TIME))


@pytest.mark.parametrize("chunk", [1, 3, 4, 11])
def test_the_gradient_is_that_of_each_chunk_with_its_first_state_held(case, chunk):
    recurrent, output, model, x, h_0 = case
    said = torch.randn(2, TIME, 2, dtype=torch.float64)
    for place, logits, _ in chunked_outputs(model, x, chunk, h_0):
        (logits * said[:, place]).sum().backward()
    whole, _ = recurrent(x, h_0[None])
    for start in range(0, TIME, chunk):
        before = h_0 if start == 0 else whole[:, start - 1].detach()
        states, _ = recurrent(x[:, start : start + chunk], before[None])
        (output(states) * said[:, start : start + chunk]).sum().backward()
    for ours, theirs in [
        (model.W_hh, recurrent.weight_hh_l0),
        (model.W_xh, recurrent.weight_ih_l0),
        (model.b_h, recurrent.bias_hh_l0),
        (model.W_hy, output.weight),
    ]:
        torch.testing.assert_close(ours.grad, theirs.grad, rtol=0, atol=1e-10)


def test_weights_may_change_between_chunks_and_the_state_still_goes_on(case):
    _, _, model, x, _ = case
    last = None
    for place, _, states in chunked_outputs(model, x, 4):
        if last is not None:
            torch.testing.assert_close(states, model(x[:, place], last)[1], rtol=0, atol=0)
        states.sum().backward()
        last = states[:, -1].detach()
        with torch.no_grad():
            model.W_hh.mul_(0.5)


def test_without_carrying_every_chunk_starts_from_zero(case):
    recurrent, _, model, x, h_0 = case
    pieces = [states for *_, states in chunked_outputs(model, x, 4, h_0, carry=False)]
    torch.testing.assert_close(pieces[0], recurrent(x[:, :4], h_0[None])[0], rtol=0, atol=1e-12)
    torch.testing.assert_close(pieces[1], recurrent(x[:, 4:8])[0], rtol=0, atol=1e-12)


def test_a_chunk_of_no_steps_is_refused(case):
    _, _, model, x, _ = case
    with pytest.raises(ValueError, match="chunk: expected at least 1 step, got 0"):
        next(chunked_outputs(model, x, 0))
