"""Pairs as padded batches, and back again by hand."""

import pytest
import torch

from seqviz.data.tokenizer import EOS, PAD, SPECIAL_TOKENS
from seqviz.data.translation.parallel import ParallelText, padded

PAIRS = [(("4", "3"), ("drei", "und", "vierzig")), (("1", "0", "0"), ("hundert",)), (("7",), ("sieben",))]


def test_the_tokenizers_hold_what_occurs_after_the_special_tokens():
    text = ParallelText.of(PAIRS)
    special = len(SPECIAL_TOKENS)
    assert list(text.source.tokens) == [*SPECIAL_TOKENS, "0", "1", "3", "4", "7"]
    assert list(text.target.tokens)[special:] == ["drei", "hundert", "sieben", "und", "vierzig"]
    assert len(text) == 3


def test_a_batch_holds_the_rows_that_were_asked_for_in_their_order():
    text = ParallelText.of(PAIRS)
    batch = text.batch([2, 0])
    assert batch.source_lengths.tolist() == [1, 2]
    assert batch.target_lengths.tolist() == [2, 4], "the end is counted"
    words = [[text.target.tokens[token] for token in row] for row in batch.target]
    assert words == [["sieben", "<eos>", "<pad>", "<pad>"], ["drei", "und", "vierzig", "<eos>"]]
    digits = [[text.source.tokens[token] for token in row] for row in batch.source]
    assert digits == [["7", "<pad>"], ["4", "3"]]


def test_rows_are_padded_to_the_longest():
    rows, lengths = padded([torch.tensor([5, EOS]), torch.tensor([6, 7, EOS])])
    assert rows.tolist() == [[5, EOS, PAD], [6, 7, EOS]]
    assert lengths.tolist() == [2, 3]


def test_a_source_is_read_character_by_character_and_what_was_never_learned_is_refused():
    text = ParallelText.of(PAIRS)
    assert text.source.tokens_of(text.read("413")) == ("4", "1", "3")
    with pytest.raises(ValueError, match="expected what was learned, got 'x', '9'"):
        text.read("4x9x")
    with pytest.raises(ValueError, match="got an empty text"):
        text.read("")
