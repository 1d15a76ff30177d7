"""Beside torch's attention, a loop over pairs, autograd and finite differences."""

import math

import pytest
import torch
from torch.nn import functional as F  # noqa: N812 torch's own name for it

from seqviz.models.masks import causal_mask, real_steps
from seqviz.models.self_attention.scaled_dot_product import (
    attention_scores,
    scaled_dot_product_attention,
    scaled_dot_product_backward,
)

BATCH, HEADS, QUERIES, KEYS, KEY_SIZE, VALUE_SIZE = 2, 3, 4, 5, 6, 7
CLOSE = {"rtol": 0, "atol": 1e-12}


def drawn(*shape):
    return torch.randn(*shape, dtype=torch.float64)


@pytest.fixture
def qkv():
    torch.manual_seed(0)
    return (
        drawn(BATCH, HEADS, QUERIES, KEY_SIZE),
        drawn(BATCH, HEADS, KEYS, KEY_SIZE),
        drawn(BATCH, HEADS, KEYS, VALUE_SIZE),
    )


MASKS = {
    "none": None,
    "padding": real_steps(torch.tensor([5, 2]), BATCH, KEYS)[:, None, None],
    "pairs": torch.arange(QUERIES)[:, None] >= torch.arange(KEYS),
    "a query that sees nothing": torch.arange(QUERIES)[:, None].expand(-1, KEYS) > 0,
}


@pytest.mark.parametrize("name", MASKS)
def test_outputs_and_gradients_are_torchs(qkv, name):
    leaves = [one.requires_grad_() for one in qkv]
    z, weights = scaled_dot_product_attention(*leaves, MASKS[name])
    theirs = F.scaled_dot_product_attention(*leaves, attn_mask=MASKS[name])
    torch.testing.assert_close(z, theirs, **CLOSE)
    dz = drawn(*z.shape)
    expected = torch.autograd.grad(theirs, leaves, dz)
    for ours, other in zip(torch.autograd.grad(z, leaves, dz, retain_graph=True), expected, strict=True):
        torch.testing.assert_close(ours, other, **CLOSE)
    with torch.no_grad():
        for by_hand, other in zip(scaled_dot_product_backward(dz, *leaves, weights), expected, strict=True):
            torch.testing.assert_close(by_hand, other, **CLOSE)


def test_it_is_its_equation_one_pair_at_a_time(qkv):
    q, k, v = (one[0, 0] for one in qkv)
    z, weights = scaled_dot_product_attention(q, k, v)
    for i in range(QUERIES):
        fits = [math.exp(float(q[i] @ k[j]) / math.sqrt(KEY_SIZE)) for j in range(KEYS)]
        shares = [fit / sum(fits) for fit in fits]
        torch.testing.assert_close(weights[i], torch.tensor(shares, dtype=torch.float64), **CLOSE)
        torch.testing.assert_close(z[i], sum(share * v[j] for j, share in enumerate(shares)), **CLOSE)


def test_gradients_agree_with_finite_differences():
    torch.manual_seed(1)
    q, k, v = (drawn(3, size).requires_grad_() for size in (2, 2, 4))
    assert torch.autograd.gradcheck(lambda *qkv: scaled_dot_product_attention(*qkv, causal_mask(3))[0], (q, k, v))


def test_the_scores_of_independent_numbers_have_the_variance_one():
    torch.manual_seed(2)
    scores = attention_scores(drawn(4000, 64), drawn(200, 64))
    assert float(scores.var()) == pytest.approx(1, abs=0.02)


def test_queries_and_keys_of_two_sizes_are_refused():
    with pytest.raises(ValueError, match="k: expected keys of the queries' size 3, got 4"):
        attention_scores.__wrapped__(drawn(2, 3), drawn(2, 4))
    with pytest.raises(TypeError, match="one floating dtype"):
        attention_scores(drawn(2, 3), drawn(2, 3).float())


def test_a_bias_is_added_to_the_scores_as_torchs_mask_of_numbers():
    torch.manual_seed(4)
    q, k, v = (torch.randn(2, 3, time, 4, dtype=torch.float64, requires_grad=True) for time in (5, 6, 6))
    bias = torch.randn(3, 5, 6, dtype=torch.float64)
    ours, theirs = scaled_dot_product_attention(q, k, v, bias=bias)[0], F.scaled_dot_product_attention(q, k, v, bias)
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-10)
    upper = torch.randn_like(ours)
    mine, others = (torch.autograd.grad(one, (q, k, v), upper) for one in (ours, theirs))
    torch.testing.assert_close(mine, others, rtol=0, atol=1e-10)
    may_attend = torch.rand(3, 5, 6) < 0.7
    may_attend[..., 0] = True
    both = scaled_dot_product_attention(q, k, v, may_attend, bias)[0]
    torch.testing.assert_close(
        both, F.scaled_dot_product_attention(q, k, v, bias.masked_fill(~may_attend, -torch.inf)), rtol=0, atol=1e-10
    )
