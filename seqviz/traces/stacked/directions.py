"""Let several taggers read one sequence and keep what each believes at every step."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models import expect
from seqviz.models.stacked.tagger import Tagger
from seqviz.traces.stacked.records import DirectionsTrace


def trace_directions(
    taggers: Mapping[str, Tagger], vocabulary: Tokenizer, tags: Sequence[str], tokens: Sequence[str]
) -> DirectionsTrace:
    """Record the probability of every tag at every token, for each tagger by its name.

    where the first tag says that there is nothing.

    Raises ValueError when a token is not known, there is none, or a weight is not finite.
    """
    indices = vocabulary.encode(tuple(tokens))[None]
    believed = []
    for tagger in taggers.values():
        expect.finite(**dict(tagger.named_parameters()))
        with torch.no_grad():
            logits = tagger(vocabulary.one_hot(indices, tagger.W_hy.dtype))
        expect.shape("logits", logits, {"batch": 1, "time": len(tokens), "tags": len(tags)})
        believed.append(logits[0].softmax(-1).numpy())
    return DirectionsTrace(tuple(tokens), tuple(tags), tuple(taggers), np.stack(believed))
