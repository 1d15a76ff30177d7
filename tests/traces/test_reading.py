"""What a network reads of a text, for characters and for words."""

import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.models import LSTM, RNN
from seqviz.traces.reading import expect_unit, input_and_targets, one_hot_input

LETTERS, WORDS = Tokenizer.of_characters("helo"), Tokenizer.of_words(["the", "cat", "sat"])


@pytest.mark.parametrize(
    ("network", "tokenizer", "text", "indices"),
    [
        (RNN(4, 2, 4), LETTERS, "hello", [0, 1, 2, 2, 3]),
        (LSTM(3, 2, 3).double(), WORDS, "the cat sat the", [0, 1, 2, 0]),
    ],
)
def test_tokens_are_columns_of_the_identity_in_the_networks_dtype(network, tokenizer, text, indices):
    dtype = network.W_hy.dtype
    expected = torch.eye(len(tokenizer), dtype=dtype)[indices][None]
    assert torch.equal(one_hot_input(network, tokenizer, text), expected)
    assert torch.equal(one_hot_input(network, tokenizer, tokenizer.split(text)), expected)
    x, y = input_and_targets(network, tokenizer, text)
    assert torch.equal(x, expected[:, :-1])
    assert y.tolist() == [indices[1:]]


def test_what_cannot_be_read_is_said():
    with pytest.raises(ValueError, match="expected a tokenizer of 5 characters, as the network reads, got 4"):
        one_hot_input(RNN(5, 2, 4), LETTERS, "hello")
    with pytest.raises(ValueError, match="at least two words, one to read and one to predict, got 'cat'"):
        input_and_targets(RNN(3, 2, 3), WORDS, "cat")
    spoiled = RNN(4, 2, 4)
    with torch.no_grad():
        spoiled.W_hy[0, 0] = torch.nan
    with pytest.raises(ValueError, match="W_hy: expected finite numbers"):
        one_hot_input(spoiled, LETTERS, "hello")


def test_a_unit_that_there_is_not_is_refused():
    expect_unit(0, 3)
    expect_unit(2, 3)
    for unit in (-1, 3):
        with pytest.raises(ValueError, match=rf"unit: expected 0 … 2, got {unit}"):
            expect_unit(unit, 3)
