"""Beside torch's encoder and decoder layers with the same weights, the norm first and last."""

import pytest
import torch
from torch import nn

from seqviz.models.masks import causal_mask, real_steps
from seqviz.models.transformer.blocks import DecoderBlock, EncoderBlock

from .copied import copy_decoder_block, copy_encoder_block, scramble

BATCH, TIME, SOURCE, SIZE, HEADS, INNER = 3, 4, 5, 12, 3, 7
CLOSE = {"rtol": 0, "atol": 1e-10}
PADDED = real_steps(torch.tensor([5, 1, 3]), BATCH, SOURCE)
NORMS = pytest.mark.parametrize("norm_first", [True, False], ids=["norm first", "norm last"])


def drawn(*shape):
    return torch.randn(*shape, dtype=torch.float64, requires_grad=True)


def torchs(layer, norm_first):
    return layer(SIZE, HEADS, INNER, dropout=0.0, batch_first=True, norm_first=norm_first, dtype=torch.float64)


def ours_of(block, norm_first):
    torch.manual_seed(0)
    made = block(SIZE, HEADS, INNER, norm_first, torch.float64)
    scramble(made)
    return made


@NORMS
def test_an_encoder_block_is_torchs_with_gradients(norm_first):
    ours, theirs = ours_of(EncoderBlock, norm_first), torchs(nn.TransformerEncoderLayer, norm_first)
    copy_encoder_block(ours, theirs)
    x = drawn(BATCH, SOURCE, SIZE)
    for mask, masks in (
        (None, {}),
        (causal_mask(SOURCE), {"src_mask": ~causal_mask(SOURCE)}),
        (PADDED[:, None, None], {"src_key_padding_mask": ~PADDED}),
    ):
        output, weights = ours(x, mask)
        other = theirs(x, **masks)
        torch.testing.assert_close(output, other, **CLOSE)
        upper = torch.randn_like(output)
        same = ours.feed_forward.first.weight, theirs.linear1.weight
        mine = torch.autograd.grad(output, (x, same[0], ours.around_attention.norm.gain), upper)
        torch.testing.assert_close(mine, torch.autograd.grad(other, (x, same[1], theirs.norm1.weight), upper), **CLOSE)
        assert weights.shape == (BATCH, HEADS, SOURCE, SOURCE)


@NORMS
def test_a_decoder_block_is_torchs_with_gradients(norm_first):
    ours, theirs = ours_of(DecoderBlock, norm_first), torchs(nn.TransformerDecoderLayer, norm_first)
    copy_decoder_block(ours, theirs)
    y, memory = drawn(BATCH, TIME, SIZE), drawn(BATCH, SOURCE, SIZE)
    output, weights = ours(y, memory, PADDED[:, None, None])
    other = theirs(y, memory, tgt_mask=~causal_mask(TIME), memory_key_padding_mask=~PADDED)
    torch.testing.assert_close(output, other, **CLOSE)
    upper = torch.randn_like(output)
    mine = torch.autograd.grad(output, (y, memory, ours.around_cross_attention.norm.gain), upper)
    torch.testing.assert_close(mine, torch.autograd.grad(other, (y, memory, theirs.norm2.weight), upper), **CLOSE)
    assert not weights.masked_select(~PADDED[:, None, None]).any()


def test_no_step_of_a_decoder_block_looks_ahead():
    block = ours_of(DecoderBlock, norm_first=True)
    y, memory = drawn(BATCH, TIME, SIZE), drawn(BATCH, SOURCE, SIZE)
    output, _ = block(y, memory)
    (gradient,) = torch.autograd.grad(output[:, 1].sum(), y)
    assert gradient[:, :2].abs().amin(-1).gt(0).all()
    assert not gradient[:, 2:].any()
