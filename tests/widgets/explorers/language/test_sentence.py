"""The curves are the surprises of each model; the bars are what the chosen one had expected."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.models import NGram, ngram
from seqviz.traces import trace_sentence
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened

LETTERS = Tokenizer.of_characters("abc ")
TRAINING = LETTERS.encode("abc cab abba cab bac")


@pytest.fixture
def models():
    return {
        name: (ngram.ngram_decode_step(NGram(TRAINING, 4, order)), ngram.no_context(1))
        for name, order in (("letters", 1), ("pairs", 2))
    }


def test_it_opens_with_the_last_model_and_shows_another_when_asked(wire, models):
    explorer = explore.sentence(models, LETTERS, "cab a")
    content = opened(wire, explorer)["content"]
    trace = trace_sentence(models, LETTERS, "cab a")
    traces = {one.uid: number for number, one in enumerate(explorer._base.data) if one.uid}
    place = f"data.{traces['expected']}.x"
    np.testing.assert_allclose(content["patches"][place], trace.probabilities["pairs"], atol=1e-6)
    content = answer(wire, explorer, model="letters")["content"]
    np.testing.assert_allclose(content["patches"][place], trace.probabilities["letters"], atol=1e-6)


def test_the_strip_is_lighter_where_the_token_was_expected(models):
    explorer = explore.sentence(models, LETTERS, "cab")
    levels = explorer.content["strip"]["levels"]
    bits = trace_sentence(models, LETTERS, "cab").bits("pairs")
    assert len(levels) == 1  # the same at every step
    assert list(np.argsort(levels[0])) == list(np.argsort(-bits))


def test_a_letter_that_no_model_knows_is_answered_in_words(wire, models):
    explorer = explore.sentence(models, LETTERS, "cab")
    assert "got 'x'" in answer(wire, explorer, text="cax")["content"]["error"]


def test_the_text_may_have_one_token(models):
    torch.manual_seed(0)
    assert explore.sentence(models, LETTERS, "a").content["selections"] == 1
