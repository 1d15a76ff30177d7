"""Beside torch.nn.TransformerEncoder with the same weights; what reads the padding, and what gets a gradient."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 torch's own name for it

from seqviz.models.masks import real_steps
from seqviz.models.transformer.bert import BERT, masked_language_loss

from .copied import copy_encoder_block, copy_norm, scramble

BATCH, TIME, LONGEST, TOKENS, SIZE, HEADS, INNER, LAYERS = 3, 6, 8, 11, 12, 3, 7, 2
CLOSE = {"rtol": 0, "atol": 1e-10}
REAL = real_steps(torch.tensor([6, 4, 5]), BATCH, TIME)
NORMS = pytest.mark.parametrize("norm_first", [True, False], ids=["norm first", "norm last"])


def made(norm_first=True):
    torch.manual_seed(0)
    model = BERT(TOKENS, LONGEST, SIZE, HEADS, INNER, LAYERS, norm_first, torch.float64)
    scramble(model)
    return model


def read():
    draws = torch.Generator().manual_seed(1)
    tokens = torch.randint(1, TOKENS, (BATCH, TIME), generator=draws)
    return tokens, torch.randint(2, (BATCH, TIME), generator=draws)


def torchs(ours, norm_first):
    layer = nn.TransformerEncoderLayer(
        SIZE, HEADS, INNER, dropout=0.0, batch_first=True, norm_first=norm_first, dtype=torch.float64
    )
    norm = nn.LayerNorm(SIZE, dtype=torch.float64) if norm_first else None
    theirs = nn.TransformerEncoder(layer, LAYERS, norm, enable_nested_tensor=False)
    for block, other in zip(ours.encoder.blocks, theirs.layers, strict=True):
        copy_encoder_block(block, other)
    if norm is not None:
        copy_norm(ours.encoder.norm, norm)
        copy_norm(ours.encoder.norm, theirs.norm)
    return theirs


@NORMS
def test_it_is_torchs_encoder_with_two_heads_and_gradients(norm_first):
    ours = made(norm_first)
    theirs = torchs(ours, norm_first)
    tokens, segments = read()
    z, weights = ours(tokens, segments, REAL)
    entering = F.embedding(tokens, ours.E) + F.embedding(torch.arange(TIME), ours.P) + F.embedding(segments, ours.S)
    expected = theirs(entering, src_key_padding_mask=~REAL)
    torch.testing.assert_close(z, expected, **CLOSE)
    words = F.linear(F.gelu(F.linear(expected, ours.W_m, ours.b_m)), ours.W_o, ours.b_o)
    torch.testing.assert_close(ours.words(z), words, **CLOSE)
    belongs = F.linear(expected[:, 0], ours.W_n, ours.b_n)
    torch.testing.assert_close(ours.next_sentence(z), belongs, **CLOSE)
    upper = torch.randn_like(words), torch.randn_like(belongs)
    shared = [ours.E, ours.P, ours.S, ours.W_m, ours.b_m, ours.W_o, ours.b_o, ours.W_n, ours.b_n]
    block, layer = ours.encoder.blocks[0], theirs.layers[0]
    mine = torch.autograd.grad(
        (ours.words(z), ours.next_sentence(z)), [*shared, block.feed_forward.first.weight], upper
    )
    others = torch.autograd.grad((words, belongs), [*shared, layer.linear1.weight], upper)
    torch.testing.assert_close(mine, others, **CLOSE)
    assert weights.shape == (LAYERS, BATCH, HEADS, TIME, TIME)


def test_nobody_reads_the_padding():
    model = made()
    tokens, segments = read()
    z, weights = model(tokens, segments, REAL)
    other, _ = model(torch.where(REAL, tokens, (tokens + 1) % TOKENS), segments, REAL)
    assert torch.equal(z[REAL], other[REAL])
    assert not weights.masked_select(~REAL[:, None, None]).any()
    alone, _ = model(tokens[1:2, :4], segments[1:2, :4])
    torch.testing.assert_close(alone[0], z[1, :4], **CLOSE)


def test_words_alone_give_the_last_vector_of_cls_no_gradient():
    model = made()
    tokens, segments = read()
    z, _ = model(tokens, segments, REAL)
    z.retain_grad()
    chosen = torch.zeros(BATCH, TIME, dtype=torch.bool)
    chosen[0, 2] = chosen[2, 3] = True
    masked_language_loss(model.words(z[chosen]), tokens, chosen).backward(retain_graph=True)
    reached = z.grad.abs().sum(-1) > 0
    assert torch.equal(reached, chosen)
    model.next_sentence(z).sum().backward()
    assert (z.grad[:, 0].abs().sum(-1) > 0).all()


def test_the_loss_is_the_mean_over_all_places_that_are_asked_for():
    model = made()
    tokens, segments = read()
    z, _ = model(tokens, segments)
    chosen = torch.zeros(BATCH, TIME, dtype=torch.bool)
    chosen[0, 1] = chosen[0, 3] = chosen[0, 4] = chosen[2, 5] = True
    logits = model.words(z)
    costs = [-logits[row, step].log_softmax(-1)[tokens[row, step]] for row, step in ((0, 1), (0, 3), (0, 4), (2, 5))]
    found = masked_language_loss(model.words(z[chosen]), tokens, chosen)
    torch.testing.assert_close(found, sum(costs) / 4, **CLOSE)
    unasked = tokens.masked_fill(~chosen, -100)
    torch.testing.assert_close(found, F.cross_entropy(logits.transpose(1, 2), unasked), **CLOSE)


def test_what_is_impossible_is_refused():
    model = made()
    longer = torch.zeros(1, LONGEST + 1, dtype=torch.long)
    with pytest.raises(ValueError, match="tokens: expected at most 8 steps, got 9"):
        model(longer, longer)
    tokens, _ = read()
    with pytest.raises(ValueError, match="chosen: expected at least one place"):
        masked_language_loss(torch.zeros(0, TOKENS), tokens, torch.zeros(BATCH, TIME, dtype=torch.bool))
    with pytest.raises(ValueError, match=r"logits: expected shape \(asked=18, token\), got \(2, 11\)"):
        masked_language_loss(torch.zeros(2, TOKENS), tokens, torch.ones(BATCH, TIME, dtype=torch.bool))
    with pytest.raises(ValueError, match="longest: expected at least 1, got 0"):
        BERT(TOKENS, 0, SIZE, HEADS, INNER, LAYERS)
