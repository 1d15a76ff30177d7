"""Words of numbers: parts that make up the word again, and the order that makes German worth translating."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from seqviz.data.tokenizer import BOS, EOS, PAD, UNK
from seqviz.data.translation.numbers import number_words, numbers_in_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "null"),
        (1, "eins"),
        (16, "sech zehn"),
        (40, "vierzig"),
        (243, "zwei hundert drei und vierzig"),
        (21_017, "ein und zwanzig tausend sieb zehn"),
    ],
)
def test_german_says_units_before_tens_inside_every_group(number, words):
    assert number_words(number, "German") == tuple(words.split())


@given(st.integers(0, 999_999))
def test_the_parts_of_a_german_number_are_the_whole_number(number):
    assert "".join(number_words(number, "German")) == num2words(number, lang="de").replace(" ", "")


def test_no_word_has_a_hyphen_or_a_comma():
    assert number_words(1243, "English") == ("one", "thousand", "two", "hundred", "and", "forty", "three")
    assert number_words(1780, "French") == ("mille", "sept", "cent", "quatre", "vingts")


def test_a_batch_is_padded_and_targets_end():
    text = numbers_in_words([7, 10, 243], "German")
    assert not {"<unk>", "0"} & set(text.target.tokens[7:])
    batch = text.batch([0, 2])
    assert batch.source_lengths.tolist() == [1, 3]
    assert batch.source[0, 1:].tolist() == [PAD, PAD]
    assert batch.target_lengths.tolist() == [2, 6]
    assert batch.target[0, 1:].tolist() == [EOS, PAD, PAD, PAD, PAD]
    assert text.target.decode(batch.target[1, :-1]) == "zwei hundert drei und vierzig"
    assert batch.target[1, -1] == EOS
    assert BOS not in batch.target
    assert UNK not in batch.source


def test_other_numbers_and_languages_are_refused():
    with pytest.raises(ValueError, match=r"number: expected a whole number in 0 … 999,999, got 1000000"):
        number_words(1_000_000, "German")
    with pytest.raises(ValueError, match="language: expected one of English, German, French, got 'Danish'"):
        number_words(3, "Danish")
