"""The products against numpy's decomposition; the hidden pair is taken out of the counts before anything else."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.models.embeddings.pmi import pmi
from seqviz.traces import trace_cooccurrence

WORDS = Tokenizer.of_words("abcdef")
X = torch.randint(1, 30, (6, 6), generator=torch.Generator().manual_seed(0)).double()
X = X + X.T


def table_of(counts, entries):
    return counts if entries == "counts" else pmi(counts).clamp(min=0)


@pytest.mark.parametrize("entries", ["counts", "positive PMI"])
@pytest.mark.parametrize("hidden", [None, ("b", "d")])
def test_every_product_is_the_nearest_of_its_rank(entries, hidden):
    told = X.clone()
    if hidden:
        told[1, 3] = told[3, 1] = 0
    table = table_of(told, entries).numpy()
    trace = trace_cooccurrence(X, WORDS, "abc", "de", (1, 3, 6), entries=entries, hidden=hidden)
    U, S, Vh = np.linalg.svd(table)
    for size, product in zip((1, 3, 6), trace.products, strict=True):
        whole = (U[:, :size] * S[:size]) @ Vh[:size]
        np.testing.assert_allclose(product, whole[:3, 3:5], atol=1e-9)
    np.testing.assert_allclose(trace.table, table[:3, 3:5])
    np.testing.assert_allclose(trace.products[-1], trace.table, atol=1e-9)
    if hidden:
        assert trace.table[1, 0] == 0
        assert trace.truth == pytest.approx(float(table_of(X, entries)[1, 3]))
    else:
        assert np.isnan(trace.truth)


def test_impossible_requests_are_named():
    with pytest.raises(ValueError, match="entries"):
        trace_cooccurrence.__wrapped__(X, WORDS, "abc", "de", (1,), entries="words")
    with pytest.raises(ValueError, match="size"):
        trace_cooccurrence(X, WORDS, "abc", "de", (7,))
    with pytest.raises(ValueError, match="'z'"):
        trace_cooccurrence(X, WORDS, "abz", "de", (2,))
