"""Beside torch.nn.TransformerEncoder and TransformerDecoder with the same weights."""

import pytest
import torch
from torch import nn

from seqviz.models.masks import causal_mask, real_steps
from seqviz.models.transformer.stack import TransformerDecoder, TransformerEncoder

from .copied import copy_decoder_block, copy_encoder_block, copy_norm, scramble

BATCH, TIME, SOURCE, SIZE, HEADS, INNER, LAYERS = 2, 4, 5, 8, 2, 6, 3
CLOSE = {"rtol": 0, "atol": 1e-10}
PADDED = real_steps(torch.tensor([5, 2]), BATCH, SOURCE)


def pair(ours, layer, stack, copy, norm_first):
    torch.manual_seed(0)
    made = ours(LAYERS, SIZE, HEADS, INNER, norm_first, torch.float64)
    scramble(made)
    one = layer(SIZE, HEADS, INNER, dropout=0.0, batch_first=True, norm_first=norm_first, dtype=torch.float64)
    norm = nn.LayerNorm(SIZE, dtype=torch.float64) if norm_first else None
    options = {"enable_nested_tensor": False} if stack is nn.TransformerEncoder else {}
    theirs = stack(one, LAYERS, norm, **options)
    for block, other in zip(made.blocks, theirs.layers, strict=True):
        copy(block, other)
    if norm is not None:
        copy_norm(made.norm, theirs.norm)
    return made, theirs


@pytest.mark.parametrize("norm_first", [True, False])
def test_a_stack_of_encoder_blocks_is_torchs(norm_first):
    ours, theirs = pair(
        TransformerEncoder, nn.TransformerEncoderLayer, nn.TransformerEncoder, copy_encoder_block, norm_first
    )
    x = torch.randn(BATCH, SOURCE, SIZE, dtype=torch.float64)
    output, weights = ours(x, PADDED[:, None, None])
    torch.testing.assert_close(output, theirs(x, src_key_padding_mask=~PADDED), **CLOSE)
    assert weights.shape == (LAYERS, BATCH, HEADS, SOURCE, SOURCE)
    torch.testing.assert_close(weights.sum(-1), torch.ones(LAYERS, BATCH, HEADS, SOURCE).double(), **CLOSE)


@pytest.mark.parametrize("norm_first", [True, False])
def test_a_stack_of_decoder_blocks_is_torchs(norm_first):
    ours, theirs = pair(
        TransformerDecoder, nn.TransformerDecoderLayer, nn.TransformerDecoder, copy_decoder_block, norm_first
    )
    y, memory = (torch.randn(BATCH, time, SIZE, dtype=torch.float64) for time in (TIME, SOURCE))
    output, weights = ours(y, memory, PADDED[:, None, None])
    expected = theirs(y, memory, tgt_mask=~causal_mask(TIME), memory_key_padding_mask=~PADDED)
    torch.testing.assert_close(output, expected, **CLOSE)
    assert weights.shape == (LAYERS, BATCH, HEADS, TIME, SOURCE)


def test_a_stack_of_no_layer_is_refused():
    with pytest.raises(ValueError, match="layers: expected at least 1, got 0"):
        TransformerEncoder(0, SIZE, HEADS, INNER)
