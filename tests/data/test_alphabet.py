"""Characters ↔ numbers."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seqviz.data import Alphabet

LETTERS = Alphabet("helo wrd")


@given(st.text(st.sampled_from(LETTERS.characters), min_size=1))
def test_decode_undoes_encode_and_one_hot_marks_the_same_index(text):
    indices = LETTERS.encode(text)
    assert LETTERS.decode(indices) == text
    one_hot = LETTERS.one_hot(indices)
    assert one_hot.shape == (len(text), len(LETTERS))
    assert torch.equal(one_hot.argmax(-1), indices)
    assert torch.equal(one_hot.sum(-1), torch.ones(len(text)))


def test_repeated_characters_count_once_in_their_first_place():
    assert Alphabet("hello").characters == ("h", "e", "l", "o")


@pytest.mark.parametrize(("text", "message"), [("hexlöo", "got 'x', 'ö'"), ("", "an empty text")])
def test_impossible_texts_are_named(text, message):
    with pytest.raises(ValueError, match=message):
        LETTERS.encode(text)


def test_an_alphabet_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one character"):
        Alphabet("")
