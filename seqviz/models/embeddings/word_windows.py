"""What stands near a word: windows of sentences, pairs of a word and one nearby, and how often each pair came up.

Nothing here crosses the end of a sentence.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.models import expect

Sentence = Int[Tensor, "_"]  # of any length


def word_windows(sentences: Sequence[Sentence], left: int, right: int, pad: int) -> Int[Tensor, "word position"]:
    """Return, for every word of every sentence, the words from ``left`` places before it to ``right`` after it.

    where the word itself stands in column ``left``, and ``pad`` where the sentence does not reach.

    Raises ValueError for a negative size and where there is no word.
    """
    if left < 0 or right < 0:
        raise ValueError(f"left, right: expected 0 or more places, got {left} and {right}")
    _expect_words(sentences)
    rows = []
    for sentence in sentences:
        padded = torch.cat([sentence.new_full((left,), pad), sentence, sentence.new_full((right,), pad)])
        rows.append(padded.unfold(0, left + 1 + right, 1))
    return torch.cat(rows)


def skipgram_pairs(sentences: Sequence[Sentence], window: int) -> Int[Tensor, "pair 2"]:
    r"""Return every pair (word, context word) at most ``window`` places apart: $0 < |t' - t| \le$ window.

    where both directions are pairs: each word is the context of its context words. The pairs of a word stand together,
    in the order of the text.

    Raises ValueError for a window below 1 and where there is no word.

    Source: Mikolov et al. 2013, "Efficient estimation of word representations in vector space", section 3.2. Their
    program draws the window of every word anew from 1 to its largest, which counts near words more often.
    """
    expect.at_least_one(window=window)
    near = word_windows(sentences, window, window, pad=-1)
    contexts = torch.cat([near[:, :window], near[:, window + 1 :]], 1)
    words = near[:, window, None].expand_as(contexts)
    pairs = torch.stack([words, contexts], -1).flatten(0, 1)
    return pairs[pairs[:, 1] >= 0]


def cooccurrences(
    sentences: Sequence[Sentence], vocabulary: int, window: int, *, by_distance: bool = False
) -> Float[Tensor, "word context"]:
    r"""Return $X_{wc}$, how often c stands at most ``window`` places from w.

    where ``by_distance`` counts a pair that is k places apart as 1/k.

    Raises ValueError for a window below 1, where there is no word, and for a word outside the vocabulary.

    Source: Pennington et al. 2014, "GloVe", section 4.2: the weights 1/k stand there, not in the equations.
    """
    expect.at_least_one(window=window, vocabulary=vocabulary)
    near = word_windows(sentences, 0, window, pad=-1)
    if int(near.max()) >= vocabulary:
        raise ValueError(f"sentences: expected words in 0 … {vocabulary - 1}, got {int(near.max())}")
    counts = torch.zeros(vocabulary * vocabulary, dtype=torch.float64)
    for distance in range(1, window + 1):
        pairs = near[near[:, distance] >= 0]
        found = (pairs[:, 0] * vocabulary + pairs[:, distance]).bincount(minlength=len(counts))
        counts += found / (distance if by_distance else 1)
    one_way = counts.view(vocabulary, vocabulary)
    return one_way + one_way.T


def _expect_words(sentences: Sequence[Sentence]) -> None:
    if not sum(map(len, sentences)):
        raise ValueError("sentences: expected at least one word, got none")
