"""What can be asked of vectors: which words are near, and which word is to c as b is to a."""

from collections.abc import Collection

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.models import expect


def cosines(vectors: Float[Tensor, "word size"], query: Float[Tensor, " size"]) -> Float[Tensor, " word"]:
    r"""The cosine of every word's vector with the query, $\frac{e_w \cdot q}{\lVert e_w \rVert \lVert q \rVert}$.

    where all numbers of the vectors count, not the two that a map shows. A vector of length 0 has the cosine 0.

    Raises ValueError when sizes do not fit or a number is not finite.
    """
    expect.shape("vectors", vectors, {"word": None, "size": None})
    expect.shape("query", query, {"size": vectors.shape[1]})
    expect.finite(vectors=vectors, query=query)
    return unit(vectors) @ unit(query)


def unit(vectors: Float[Tensor, "*axes size"]) -> Float[Tensor, "*axes size"]:
    """Return every vector at length 1, and one of length 0 as it is."""
    length = vectors.norm(dim=-1, keepdim=True)
    return vectors / torch.where(length > 0, length, 1)


def nearest(
    vectors: Float[Tensor, "word size"], query: Float[Tensor, " size"], count: int, leave_out: Collection[int] = ()
) -> list[int]:
    """Return the words whose vectors have the largest cosine with the query, the nearest first.

    where words in ``leave_out`` are not asked. Raises ValueError when fewer than ``count`` are left.
    """
    if not 1 <= count <= len(vectors) - len(set(leave_out)):
        raise ValueError(f"count: expected 1 … {len(vectors) - len(set(leave_out))}, got {count}")
    ranked = cosines(vectors, query).sort(descending=True, stable=True).indices.tolist()
    return [word for word in ranked if word not in leave_out][:count]


def analogy_query(vectors: Float[Tensor, "word size"], a: int, b: int, c: int) -> Float[Tensor, " size"]:
    r"""Return $e_b - e_a + e_c$ of vectors brought to length 1: *a* is to *b* as *c* is to what is near it.

    Source: Mikolov, Yih, Zweig 2013, "Linguistic regularities in continuous space word representations", section 4.
    """
    e = unit(vectors)
    return e[b] - e[a] + e[c]


def analogy(vectors: Float[Tensor, "word size"], a: int, b: int, c: int, *, leave_out_query: bool = True) -> int:
    """Return the word that is to c as b is to a; the three are left out unless it is said otherwise.

    All of the literature leaves them out: c, and often b, lie near to the sum that they are part of.
    """
    left_out = (a, b, c) if leave_out_query else ()
    return nearest(vectors, analogy_query(vectors, a, b, c), 1, left_out)[0]
