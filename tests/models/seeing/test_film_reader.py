"""Both readers against torch's layers on copied weights, float64, with gradients."""

import torch
from torch import nn

from seqviz.models.seeing.film_reader import ClipReader, FrameReader

DOUBLE = {"dtype": torch.float64}
CLOSE = {"rtol": 0, "atol": 1e-12}
BATCH, TIME, PIXELS, FEATURES, HIDDEN, OUTPUTS = 2, 4, 9, 6, 5, 3


def test_both_readers_are_torchs_layers_with_gradients():
    torch.manual_seed(0)
    clip = ClipReader(FrameReader(PIXELS, FEATURES, OUTPUTS, torch.float64), HIDDEN, OUTPUTS)
    see, say = nn.Linear(PIXELS, FEATURES, **DOUBLE), nn.Linear(FEATURES, OUTPUTS, **DOUBLE)
    see.load_state_dict({"weight": clip.frames.W_f.detach(), "bias": clip.frames.b_f.detach()})
    say.load_state_dict({"weight": clip.frames.W_y.detach(), "bias": clip.frames.b_y.detach()})
    lstm, out = nn.LSTM(FEATURES, HIDDEN, batch_first=True, **DOUBLE), nn.Linear(HIDDEN, OUTPUTS, **DOUBLE)
    own = clip.lstm
    lstm.load_state_dict(
        {"weight_ih_l0": own.W_x.detach(), "weight_hh_l0": own.W_h.detach(), "bias_ih_l0": own.b.detach()}
        | {"bias_hh_l0": torch.zeros(4 * HIDDEN, **DOUBLE)}
    )
    out.load_state_dict({"weight": own.W_hy.detach(), "bias": own.b_y.detach()})
    film = torch.randn(BATCH, TIME, PIXELS, **DOUBLE).requires_grad_()
    torch.testing.assert_close(clip.frames(film), say(see(film).relu()), **CLOSE)
    states, _ = lstm(see(film).relu())
    torch.testing.assert_close(clip.states(film), states, **CLOSE)
    ours, theirs = clip(film), out(states[:, -1])
    torch.testing.assert_close(ours, theirs, **CLOSE)
    upstream = torch.randn_like(ours)
    a = torch.autograd.grad(ours, [film, clip.frames.W_f, own.W_x, own.W_h, own.b, own.W_hy], upstream)
    b = torch.autograd.grad(
        theirs, [film, see.weight, lstm.weight_ih_l0, lstm.weight_hh_l0, lstm.bias_ih_l0, out.weight], upstream
    )
    for one, other in zip(a, b, strict=True):
        torch.testing.assert_close(one, other, **CLOSE)


def test_the_order_of_frames_counts():
    torch.manual_seed(1)
    clip, film = ClipReader(FrameReader(PIXELS, FEATURES, OUTPUTS), HIDDEN, OUTPUTS), torch.rand(1, TIME, PIXELS)
    assert not torch.allclose(clip(film), clip(film.flip(1)))
    torch.testing.assert_close(clip.frames(film).mean(1), clip.frames(film.flip(1)).mean(1))
