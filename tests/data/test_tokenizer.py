"""Text ↔ numbers, by characters and by words."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seqviz.data import SPECIAL_TOKENS, UNKNOWN, Tokenizer
from seqviz.data.tokenizer import BOS, CLS, EOS, MASK, PAD, SEP, UNK

LETTERS = Tokenizer.of_characters("helo wrd")
WORDS = Tokenizer.of_words(["teddy", "bears", "are", "teddy"])


@given(st.text(st.sampled_from(LETTERS.tokens), min_size=1))
def test_decode_undoes_encode_and_one_hot_marks_the_same_index(text):
    indices = LETTERS.encode(text)
    assert LETTERS.decode(indices) == text
    assert LETTERS.tokens_of(indices) == tuple(text)
    one_hot = LETTERS.one_hot(indices)
    assert one_hot.shape == (len(text), len(LETTERS))
    assert torch.equal(one_hot.argmax(-1), indices)
    assert torch.equal(one_hot.sum(-1), torch.ones(len(text)))


def test_repeated_tokens_count_once_in_their_first_place():
    assert Tokenizer.of_characters("hello").tokens == ("h", "e", "l", "o")
    assert WORDS.tokens == ("teddy", "bears", "are")


def test_words_come_back_from_a_text_and_from_a_list():
    assert len(WORDS) == 3
    assert "bears" in WORDS
    assert "bear" not in WORDS
    for text in ("are teddy", ["are", "teddy"], ("are", "teddy")):
        indices = WORDS.encode(text)
        assert indices.tolist() == [2, 0]
    assert WORDS.decode(indices) == "are teddy"
    assert WORDS.tokens_of(indices) == ("are", "teddy")
    assert WORDS.one_hot(indices).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert WORDS.one_hot(indices, torch.float64).dtype == torch.float64


def test_characters_may_be_given_one_by_one():
    assert LETTERS.encode(["h", "o"]).tolist() == LETTERS.encode("ho").tolist()


@pytest.mark.parametrize(
    ("text", "message"),
    [("hexlöo", "expected only characters of 'helo wrd', got 'x', 'ö'"), ("", "expected at least one character")],
)
def test_an_impossible_text_is_named(text, message):
    with pytest.raises(ValueError, match=message):
        LETTERS.encode(text)


def test_a_sign_stands_for_unknown_tokens_where_there_is_one():
    assert WORDS.unknown is None
    with pytest.raises(ValueError, match="expected only known words, got 'apple', 'zebra'"):
        Tokenizer.of_words(["pear"]).encode(["zebra", "pear", "apple"])
    marked = Tokenizer.of_words(["pear", UNKNOWN])
    assert marked.unknown == 1
    assert marked.encode(["zebra", "pear"]).tolist() == [1, 0]


@pytest.mark.parametrize("make", [Tokenizer.of_characters, Tokenizer.of_words])
def test_special_tokens_have_the_same_indices_everywhere(make):
    tokenizer = make(["a", "b"], special=True)
    assert tokenizer.tokens == (*SPECIAL_TOKENS, "a", "b")
    names = dict(zip(("<pad>", "<bos>", "<eos>", "<unk>", "<mask>", "<cls>", "<sep>"), range(7), strict=True))
    assert [names[token] for token in SPECIAL_TOKENS] == [PAD, BOS, EOS, UNK, MASK, CLS, SEP] == list(range(7))
    assert tokenizer.encode(["b", "<eos>", "zebra"]).tolist() == [8, EOS, UNK]


@pytest.mark.parametrize(("make", "unit"), [(Tokenizer.of_characters, "character"), (Tokenizer.of_words, "word")])
def test_nothing_is_refused(make, unit):
    with pytest.raises(ValueError, match=f"at least one {unit}, got none"):
        make([])
    with pytest.raises(ValueError, match=f"at least one {unit}"):
        make(["pear"]).encode([])
