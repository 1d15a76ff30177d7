"""Weights of <cls> in every network, and the class that the last one gives."""

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.traces.transformer.cls_look import trace_cls_look
from seqviz.traces.transformer.hidden_word import packed_text

from .encoder import TEXT, WORDS, made


def head():
    torch.manual_seed(3)
    return nn.Linear(6, 3, dtype=torch.float64)


def test_every_network_is_read_and_the_last_one_answers():
    networks = {"before": made(0), "after": made(1)}
    trace = trace_cls_look(networks, WORDS, TEXT, head(), ("x", "y", "z"))
    tokens, segments = packed_text(WORDS, TEXT)
    assert (trace.networks, trace.tokens) == (("before", "after"), WORDS.tokens_of(tokens))
    with torch.no_grad():
        for number, model in enumerate(networks.values()):
            z, weights = model(tokens[None], segments[None])
            np.testing.assert_allclose(trace.weights[number], weights[:, 0, :, 0], rtol=0, atol=1e-12)
        expected = head()(z[0, 0]).softmax(-1)
    np.testing.assert_allclose(trace.probabilities, expected, rtol=0, atol=1e-12)


def test_a_head_of_another_number_of_classes_is_refused():
    with pytest.raises(ValueError, match="classes: expected 3 names, as the head has classes, got 2"):
        trace_cls_look({"one": made()}, WORDS, TEXT, head(), ("x", "y"))
