"""What the cells of a network held along a story, beside a fact of it."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from seqviz.traces.gated.records import StoryTrace
from seqviz.traces.reading import expect_unit


def trace_story(
    tokens: Sequence[str],
    cells: Float[np.ndarray, "time hidden"],
    fact: str,
    truth: Bool[np.ndarray, " words"],
    cell: int,
) -> StoryTrace:
    """Keep what the cells held, tanh c_t, beside a fact and the cell that follows it.

    Raises ValueError for cells or a truth that are not one for each word, a fact that never changes, or a cell that
    there is not.
    """
    if not len(truth) == len(cells) == len(tokens):
        raise ValueError(
            f"{fact}: expected {len(tokens)} values, one per word, got {len(truth)}, and {len(cells)} of the cells"
        )
    if truth.all() or not truth.any():
        raise ValueError(f"{fact}: expected a fact that changes in the story, got one that does not")
    expect_unit(cell, cells.shape[1])
    return StoryTrace(tokens=tuple(tokens), held=np.tanh(cells), fact=fact, truth=truth, cell=cell)
