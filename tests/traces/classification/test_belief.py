"""Beliefs are those of beginnings, and of texts without one of their words."""

import numpy as np
import pytest
import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models import LSTMLayer, SequenceClassifier, WordVectors
from seqviz.traces import trace_belief

WORDS = Tokenizer.of_words(["<unk>", *"abc"])


@pytest.fixture
def classifiers():
    torch.manual_seed(0)
    return {
        "mean": SequenceClassifier(WordVectors(4, 3), 3, 1, "mean"),
        "last": SequenceClassifier(LSTMLayer(4, 5), 5, 1, "last"),
    }


def asked(classifier, words):
    with torch.no_grad():
        return float(classifier(WORDS.one_hot(WORDS.encode(words))[None]).sigmoid())


def test_after_every_word_and_without_every_word(classifiers):
    words = ["a", "c", "b", "quokka"]
    trace = trace_belief(classifiers, WORDS, " ".join(words))
    assert (trace.tokens, trace.models) == (tuple(words), ("mean", "last"))
    for number, classifier in enumerate(classifiers.values()):
        for t in range(4):
            assert trace.beliefs[number, t] == pytest.approx(asked(classifier, words[: t + 1]), abs=1e-6)
            for left_out in range(4):
                rest = [word for i, word in enumerate(words[: t + 1]) if i != left_out]
                found = trace.without[number, left_out, t]
                if rest:
                    assert found == pytest.approx(asked(classifier, rest), abs=1e-6)
                else:
                    assert np.isnan(found)
        whole = asked(classifier, words)
        turns = [whole - asked(classifier, words[:i] + words[i + 1 :]) for i in range(4)]
        np.testing.assert_allclose(trace.turns(number), turns, atol=1e-6)


def test_without_its_only_word_nothing_is_left(classifiers):
    trace = trace_belief(classifiers, WORDS, "b")
    assert np.isnan(trace.without).all()
    assert trace.beliefs.shape == (2, 1)


def test_what_cannot_be_read_is_refused(classifiers):
    with pytest.raises(ValueError, match="at least one word, got an empty text"):
        trace_belief(classifiers, WORDS, " ")
    with torch.no_grad():
        classifiers["last"].b_y.fill_(torch.nan)
    with pytest.raises(ValueError, match="b_y: expected finite numbers"):
        trace_belief(classifiers, WORDS, "a")
