"""Step by step as all at once; what a pixel may depend on; torch's GRU on copied weights; drawing by the rules."""

import pytest
import torch
from torch import nn

from seqviz.models.decoding import next_log_probabilities
from seqviz.models.seeing.pixel_decoder import PixelDecoder

LEVELS, NAMES, ROWS, WIDTH, EMBEDDING, HIDDEN = 3, 4, 2, 5, 6, 7
CLOSE = {"rtol": 0, "atol": 1e-12}


@pytest.fixture
def model() -> PixelDecoder:
    torch.manual_seed(0)
    return PixelDecoder(LEVELS, NAMES, ROWS, WIDTH, EMBEDDING, HIDDEN).double()


@pytest.fixture
def pictures():
    generator = torch.Generator().manual_seed(1)
    return torch.randint(LEVELS, (2, ROWS * WIDTH), generator=generator), torch.tensor([1, 3])


def test_logits_and_gradients_are_those_of_torchs_gru(model, pictures):
    pixels, name = pictures
    theirs = nn.GRU(4 * EMBEDDING, HIDDEN, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        theirs.weight_ih_l0.copy_(model.cell.W_x)
        theirs.weight_hh_l0.copy_(model.cell.W_h)
        theirs.bias_ih_l0.copy_(model.cell.b)
        theirs.bias_hh_l0.zero_()
        theirs.bias_hh_l0[2 * HIDDEN :] = model.cell.b_hn
    inputs = []
    for t in range(ROWS * WIDTH):
        before = [int(row[t - 1]) if t else LEVELS for row in pixels]
        above = [int(row[t - WIDTH]) if t >= WIDTH else LEVELS for row in pixels]
        inputs.append(torch.cat([model.E[before], model.U[above], model.P[[t, t]], model.C[name]], 1))
    expected = nn.functional.linear(theirs(torch.stack(inputs, 1))[0], model.W_o, model.b_o)
    logits = model(pixels, name)
    torch.testing.assert_close(logits, expected, **CLOSE)
    upstream, parts = torch.randn_like(logits), [model.E, model.U, model.P, model.C, model.W_o]
    for a, b in zip(
        torch.autograd.grad(logits, [*parts, model.cell.W_x], upstream),
        torch.autograd.grad(expected, [*parts, theirs.weight_ih_l0], upstream),
        strict=True,
    ):
        torch.testing.assert_close(a, b, **CLOSE)


def test_the_decode_step_says_what_training_says(model, pictures):
    pixels, name = pictures
    read = torch.cat([torch.tensor([LEVELS]), pixels[0, :-1]])
    said = next_log_probabilities(model.step, model.start(name[:1]), read)
    torch.testing.assert_close(said, model(pixels, name)[0].log_softmax(-1), **CLOSE)


def test_a_pixel_depends_on_those_before_it_and_on_the_name_alone(model, pictures):
    pixels, name = pictures
    later = pixels.clone()
    later[:, 6] = (later[:, 6] + 1) % LEVELS
    same = model(pixels, name), model(later, name)
    torch.testing.assert_close(same[0][:, :7], same[1][:, :7], **CLOSE)
    assert (same[0][:, 7:] != same[1][:, 7:]).all()
    assert (model(pixels, name) != model(pixels, name - 1)).all()


def test_what_is_drawn_are_grey_levels_and_the_same_seed_draws_the_same(model):
    names = torch.arange(NAMES)
    one, two = (model.draw(names, torch.Generator().manual_seed(2)) for _ in range(2))
    assert torch.equal(one, two)
    assert one.shape == (NAMES, ROWS * WIDTH)
    assert one.unique().tolist() == list(range(LEVELS))
    cold = model.draw(names, torch.Generator().manual_seed(3), temperature=1e-4)
    likeliest = model(cold, names).argmax(-1)
    assert torch.equal(cold, likeliest)


def test_more_pixels_than_the_picture_has_are_refused(model):
    state, token = model.start(torch.tensor([0])), torch.tensor([LEVELS])
    for _ in range(ROWS * WIDTH):
        _, state = model.step(token, state)
    with pytest.raises(ValueError, match="expected at most 10 pixels"):
        model.step(token, state)
