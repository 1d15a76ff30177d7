"""The parts add up to what the model says: the sum, and, by the shares, the difference of two log-probabilities."""

import numpy as np
import pytest
import torch

from seqviz.data.tokenizer import BOS
from seqviz.data.translation.parallel import ParallelText
from seqviz.models.transformer.translator import TransformerTranslator
from seqviz.traces.transformer.residual_stream import trace_residual_stream

TEXT = ParallelText.of([(tuple("abc"), tuple("xy")), (tuple("cab"), tuple("yz"))])
LAYERS, SIZE = 2, 12


def made(norm_first=True):
    torch.manual_seed(5)
    model = TransformerTranslator(len(TEXT.source), len(TEXT.target), SIZE, 3, 5, LAYERS, norm_first, torch.float64)
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(0.3 * torch.randn_like(weights))
        model.b_y[:7] -= 9  # no special token
    return model


def log_probabilities(model, trace, source):
    tokens = torch.tensor([[BOS, *(TEXT.target.tokens.index(token) for token in trace.said[:-1])]])
    logits, _ = model.decode(tokens, model.encode(TEXT.source.encode(tuple(source))[None]))
    return logits[0].log_softmax(-1).detach().numpy()


def test_the_shares_add_up_to_what_is_said():
    model = made()
    trace = trace_residual_stream(model, TEXT, "cabb", max_length=5)
    said = log_probabilities(model, trace, "cabb")
    steps = np.arange(len(trace.said))
    chosen, rival = ([TEXT.target.tokens.index(token) for token in tokens] for tokens in (trace.said, trace.rivals))
    difference = said[steps, chosen] - said[steps, rival]
    assert difference.min() > 0
    np.testing.assert_allclose(trace.shares.sum(0) + trace.constant, difference, atol=1e-10)
    np.testing.assert_allclose(trace.probabilities[-1], np.exp(said[steps, chosen]), atol=1e-12)
    assert [trace.tokens[token] for token in trace.likeliest[-1]] == list(trace.said)


def test_there_is_a_part_for_the_token_the_position_and_every_sublayer():
    model = made()
    trace = trace_residual_stream(model, TEXT, "abc", max_length=4)
    assert trace.parts == (
        "token", "position", "1 written", "1 source", "1 feed-forward", "2 written", "2 source", "2 feed-forward",
    )  # fmt: skip
    np.testing.assert_allclose(trace.lengths[0, 0], model.E_y[BOS].norm().item())
    np.testing.assert_allclose(trace.lengths[1], np.sqrt(SIZE / 2))  # of sines and cosines


def test_a_sublayer_that_adds_nothing_has_no_share():
    model = made()
    with torch.no_grad():
        model.decoder.blocks[1].cross_attention.W_o.zero_()
        model.decoder.blocks[1].cross_attention.b_o.zero_()
    trace = trace_residual_stream(model, TEXT, "abc", max_length=4)
    silent = trace.parts.index("2 source")
    assert not trace.shares[silent].any()
    assert not trace.lengths[silent].any()
    np.testing.assert_array_equal(trace.probabilities[silent], trace.probabilities[silent - 1])
    assert trace.shares[silent - 1].all()


def test_the_norm_last_has_no_sum():
    with pytest.raises(ValueError, match="expected the norm first"):
        trace_residual_stream(made(norm_first=False), TEXT, "abc")
