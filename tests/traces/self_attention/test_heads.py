"""Weights and answers are the model's."""

import numpy as np
import torch

from seqviz.traces.self_attention.heads import trace_heads

from .made import TEXT, WORDS, made


def test_all_heads_and_the_likeliest_word_at_every_step():
    model = made()
    trace = trace_heads(model, WORDS, TEXT)
    with torch.no_grad():
        logits, weights = model(WORDS.encode(TEXT)[None])
    np.testing.assert_array_equal(trace.weights, weights[:, 0])
    assert trace.names == ("1.1", "1.2", "2.1", "2.2")
    for (word, probability), row in zip(trace.said, logits[0].softmax(-1), strict=True):
        assert word == WORDS.tokens[int(row.argmax())]
        assert probability == float(row.max())
