"""Windows, pairs and counts against loops over the sentences."""

import pytest
import torch

from seqviz.models.embeddings.word_windows import cooccurrences, skipgram_pairs, word_windows

SENTENCES = [torch.tensor([3, 1, 4, 1, 5]), torch.tensor([2]), torch.tensor([0, 5, 3])]


def by_loops(window):
    for sentence in (one.tolist() for one in SENTENCES):
        for t, word in enumerate(sentence):
            for other in range(max(0, t - window), min(len(sentence), t + window + 1)):
                if other != t:
                    yield word, sentence[other], abs(other - t)


@pytest.mark.parametrize("window", [1, 2, 7])
def test_the_pairs_are_those_of_a_loop_in_the_same_order(window: int):
    assert skipgram_pairs(SENTENCES, window).tolist() == [[w, c] for w, c, _ in by_loops(window)]


@pytest.mark.parametrize("window", [1, 2, 7])
@pytest.mark.parametrize("by_distance", [False, True])
def test_the_counts_are_those_of_a_loop(window: int, by_distance: bool):
    expected = torch.zeros(6, 6, dtype=torch.float64)
    for w, c, distance in by_loops(window):
        expected[w, c] += 1 / distance if by_distance else 1
    torch.testing.assert_close(cooccurrences(SENTENCES, 6, window, by_distance=by_distance), expected)


def test_a_window_holds_the_word_and_what_is_beside_it():
    windows = word_windows(SENTENCES, 2, 1, pad=9)
    assert len(windows) == 9
    assert windows[0].tolist() == [9, 9, 3, 1]
    assert windows[4].tolist() == [4, 1, 5, 9]
    assert windows[5].tolist() == [9, 9, 2, 9]


def test_impossible_requests_are_named():
    with pytest.raises(ValueError, match="window: expected"):
        skipgram_pairs(SENTENCES, 0)
    with pytest.raises(ValueError, match="left, right"):
        word_windows(SENTENCES, -1, 2, pad=0)
    with pytest.raises(ValueError, match="at least one word"):
        skipgram_pairs([], 2)
    with pytest.raises(ValueError, match=r"0 … 4, got 5"):
        cooccurrences(SENTENCES, 5, 2)
