"""Words to numbers and back."""

import pytest
import torch

from seqviz.data import UNKNOWN, Vocabulary


def test_words_come_back():
    vocabulary = Vocabulary(["teddy", "bears", "are", "teddy"])
    assert len(vocabulary) == 3
    assert "bears" in vocabulary
    assert "bear" not in vocabulary
    indices = vocabulary.encode(["are", "teddy"])
    assert indices.tolist() == [2, 0]
    assert vocabulary.decode(indices) == ("are", "teddy")
    assert vocabulary.one_hot(indices).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert vocabulary.one_hot(indices, torch.float64).dtype == torch.float64


def test_a_sign_stands_for_unknown_words_where_there_is_one():
    with pytest.raises(ValueError, match="expected only known words, got 'apple', 'zebra'"):
        Vocabulary(["pear"]).encode(["zebra", "pear", "apple"])
    assert Vocabulary(["pear", UNKNOWN]).encode(["zebra", "pear"]).tolist() == [1, 0]


def test_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one word"):
        Vocabulary([])
    with pytest.raises(ValueError, match="at least one word"):
        Vocabulary(["pear"]).encode([])
