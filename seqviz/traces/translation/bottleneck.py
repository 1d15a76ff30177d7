"""Read a source token by token, and ask at every one for the translation of what has been read."""

import math
from collections.abc import Callable, Mapping

import numpy as np

from seqviz.data.tokenizer import BOS, EOS, Tokenizer
from seqviz.models.translation.search import greedy, log_probability
from seqviz.traces.translation.beam import Translator, text_of
from seqviz.traces.translation.records import BottleneckTrace


def trace_bottleneck(
    translators: Mapping[str, Translator],
    target: Tokenizer,
    source: str,
    right: Callable[[str], str],
    *,
    max_length: int = 20,
) -> BottleneckTrace:
    """Record, for the first 1, 2, … characters of a source, how probable each translator finds the right translation.

    where ``right`` gives the right translation of a source, and every beginning of the source is one, too. Raises
    ValueError for an empty source, and as ``right`` and the translators do.
    """
    if not source:
        raise ValueError("expected at least one character, got an empty text")
    beginnings = [source[:count] for count in range(1, len(source) + 1)]
    wanted = [right(one) for one in beginnings]
    said, probabilities = [], np.empty((len(translators), len(beginnings)))
    for row, translator in enumerate(translators.values()):
        answers = []
        for column, (beginning, words) in enumerate(zip(beginnings, wanted, strict=True)):
            step, state = translator(beginning)
            answers.append(text_of(greedy(step, state, BOS, EOS, max_length), target))
            whole = (*target.encode(words).tolist(), EOS)
            probabilities[row, column] = math.exp(log_probability(step, state, BOS, whole))
        said.append(tuple(answers))
    return BottleneckTrace(
        tokens=tuple(source),
        names=tuple(translators),
        right=tuple(wanted),
        said=tuple(said),
        probabilities=probabilities,
    )
