"""Beside torch.nn.MultiheadAttention, layer by layer, and what the last layer alone may say."""

import pytest
import torch
from torch import nn

from seqviz.models.masks import causal_mask
from seqviz.models.self_attention.attention_only import AttentionOnly

from .copied import copy_attention

CLOSE = {"rtol": 0, "atol": 1e-10}
TOKENS, LENGTH, SIZE, HEADS, LAYERS = 7, 5, 6, 3, 2


def made(**how):
    torch.manual_seed(0)
    model = AttentionOnly(TOKENS, LENGTH, SIZE, HEADS, LAYERS, dtype=torch.float64, **how)
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(0.3 * torch.randn_like(weights))
    return model


def by_torch(model, words, masks, last_alone):
    """The same, each layer by torch's own; masks say what may not be looked at."""
    x, all_weights = model.E[words] + model.P[: words.shape[1]], []
    for ours, forbidden in zip(model.layers, masks, strict=True):
        theirs = nn.MultiheadAttention(SIZE, HEADS, batch_first=True, dtype=torch.float64)
        copy_attention(ours, theirs)
        read, weights = theirs(x, x, x, attn_mask=forbidden, average_attn_weights=False)
        all_weights.append(weights)
        before, x = x, x + read
    return (x - before if last_alone else x) @ model.E.T + model.b, torch.stack(all_weights)


@pytest.mark.parametrize("last_alone", [False, True])
@pytest.mark.parametrize("time", [LENGTH, 3])
def test_it_is_torchs_attention_in_every_layer_with_a_mask_for_each(last_alone, time):
    masks = torch.stack([causal_mask(LENGTH), torch.ones(LENGTH, LENGTH, dtype=torch.bool)])
    model = made(may_attend=masks, last_alone=last_alone)
    words = torch.randint(TOKENS, (4, time))
    logits, weights = model(words)
    expected, their_weights = by_torch(model, words, ~masks[:, :time, :time], last_alone)
    torch.testing.assert_close(logits, expected, **CLOSE)
    torch.testing.assert_close(weights, their_weights, **CLOSE)


def test_what_is_forbidden_as_well_gets_no_weight_in_that_layer_and_sentence_alone():
    model = made()
    words = torch.randint(TOKENS, (2, LENGTH))
    also = torch.ones(LAYERS, 2, 1, LENGTH, LENGTH, dtype=torch.bool)
    also[1, 0, 0, 2, 4] = False
    logits, weights = model(words, also)
    free, free_weights = model(words)
    assert not weights[1, 0, :, 2, 4].any()
    torch.testing.assert_close(weights[1, 0, :, 2].sum(-1), torch.ones(HEADS, dtype=torch.float64), **CLOSE)
    assert torch.equal(weights[0], free_weights[0])
    assert torch.equal(logits[1], free[1])
    assert not torch.allclose(logits[0, 2], free[0, 2])


def test_one_layer_asks_by_the_word_and_its_place_alone():
    """The ratio of two weights of a query does not depend on any other word."""
    model = AttentionOnly(TOKENS, LENGTH, SIZE, HEADS, 1, dtype=torch.float64)
    words = torch.tensor([[0, 1, 2, 3, last] for last in range(TOKENS)])
    _, weights = model(words)
    ratio = weights[0, :, :, 2, 0] / weights[0, :, :, 2, 1]
    torch.testing.assert_close(ratio, ratio[:1].expand_as(ratio), rtol=1e-12, atol=0)


def test_more_steps_than_places_are_refused():
    with pytest.raises(ValueError, match="words: expected at most 5 steps, got 6"):
        made().embed(torch.zeros(1, 6, dtype=torch.long))
