"""Carry the difference of two words over to a third, for every third word of a map."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.embeddings.nearest import analogy_query, cosines, unit
from seqviz.traces.embeddings.records import AnalogyTrace
from seqviz.traces.reading import to_numpy


def trace_analogy(
    vectors: Float[Tensor, "word size"],
    vocabulary: Tokenizer,
    pair: tuple[str, str],
    words: Sequence[str],
    *,
    query_left_out: bool = True,
) -> AnalogyTrace:
    """Record b − a + c for every word c of the map: its place, and its cosines with all words in the full space.

    where the first axis of the map runs along b − a, the second along the direction in which the words differ most
    beside it, and ``query_left_out`` says whether a, b and c may be the answer.

    Raises ValueError for an unknown word, two words, or where b is a.
    """
    if len(words) < 3 or pair[0] == pair[1]:
        raise ValueError(f"expected a pair of two words and a map of three or more, got {pair} and {len(words)}")
    a, b = vocabulary.encode(list(pair)).tolist()
    on_map = vocabulary.encode(list(words)).tolist()
    axes = _axes(unit(vectors), a, b, on_map)
    queries = torch.stack([analogy_query(vectors, a, b, c) for c in on_map])
    near = torch.stack([cosines(vectors, query) for query in queries])
    elsewhere = near.clone()
    elsewhere[:, on_map] = -torch.inf
    if query_left_out:
        elsewhere[:, [a, b]] = -torch.inf
    best = elsewhere.max(1)
    return AnalogyTrace(
        pair=pair,
        words=tuple(words),
        places=to_numpy(unit(vectors)[on_map] @ axes),
        sums=to_numpy(queries @ axes),
        cosines=to_numpy(near[:, on_map]),
        others=vocabulary.tokens_of(best.indices),
        other_cosines=to_numpy(best.values),
        query_left_out=query_left_out,
    )


def _axes(e: Float[Tensor, "word size"], a: int, b: int, on_map: Sequence[int]) -> Float[Tensor, "size 2"]:
    """Return two directions at right angles: along a → b, and the first principal one of what is left."""
    along = unit(e[b] - e[a])
    left = e[on_map] - e[on_map].mean(0)
    left = left - (left @ along)[:, None] * along
    across = torch.linalg.svd(left, full_matrices=False).Vh[0]
    return torch.stack([along, across * torch.sign(left[0] @ across)], 1)
