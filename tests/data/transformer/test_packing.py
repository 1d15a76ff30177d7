"""Where special tokens and segments stand, and what is cut when a pair is too long."""

import pytest
import torch

from seqviz.data.tokenizer import CLS, PAD, SEP
from seqviz.data.transformer.packing import pack_batch, pack_pair

FIRST, SECOND = torch.tensor([11, 12, 13]), torch.tensor([21, 22])


def test_a_pair_with_room_to_spare():
    tokens, segments = pack_pair(FIRST, SECOND, 10)
    assert tokens.tolist() == [CLS, 11, 12, 13, SEP, 21, 22, SEP, PAD, PAD]
    assert segments.tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 0, 0]


def test_a_sentence_alone():
    tokens, segments = pack_pair(FIRST, None, 6)
    assert tokens.tolist() == [CLS, 11, 12, 13, SEP, PAD]
    assert segments.tolist() == [0] * 6


@pytest.mark.parametrize(
    ("length", "tokens"),
    [
        (8, [CLS, 11, 12, 13, SEP, 21, 22, SEP]),
        (7, [CLS, 11, 12, SEP, 21, 22, SEP]),  # the longer one loses its last
        (6, [CLS, 11, 12, SEP, 21, SEP]),  # of equal ones the second
        (5, [CLS, 11, SEP, 21, SEP]),
    ],
)
def test_the_longer_sentence_is_cut_at_its_end(length, tokens):
    assert pack_pair(FIRST, SECOND, length).tokens.tolist() == tokens


def test_a_longer_second_sentence_is_cut_as_well():
    tokens, segments = pack_pair(SECOND, torch.arange(31, 38), 9)
    assert tokens.tolist() == [CLS, 21, 22, SEP, 31, 32, 33, 34, SEP]
    assert segments.tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(("second", "length"), [(SECOND, 4), (None, 2), (torch.tensor([], dtype=torch.long), 9)])
def test_nothing_left_of_a_sentence_is_refused(second, length):
    with pytest.raises(ValueError, match=f"length: expected room for a word of every sentence, got {length}"):
        pack_pair(FIRST, second, length)


def test_a_batch_knows_its_padding():
    batch = pack_batch([pack_pair(FIRST, SECOND, 9), pack_pair(FIRST, None, 9)])
    assert batch.tokens.shape == batch.segments.shape == (2, 9)
    assert batch.real.sum(1).tolist() == [8, 5]
    assert pack_pair(FIRST, None, 6).real.tolist() == [True] * 5 + [False]
