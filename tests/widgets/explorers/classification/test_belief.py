"""What is typed is read by every classifier, and coloured by what one of them believes."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.models import LSTMLayer, SequenceClassifier, WordVectors
from seqviz.plots.classification.belief import Verdict
from seqviz.traces import trace_belief
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened

WORDS = Tokenizer.of_words(["<unk>", *"abc"])


@pytest.fixture
def classifiers():
    torch.manual_seed(0)
    return {
        "mean": SequenceClassifier(WordVectors(4, 3), 3, 1, "mean"),
        "last": SequenceClassifier(LSTMLayer(4, 5), 5, 1, "last"),
    }


def test_it_opens_at_the_word_that_turns_the_verdict_of_the_last_classifier(wire, classifiers):
    explorer = explore.belief(classifiers, WORDS, "a b c a")
    trace = trace_belief(classifiers, WORDS, "a b c a")
    assert explorer.values["step"] == Verdict(trace, "last").turning
    levels = opened(wire, explorer)["content"]["strip"]["levels"]
    np.testing.assert_allclose(levels, [trace.beliefs[1]], atol=1e-6)


def test_another_text_and_another_classifier_are_answered(wire, classifiers):
    explorer = explore.belief(classifiers, WORDS, "a b c a")
    content = answer(wire, explorer, text="b quokka", model="mean")["content"]
    trace = trace_belief(classifiers, WORDS, "b quokka")
    assert content["selections"] == 2
    np.testing.assert_allclose(content["strip"]["levels"], [trace.beliefs[0]], atol=1e-6)


def test_an_empty_text_is_answered_in_words(wire, classifiers):
    explorer = explore.belief(classifiers, WORDS, "a b c a")
    assert "at least one word" in answer(wire, explorer, text="  ")["content"]["error"]
