"""Counts on their way to vectors: what products of ever longer vectors say of a table, and of what it was not told."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.data.tokenizer import Tokenizer
from seqviz.models import expect
from seqviz.models.embeddings.pmi import factorised, pmi, positive
from seqviz.traces.embeddings.records import CooccurrenceTrace
from seqviz.traces.reading import to_numpy

Entries = Literal["counts", "positive PMI"]
ENTRIES: tuple[Entries, ...] = ("counts", "positive PMI")


def trace_cooccurrence(
    X: Float[Tensor, "word context"],
    vocabulary: Tokenizer,
    rows: Sequence[str],
    columns: Sequence[str],
    sizes: Sequence[int],
    *,
    entries: Entries = "positive PMI",
    hidden: tuple[str, str] | None = None,
) -> CooccurrenceTrace:
    """Record the table and, for every size, the product of the best vectors of that size, for some rows and columns.

    where the counts of the ``hidden`` pair are set to 0 first, in both directions, as if it had never come up.

    Raises ValueError for an unknown word, other entries, or a size that there is not.
    """
    expect.one_of("entries", entries, ENTRIES)
    shown = np.ix_(vocabulary.encode(list(rows)).numpy(), vocabulary.encode(list(columns)).numpy())
    told, truth = X, float("nan")
    if hidden is not None:
        one, other = vocabulary.encode(list(hidden)).tolist()
        truth = float(_table(X, entries)[one, other])
        told = X.clone()
        told[one, other] = told[other, one] = 0
    table = _table(told, entries)
    E, contexts = factorised(table, max(sizes))
    products = [(E[:, :size] @ contexts[:, :size].T)[shown] for size in sizes]
    return CooccurrenceTrace(
        rows=tuple(rows),
        columns=tuple(columns),
        unit=entries,
        table=to_numpy(table[shown]),
        sizes=np.array(sizes),
        products=to_numpy(torch.stack(products)),
        hidden=hidden,
        truth=truth,
    )


def _table(X: Float[Tensor, "word context"], entries: Entries) -> Float[Tensor, "word context"]:
    return X if entries == "counts" else positive(pmi(X))
