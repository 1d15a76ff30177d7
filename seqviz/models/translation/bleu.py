r"""BLEU: how much of a translation stands in a reference, counted in n-grams.

$$\text{BLEU} = \text{BP} \cdot \exp\Bigl(\tfrac1N \sum_{n=1}^{N} \log p_n\Bigr) \qquad
  p_n = \frac{\text{clipped matches of order } n}{\text{n-grams of the candidates}} \qquad
  \text{BP} = \begin{cases} 1 & c > r \\ e^{1 - r/c} & c \le r \end{cases}$$

where c and r are the lengths of all candidates and of all references together, the reference being, of several, the one
whose length is closest to the candidate's (the shorter of two that are equally close), and N = 4. A match is counted at
most as often as the n-gram stands in the one reference that has it most often. All counts are summed over the corpus
*before* anything is divided: BLEU of a corpus is not the mean of its sentences'.

Source: Papineni et al. 2002, "BLEU: a method for automatic evaluation of machine translation", sections 2.1–2.3.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

ORDER = 4

Sentence = Sequence[str]


class BLEU(NamedTuple):
    """The score in 0 … 1, and what it is made of."""

    score: float
    precisions: tuple[float, ...]  # of n-grams of order 1 … N; 0 where there are none
    brevity_penalty: float
    matches: tuple[int, ...]
    totals: tuple[int, ...]
    candidate_length: int
    reference_length: int


def ngrams(sentence: Sentence, order: int) -> Counter[tuple[str, ...]]:
    """Count the n-grams of one order."""
    return Counter(tuple(sentence[i : i + order]) for i in range(len(sentence) - order + 1))


def clipped_matches(candidate: Sentence, references: Sequence[Sentence], order: int) -> int:
    """Count the candidate's n-grams that stand in a reference, each as often as one reference has it at most."""
    most: Counter[tuple[str, ...]] = Counter()
    for reference in references:
        most |= ngrams(reference, order)
    return (ngrams(candidate, order) & most).total()


def closest_length(candidate: Sentence, references: Sequence[Sentence]) -> int:
    """Return the length of the reference that is closest to the candidate's, of two equally close the shorter."""
    return min(map(len, references), key=lambda length: (abs(length - len(candidate)), length))


def bleu(candidates: Sequence[Sentence], references: Sequence[Sequence[Sentence]], order: int = ORDER) -> BLEU:
    """Return BLEU of a corpus, without smoothing: an order without a match makes it 0.

    where a sentence is a sequence of words, and every candidate has one reference or several. A corpus of one sentence
    gives BLEU of a sentence; there an order without a match is common.

    Raises ValueError without candidates, for an order below 1, and unless every candidate has its references.
    """
    if order < 1:
        raise ValueError(f"order: expected at least 1, got {order}")
    if not candidates:
        raise ValueError("candidates: expected at least one, got none")
    if len(candidates) != len(references) or not all(references):
        counts = [len(one) for one in references]
        raise ValueError(f"expected a reference or more for each of {len(candidates)} candidates, got {counts}")
    orders = range(1, order + 1)
    pairs = list(zip(candidates, references, strict=True))
    matches = tuple(sum(clipped_matches(*pair, n) for pair in pairs) for n in orders)
    totals = tuple(sum(max(len(candidate) - n + 1, 0) for candidate in candidates) for n in orders)
    precisions = tuple(matched / total if total else 0.0 for matched, total in zip(matches, totals, strict=True))
    c, r = sum(map(len, candidates)), sum(closest_length(*pair) for pair in pairs)
    penalty = brevity_penalty(c, r)
    mean = math.exp(sum(map(math.log, precisions)) / order) if all(precisions) else 0.0
    return BLEU(penalty * mean, precisions, penalty, matches, totals, c, r)


def brevity_penalty(c: int, r: int) -> float:
    """Return what candidates of c words in all get taken off where the references have r: 0 for no word at all."""
    if c > r:
        return 1.0
    return math.exp(1 - r / c) if c else 0.0
