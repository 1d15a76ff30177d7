"""Beside torch's encoder with a causal mask; cached equals whole; what every scheme knows of a position."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 torch's own name for it

from seqviz.models.decoding import next_log_probabilities, sample
from seqviz.models.masks import causal_mask
from seqviz.models.self_attention.positions import alibi_slopes, rotary, sinusoidal_encoding
from seqviz.models.transformer.decoder_only import SCHEMES, CausalBlock, CausalTransformer
from seqviz.models.translation.search import beam_steps, greedy, log_probability

from .copied import copy_encoder_block, copy_norm, scramble

BATCH, TIME, TOKENS, SIZE, HEADS, INNER, LAYERS = 2, 7, 5, 12, 3, 10, 2
CLOSE = {"rtol": 0, "atol": 1e-10}


def model_of(scheme, tied=False):
    torch.manual_seed(0)
    model = CausalTransformer(TOKENS, SIZE, HEADS, INNER, LAYERS, scheme, TIME, torch.float64, tied=tied)
    scramble(model)
    return model


def some_tokens():
    return torch.randint(TOKENS, (BATCH, TIME), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("scheme", ["none", "learned", "sinusoidal"])
def test_with_vectors_that_are_added_it_is_torchs_encoder_with_a_causal_mask(scheme):
    ours, tokens = model_of(scheme), some_tokens()
    layer = nn.TransformerEncoderLayer(
        SIZE, HEADS, INNER, dropout=0.0, batch_first=True, norm_first=True, dtype=torch.float64
    )
    norm = nn.LayerNorm(SIZE, dtype=torch.float64)
    theirs = nn.TransformerEncoder(layer, LAYERS, norm, enable_nested_tensor=False)
    for block, other in zip(ours.blocks, theirs.layers, strict=True):
        copy_encoder_block(block, other)
    copy_norm(ours.norm, theirs.norm)
    added = {
        "none": torch.zeros(TIME, SIZE, dtype=torch.float64),
        "learned": ours.P,
        "sinusoidal": sinusoidal_encoding(torch.arange(TIME), SIZE),
    }[scheme]
    expected = theirs(ours.E[tokens] + added, mask=~causal_mask(TIME)) @ ours.W_o.T + ours.b_o
    logits, _ = ours(tokens)
    torch.testing.assert_close(logits, expected, **CLOSE)
    upper = torch.randn_like(logits)
    mine, others = (torch.autograd.grad(one, [ours.E, ours.W_o], upper) for one in (logits, expected))
    torch.testing.assert_close(mine, others, **CLOSE)


@pytest.mark.parametrize("scheme", ["alibi", "rotary"])
def test_what_enters_the_scores_is_torchs_attention_with_a_bias_and_with_turned_queries_and_keys(scheme):
    torch.manual_seed(2)
    block = CausalBlock(SIZE, HEADS, INNER, scheme, torch.float64)
    scramble(block)
    x = torch.randn(BATCH, TIME, SIZE, dtype=torch.float64)
    entering = block.around_attention.norm(x)
    q, (k, v) = block.attention.queries(entering), block.attention.keys_and_values(entering)
    steps = torch.arange(TIME)
    mask = torch.zeros(TIME, TIME, dtype=torch.float64).masked_fill(~causal_mask(TIME), -torch.inf)
    if scheme == "alibi":
        mask = mask - alibi_slopes(HEADS)[:, None, None] * (steps[:, None] - steps).clamp_min(0)
    else:
        q, k = rotary(q, steps), rotary(k, steps)
    z = F.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).flatten(2)
    read = x + z @ block.attention.W_o.T + block.attention.b_o
    expected = read + block.feed_forward(block.around_feed_forward.norm(read))
    torch.testing.assert_close(block(x)[0], expected, **CLOSE)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("cuts", [(1,) * TIME, (3, 4), (1, 5, 1)])
def test_what_is_read_bit_by_bit_is_what_is_read_at_once(scheme, cuts):
    model, tokens = model_of(scheme), some_tokens()
    whole, kept = model(tokens)
    past, logits = None, []
    for part in tokens.split(cuts, 1):
        of_part, past = model(part, past)
        logits.append(of_part)
    torch.testing.assert_close(torch.cat(logits, 1), whole, **CLOSE)
    torch.testing.assert_close([*past], [*kept], **CLOSE)


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_decode_steps_say_at_every_step_what_the_whole_text_says(scheme, tied):
    model, tokens = model_of(scheme, tied), some_tokens()
    expected = model(tokens)[0].log_softmax(-1)
    torch.testing.assert_close(next_log_probabilities(model.step, None, tokens[0]), expected[0], **CLOSE)
    past = None
    for t, token in enumerate(tokens.unbind(1)):
        log_p, past = model.step(token, past)
        torch.testing.assert_close(log_p, expected[:, t], **CLOSE)
        assert past[0].k.shape == (BATCH, HEADS, t + 1, SIZE // HEADS)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_hypothesis_of_a_beam_goes_on_from_its_own_parents_past(scheme):
    model, start, end = model_of(scheme), 0, 1
    steps = list(beam_steps(model.step, None, start, end, 4, TIME - 1))
    assert any(one.parents != tuple(sorted(one.parents)) for one in steps), "the past has to change its order"
    for kept in (one for step in steps for one in step.kept):
        text = torch.tensor([[start, *kept.tokens]])
        whole = model(text[:, :-1])[0].log_softmax(-1)
        expected = whole[0].gather(-1, text[0, 1:, None]).sum().item()
        assert kept.log_probability == pytest.approx(expected, abs=1e-10)
        assert log_probability(model.step, None, start, kept.tokens) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_greedy_and_sampling_go_on_from_what_a_prompt_left(scheme):
    model, prompt = model_of(scheme), some_tokens()[:1, :3]
    _, past = model(prompt[:, :-1])
    text = prompt
    for _ in range(3):
        text = torch.cat([text, model(text)[0][:, -1].argmax(-1)[:, None]], 1)
    assert greedy(model.step, past, int(prompt[0, -1]), TOKENS, 3).tokens == tuple(text[0, 3:].tolist())
    coldest = sample(model.step, past, prompt[:, -1], 3, top_k=1)
    assert torch.equal(coldest, text[:, 3:])


def test_tied_the_matrix_of_the_embeddings_is_the_output_layers_and_both_uses_add_their_gradients():
    model, tokens = model_of("none", tied=True), some_tokens()
    assert model.W_o is model.E
    apart = model_of("none")
    with torch.no_grad():
        for name, weight in apart.named_parameters():
            weight.copy_(
                math.sqrt(SIZE) * model.E if name == "E" else dict(model.named_parameters()).get(name, model.E)
            )
    torch.testing.assert_close(model(tokens)[0], apart(tokens)[0], **CLOSE)
    upper = torch.randn(BATCH, TIME, TOKENS, dtype=torch.float64)
    (both,) = torch.autograd.grad(model(tokens)[0], [model.E], upper)
    read, said = torch.autograd.grad(apart(tokens)[0], [apart.E, apart.W_o], upper)
    torch.testing.assert_close(both, math.sqrt(SIZE) * read + said, **CLOSE)
    assert sum(w.numel() for w in apart.parameters()) - sum(w.numel() for w in model.parameters()) == TOKENS * SIZE


def test_tied_or_not_what_enters_the_first_block_starts_with_the_deviation_1_and_scores_start_small():
    torch.manual_seed(4)
    for tied in (False, True):
        model = CausalTransformer(200, 64, 2, 8, 1, "none", tied=tied)
        tokens = torch.arange(200)[None]
        assert model.embedded(tokens).std().item() == pytest.approx(1, abs=0.05)
        assert model(tokens)[0].std().item() < 1.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_nobody_looks_ahead(scheme):
    model, tokens = model_of(scheme), some_tokens()
    other = tokens.clone()
    other[:, 4] = (other[:, 4] + 1) % TOKENS
    before, after = model(tokens)[0], model(other)[0]
    torch.testing.assert_close(before[:, :4], after[:, :4], rtol=0, atol=0)
    assert (before[:, 4:] - after[:, 4:]).abs().amax(-1).min() > 1e-6


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_block_reads_its_past_as_a_set_unless_the_scheme_acts_on_the_scores(scheme):
    torch.manual_seed(3)
    block = CausalBlock(SIZE, HEADS, INNER, scheme, torch.float64)
    x = torch.randn(1, TIME, SIZE, dtype=torch.float64)
    swapped = x[:, [1, 0, *range(2, TIME)]]
    same = torch.allclose(block(x)[0][:, -1], block(swapped)[0][:, -1], rtol=0, atol=1e-10)
    assert same == (scheme not in ("alibi", "rotary"))


def test_only_learned_positions_end():
    longer = torch.zeros(1, TIME + 1, dtype=torch.long)
    for scheme in SCHEMES:
        if scheme != "learned":
            assert model_of(scheme)(longer)[0].shape == (1, TIME + 1, TOKENS)
    model = model_of("learned")
    with pytest.raises(ValueError, match="tokens: expected at most 7 steps, for which positions exist, got 8"):
        model(longer)
    _, past = model(some_tokens())
    with pytest.raises(ValueError, match="got 8"):
        model(some_tokens()[:, :1], past)


def test_all_schemes_start_from_the_same_weights():
    of_none = dict(model_of("none").named_parameters())
    for scheme in SCHEMES:
        torch.manual_seed(0)
        model = CausalTransformer(TOKENS, SIZE, HEADS, INNER, LAYERS, scheme, TIME, torch.float64)
        torch.manual_seed(0)
        plain = CausalTransformer(TOKENS, SIZE, HEADS, INNER, LAYERS, "none", TIME, torch.float64)
        for name, weight in plain.named_parameters():
            assert torch.equal(weight, model.get_parameter(name)), (scheme, name)
        assert set(dict(model.named_parameters())) - set(of_none) == ({"P"} if scheme == "learned" else set())


def test_an_unknown_scheme_is_refused():
    with pytest.raises(ValueError, match="scheme: expected one of 'none', 'learned', 'sinusoidal'"):
        CausalBlock.__init__.__wrapped__(CausalBlock.__new__(CausalBlock), SIZE, HEADS, INNER, "relative")
