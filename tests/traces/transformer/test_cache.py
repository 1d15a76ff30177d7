"""What was computed is counted, what is said is what the model says, and both ways say the same."""

import numpy as np
import pytest
import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.transformer.decoder_only import SCHEMES, CausalTransformer
from seqviz.models.translation.search import greedy
from seqviz.traces import trace_cache

LETTERS = Tokenizer.of_characters("abcd")
LAYERS, SIZE = 2, 6


def made(scheme="alibi", longest=9):
    torch.manual_seed(0)
    model = CausalTransformer(len(LETTERS), SIZE, 3, 5, LAYERS, scheme, longest)
    torch.nn.init.normal_(model.W_o)
    return model


@pytest.mark.parametrize("scheme", SCHEMES)
def test_without_a_cache_everything_is_computed_at_every_step_and_with_one_what_is_new(scheme):
    trace = trace_cache(made(scheme), LETTERS, "abc", length=5)
    assert list(trace.again) == [3, 4, 5, 6, 7]
    assert list(trace.cached) == [3, 1, 1, 1, 1]
    assert trace.apart.max() < 1e-5
    assert trace.numbers == 2 * LAYERS * SIZE


def test_what_is_said_is_the_likeliest_and_is_read_next():
    model = made("rotary")
    trace = trace_cache(model, LETTERS, "abc", length=5)
    _, past = model(LETTERS.encode("ab")[None])
    expected = greedy(model.step, past, LETTERS.tokens.index("c"), -1, 5).tokens
    assert trace.said == tuple(LETTERS.tokens[token] for token in expected)
    assert trace.tokens == ("a", "b", "c", *trace.said[:-1])
    assert trace.prompt == 3


def test_counting_leaves_no_trace_in_the_model():
    model = made()
    trace_cache(model, LETTERS, "a", length=1)
    assert not model.blocks[0]._forward_hooks


def test_impossible_requests_are_refused():
    with pytest.raises(ValueError, match="length: expected at least 1, got 0"):
        trace_cache(made(), LETTERS, "a", length=0)
    with pytest.raises(ValueError, match="'q'"):
        trace_cache(made(), LETTERS, "aq")
    with pytest.raises(ValueError, match="expected at most 4 steps, for which positions exist, got 5"):
        trace_cache(made("learned", 4), LETTERS, "ab", length=5)
    assert np.all(trace_cache(made("learned", 4), LETTERS, "ab", length=3).apart < 1e-5)
