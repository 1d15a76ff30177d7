"""Mark the words of a translation that BLEU counts, order by order."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from seqviz.models.translation.bleu import ORDER, bleu, ngrams
from seqviz.traces.translation.records import BLEUTrace


def trace_bleu(candidate: str, references: Sequence[str]) -> BLEUTrace:
    """Record BLEU of one translation, and which of its words stand in an n-gram that counts.

    where an n-gram that occurs more often than in any reference counts from the left, as often as there. Raises
    ValueError for a translation without words.
    """
    words, truths = tuple(candidate.split()), tuple(tuple(reference.split()) for reference in references)
    if not words:
        raise ValueError("expected at least one word, got an empty translation")
    found = bleu([words], [truths])
    return BLEUTrace(
        tokens=words,
        references=truths,
        matched=np.stack([_matched(words, truths, order) for order in range(1, ORDER + 1)]),
        matches=found.matches,
        totals=found.totals,
        precisions=found.precisions,
        brevity_penalty=found.brevity_penalty,
        reference_length=found.reference_length,
        score=found.score,
    )


def _matched(words: tuple[str, ...], references: tuple[tuple[str, ...], ...], order: int) -> np.ndarray:
    left: Counter[tuple[str, ...]] = Counter()
    for reference in references:
        left |= ngrams(reference, order)
    matched = np.zeros(len(words), dtype=bool)
    for start in range(len(words) - order + 1):
        run = words[start : start + order]
        if left[run] > 0:
            left[run] -= 1
            matched[start : start + order] = True
    return matched
