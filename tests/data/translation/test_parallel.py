"""Rows of two languages are padded, and targets end."""

from seqviz.data.tokenizer import BOS, EOS, PAD, UNK
from seqviz.data.translation.numbers import numbers_in_words


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
