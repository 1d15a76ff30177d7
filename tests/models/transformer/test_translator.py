"""Beside torch.nn.Transformer with the same weights; its decode step says what training said."""

from typing import Any

import pytest
import torch
from torch import nn

from seqviz.models.masks import causal_mask, real_steps
from seqviz.models.self_attention.positions import sinusoidal_encoding
from seqviz.models.transformer.translator import TransformerTranslator
from seqviz.models.translation.search import beam_search, greedy

from .copied import copy_decoder_block, copy_encoder_block, copy_norm, scramble

BATCH, TIME, SOURCE, SIZE, HEADS, INNER, LAYERS, READ, WRITTEN = 3, 4, 5, 12, 2, 7, 2, 11, 9
CLOSE = {"rtol": 0, "atol": 1e-10}
LENGTHS = torch.tensor([5, 1, 3])
START, END = 1, 2


def made(norm_first=True):
    torch.manual_seed(0)
    model = TransformerTranslator(READ, WRITTEN, SIZE, HEADS, INNER, LAYERS, norm_first, torch.float64)
    scramble(model)
    return model


def tokens():
    draws = torch.Generator().manual_seed(1)
    return (
        torch.randint(READ, (BATCH, SOURCE), generator=draws),
        torch.randint(WRITTEN, (BATCH, TIME), generator=draws),
    )


def torchs(ours, norm_first):
    options: dict[str, Any] = {"batch_first": True, "norm_first": norm_first, "dtype": torch.float64}
    layer = nn.TransformerEncoderLayer(SIZE, HEADS, INNER, 0.0, **options)
    norm = nn.LayerNorm(SIZE, dtype=torch.float64) if norm_first else None
    encoder = nn.TransformerEncoder(layer, LAYERS, norm, enable_nested_tensor=False)  # else it warns
    theirs = nn.Transformer(SIZE, HEADS, LAYERS, LAYERS, INNER, 0.0, custom_encoder=encoder, **options)
    if not norm_first:
        theirs.decoder.norm = None  # torch has a last norm in either case
    for mine, other in zip(ours.encoder.blocks, theirs.encoder.layers, strict=True):
        copy_encoder_block(mine, other)
    for mine, other in zip(ours.decoder.blocks, theirs.decoder.layers, strict=True):
        copy_decoder_block(mine, other)
    if norm_first:
        copy_norm(ours.encoder.norm, theirs.encoder.norm)
        copy_norm(ours.decoder.norm, theirs.decoder.norm)
    return theirs


@pytest.mark.parametrize("norm_first", [True, False], ids=["norm first", "norm last"])
def test_it_is_torchs_transformer_with_gradients(norm_first):
    ours = made(norm_first)
    theirs = torchs(ours, norm_first)
    source, target = tokens()
    padding = ~real_steps(LENGTHS, BATCH, SOURCE)
    logits, weights = ours(source, target, LENGTHS)

    def placed(E, read):
        return E[read] + sinusoidal_encoding(torch.arange(read.shape[1]), SIZE)

    top = theirs(
        placed(ours.E_x, source),
        placed(ours.E_y, target),
        tgt_mask=~causal_mask(TIME),
        src_key_padding_mask=padding,
        memory_key_padding_mask=padding,
    )
    expected = top @ ours.W_y.T + ours.b_y
    torch.testing.assert_close(logits, expected, **CLOSE)
    upper = torch.randn_like(logits)
    shared = ours.E_x, ours.E_y, ours.W_y, ours.b_y
    block, layer = ours.encoder.blocks[0], theirs.encoder.layers[0]
    mine = torch.autograd.grad(logits, (*shared, block.feed_forward.first.weight), upper)
    other = torch.autograd.grad(expected, (*shared, layer.linear1.weight), upper)
    torch.testing.assert_close(mine, other, **CLOSE)
    assert weights.shape == (LAYERS, BATCH, HEADS, TIME, SOURCE)
    assert not weights.masked_select(padding[:, None, None]).any()


def test_step_by_step_is_all_at_once():
    model = made()
    source, target = tokens()
    logits, _ = model(source, target, LENGTHS)
    state = model.encode(source, LENGTHS)
    for at, token in enumerate(target.unbind(1)):
        said, state = model.step(token, state)
        torch.testing.assert_close(said, logits[:, at].log_softmax(-1), **CLOSE)
    assert torch.equal(state.written, target)


def test_a_row_is_read_the_same_in_every_batch():
    model = made()
    source, target = tokens()
    logits, _ = model(source, target, LENGTHS)
    for row, length in enumerate(LENGTHS):
        alone, _ = model(source[row : row + 1, :length], target[row : row + 1])
        torch.testing.assert_close(alone[0], logits[row], **CLOSE)


def test_searches_run_it_unchanged():
    model = made()
    source, _ = tokens()
    state = model.encode(source[:1])
    found = beam_search(model.step, state, START, END, 4, 5)
    assert greedy(model.step, state, START, END, 5).log_probability <= found[0].log_probability
    said = torch.tensor([[START, *found[0].tokens[:-1]]])
    logits, _ = model(source[:1], said)
    chosen = logits[0].log_softmax(-1)[range(said.shape[1]), list(found[0].tokens)]
    assert chosen.sum().item() == pytest.approx(found[0].log_probability, abs=1e-10)


def test_what_is_impossible_is_refused():
    with pytest.raises(ValueError, match="size: expected an even number"):
        TransformerTranslator(READ, WRITTEN, 9, 3, INNER, LAYERS)
    with pytest.raises(ValueError, match="target_tokens: expected at least 1, got 0"):
        TransformerTranslator(READ, 0, SIZE, HEADS, INNER, LAYERS)
