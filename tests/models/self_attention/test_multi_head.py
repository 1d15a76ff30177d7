"""Beside torch.nn.MultiheadAttention with the same weights, its grouped attention, and every head alone."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 torch's own name for it

from seqviz.models.masks import causal_mask, real_steps, sliding_window_mask
from seqviz.models.self_attention.multi_head import MultiHeadAttention, merge_heads, split_heads
from seqviz.models.self_attention.scaled_dot_product import scaled_dot_product_attention

from .copied import copy_attention

BATCH, TIME, SOURCE, SIZE, HEADS = 3, 4, 5, 12, 6
CLOSE = {"rtol": 0, "atol": 1e-10}
LENGTHS = torch.tensor([5, 1, 3])


def drawn(*shape):
    return torch.randn(*shape, dtype=torch.float64)


@pytest.fixture
def ours():
    torch.manual_seed(0)
    layer = MultiHeadAttention(SIZE, HEADS, dtype=torch.float64)
    with torch.no_grad():
        for bias in (layer.b_q, layer.b_k, layer.b_v, layer.b_o):
            bias.normal_()
    return layer


@pytest.fixture
def theirs(ours):
    layer = nn.MultiheadAttention(SIZE, HEADS, batch_first=True, dtype=torch.float64)
    copy_attention(ours, layer)
    return layer


def compare(ours, theirs, x, source, mask, **masks):
    """Outputs, the weights of every head, and the gradients of the inputs and of every matrix."""
    output, weights = ours(x, source, mask)
    asked = x if source is None else source
    other, other_weights = theirs(x, asked, asked, average_attn_weights=False, **masks)
    torch.testing.assert_close(output, other, **CLOSE)
    torch.testing.assert_close(weights, other_weights, **CLOSE)
    upper = drawn(*output.shape)
    leaves = [one for one in (x, source) if one is not None]
    stacked = [theirs.in_proj_weight, theirs.in_proj_bias, theirs.out_proj.weight, theirs.out_proj.bias]
    parts = [ours.W_q, ours.W_k, ours.W_v, ours.b_q, ours.b_k, ours.b_v, ours.W_o, ours.b_o]
    mine = torch.autograd.grad(output, [*leaves, *parts], upper)
    others = torch.autograd.grad(other, [*leaves, *stacked], upper)
    count = len(leaves)
    torch.testing.assert_close(mine[:count], others[:count], **CLOSE)
    matrices, biases = torch.cat(mine[count : count + 3]), torch.cat(mine[count + 3 : count + 6])
    torch.testing.assert_close((matrices, biases, *mine[count + 6 :]), others[count:], **CLOSE)


def test_self_attention_with_every_mask_is_torchs(ours, theirs):
    for mask in (causal_mask(SOURCE), sliding_window_mask(SOURCE, 2), sliding_window_mask(SOURCE, 2, causal=False)):
        compare(ours, theirs, drawn(BATCH, SOURCE, SIZE).requires_grad_(), None, mask, attn_mask=~mask)
    padded = real_steps(LENGTHS, BATCH, SOURCE)
    x = drawn(BATCH, SOURCE, SIZE).requires_grad_()
    compare(ours, theirs, x, None, padded[:, None, None], key_padding_mask=~padded)
    compare(ours, theirs, x, None, None)


def test_cross_attention_to_a_padded_source_is_torchs(ours, theirs):
    x, source = drawn(BATCH, TIME, SIZE).requires_grad_(), drawn(BATCH, SOURCE, SIZE).requires_grad_()
    padded = real_steps(LENGTHS, BATCH, SOURCE)
    compare(ours, theirs, x, source, padded[:, None, None], key_padding_mask=~padded)


def test_a_sequence_of_padding_alone_reads_only_the_bias(ours):
    nothing = torch.zeros(BATCH, 1, 1, SOURCE, dtype=torch.bool)
    output, weights = ours(drawn(BATCH, SOURCE, SIZE), may_attend=nothing)
    assert not weights.any()
    torch.testing.assert_close(output, ours.b_o.expand_as(output), **CLOSE)


@pytest.mark.parametrize("groups", [1, 2, 3])
def test_groups_are_torchs_grouped_attention(groups):
    torch.manual_seed(1)
    layer = MultiHeadAttention(SIZE, HEADS, groups, dtype=torch.float64)
    x, source = drawn(BATCH, TIME, SIZE), drawn(BATCH, SOURCE, SIZE)
    k, v = layer.keys_and_values(source)
    assert k.shape == v.shape == (BATCH, groups, SOURCE, SIZE // HEADS)
    expected = F.scaled_dot_product_attention(layer.queries(x), k, v, enable_gqa=True)
    torch.testing.assert_close(layer(x, source)[0], merge_heads(expected) @ layer.W_o.T + layer.b_o, **CLOSE)


def test_every_head_is_an_attention_of_its_own(ours):
    x = drawn(BATCH, TIME, SIZE)
    size = SIZE // HEADS
    _, weights = ours(x)
    for head in range(HEADS):
        rows = slice(head * size, (head + 1) * size)
        q, k, v = (
            x @ W[rows].T + b[rows] for W, b in ((ours.W_q, ours.b_q), (ours.W_k, ours.b_k), (ours.W_v, ours.b_v))
        )
        torch.testing.assert_close(weights[:, head], scaled_dot_product_attention(q, k, v)[1], **CLOSE)


def test_to_split_and_to_merge_undo_each_other_and_mix_no_steps():
    x = torch.arange(2 * 3 * 8.0).view(2, 3, 8)
    pieces = split_heads(x, 4)
    assert pieces[1, 2, 0].tolist() == x[1, 0, 4:6].tolist()
    assert torch.equal(merge_heads(pieces), x)


def test_numbers_that_do_not_divide_are_refused():
    with pytest.raises(ValueError, match="heads: expected a number that divides the size 12, got 5"):
        MultiHeadAttention(12, 5)
    with pytest.raises(ValueError, match="groups: expected a number that divides the 6 heads, got 4"):
        MultiHeadAttention(12, 6, 4)
    with pytest.raises(ValueError, match="x: expected a multiple of 3 heads, got vectors of 8"):
        split_heads(torch.zeros(1, 2, 8), 3)
