"""Let language models read a text and record what each expected at every token."""

from collections.abc import Mapping
from typing import Any

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.decoding import DecodeStep, next_log_probabilities
from seqviz.traces.language.records import SentenceTrace
from seqviz.traces.reading import to_numpy

BEFORE = " "  # what every model has read when a text begins
Reader = tuple[DecodeStep[Any], Any]  # a decode step and the state before anything was read


def trace_sentence(
    models: Mapping[str, Reader], tokenizer: Tokenizer, text: str, before: str = BEFORE
) -> SentenceTrace:
    """Record $P(y_t | y_1 … y_{t-1})$ of every possible token at every step of the text.

    where every model has read ``before`` when the text begins. Raises ValueError for a text that is empty or holds
    unknown tokens.
    """
    tokens = tokenizer.encode(text)
    read = tokenizer.encode([*tokenizer.split(before), *tokenizer.split(text)])
    said = {
        name: next_log_probabilities(step, state, read)[-len(tokens) - 1 : -1].exp()
        for name, (step, state) in models.items()
    }
    return SentenceTrace(
        tokens=tokenizer.split(text),
        outputs=tokenizer.tokens,
        places=tokens.numpy(),
        probabilities={name: to_numpy(probabilities) for name, probabilities in said.items()},
    )
