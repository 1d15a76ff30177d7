"""PMI by counting a list of pairs; the best factorisation of a size, and its error."""

import math
from collections import Counter

import numpy as np
import pytest
import torch

from seqviz.models.embeddings.pmi import factorised, pmi, positive, shifted_pmi

PAIRS = [(0, 1), (0, 1), (1, 0), (1, 0), (0, 2), (2, 0), (2, 2), (1, 1), (1, 1), (1, 1), (0, 2)]
X = torch.zeros(4, 3, dtype=torch.float64)
for _w, _c in PAIRS:
    X[_w, _c] += 1


def test_it_is_the_logarithm_of_how_much_more_often_than_by_chance():
    together, words, contexts = Counter(PAIRS), Counter(w for w, _ in PAIRS), Counter(c for _, c in PAIRS)
    found = pmi(X)
    for w in range(4):
        for c in range(3):
            n = together[w, c]
            chance = words[w] / len(PAIRS) * contexts[c] / len(PAIRS)
            assert float(found[w, c]) == pytest.approx(math.log(n / len(PAIRS) / chance) if n else -math.inf)
    assert bool((positive(found) >= 0).all())
    assert float(positive(found)[3, 0]) == 0


def test_independent_words_have_none():
    counts = torch.outer(torch.tensor([1.0, 2, 5]), torch.tensor([3.0, 1, 4])).double()
    torch.testing.assert_close(pmi(counts), torch.zeros(3, 3, dtype=torch.float64), rtol=0, atol=1e-12)


def test_with_the_frequencies_as_noise_the_shift_is_log_K():
    seen = X > 0
    torch.testing.assert_close(shifted_pmi(X, 5)[seen], (pmi(X) - math.log(5))[seen])
    noise = torch.tensor([0.2, 0.3, 0.5], dtype=torch.float64)
    expected = math.log(2 / (5 * 4 * 0.3))  # X_01 = 2, X_0 = 4
    assert float(shifted_pmi(X, 5, noise)[0, 1]) == pytest.approx(expected)


@pytest.mark.parametrize("size", [1, 2, 4])
def test_no_product_of_that_size_is_nearer(size: int):
    matrix = torch.randn(5, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    E, Q = factorised(matrix, size)
    assert E.shape == (5, size)
    assert Q.shape == (4, size)
    lost = np.linalg.svd(matrix.numpy(), compute_uv=False)[size:]
    assert float((matrix - E @ Q.T).norm()) == pytest.approx(np.sqrt((lost**2).sum()), abs=1e-10)
    torch.testing.assert_close(E.norm(dim=0), Q.norm(dim=0))
    assert bool((E.gather(0, E.abs().argmax(0, keepdim=True)) > 0).all())


def test_impossible_requests_are_named():
    with pytest.raises(ValueError, match="X"):
        pmi(torch.zeros(2, 2))
    with pytest.raises(ValueError, match="size"):
        factorised(torch.zeros(3, 4), 4)
    with pytest.raises(ValueError, match="finite"):
        factorised(pmi(X), 2)
    with pytest.raises(ValueError, match="K"):
        shifted_pmi(X, 0)
