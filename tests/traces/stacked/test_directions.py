"""Beliefs are the taggers' own softmax."""

import numpy as np
import pytest
import torch

from seqviz.data import UNKNOWN, Tokenizer
from seqviz.models import Bidirectional, RNNLayer, Tagger
from seqviz.traces import trace_directions

VOCABULARY = Tokenizer.of_words([UNKNOWN, "teddy", "bears", "roosevelt"])
TAGS = ("O", "B-PER", "I-PER")


@pytest.fixture
def taggers():
    torch.manual_seed(0)
    both = Bidirectional(RNNLayer(4, 5), RNNLayer(4, 6))
    return {"one": Tagger(RNNLayer(4, 7), 7, 3), "both": Tagger(both, 11, 3)}


def test_every_tagger_reads_the_same_words(taggers):
    words = ["teddy", "zebra", "bears", "teddy"]
    trace = trace_directions(taggers, VOCABULARY, TAGS, words)
    x = torch.eye(4)[[1, 0, 2, 1]][None]
    for believed, tagger in zip(trace.probabilities, taggers.values(), strict=True):
        np.testing.assert_allclose(believed, tagger(x)[0].softmax(-1).detach(), atol=1e-6)
    assert trace.tokens == tuple(words)
    assert trace.readers == ("one", "both")
    np.testing.assert_allclose(trace.something, trace.probabilities[..., 1:].sum(-1), atol=1e-6)
    assert trace.best(1, 2) == TAGS[trace.probabilities[1, 2].argmax()]


def test_what_cannot_be_read_is_said(taggers):
    with pytest.raises(ValueError, match="at least one word"):
        trace_directions(taggers, VOCABULARY, TAGS, [])
    with pytest.raises(ValueError, match=r"logits: expected shape \(batch=1, time=1, tags=2\)"):
        trace_directions(taggers, VOCABULARY, TAGS[:2], ["teddy"])
    with torch.no_grad():
        taggers["both"].b_y[0] = torch.nan
    with pytest.raises(ValueError, match="b_y: expected finite numbers, got 1 NaN"):
        trace_directions(taggers, VOCABULARY, TAGS, ["teddy"])
