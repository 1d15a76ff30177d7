"""Look inside a tagger of both directions, at every step of a sequence."""

from collections.abc import Sequence

import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models import expect
from seqviz.models.stacked.bidirectional import Bidirectional
from seqviz.models.stacked.tagger import Tagger
from seqviz.traces.reading import to_numpy
from seqviz.traces.stacked.layer_unit import trace_layer_unit
from seqviz.traces.stacked.records import BidirectionalTrace


def trace_bidirectional(
    tagger: Tagger, vocabulary: Tokenizer, tags: Sequence[str], tokens: Sequence[str], unit: int
) -> BidirectionalTrace:
    r"""Record what one unit of each direction adds up, and what each direction brings to the likeliest tag's logit.

    where $\text{logits}_t = \overrightarrow W_{hy} \overrightarrow h_t + \overleftarrow W_{hy} \overleftarrow h_t +
    b_y$, with the two halves of $W_{hy}$.

    Raises ValueError when a token is not known, there is none, a weight is not finite, there is no such unit, or the
    tagger is not one of two plain layers.
    """
    if not isinstance(tagger.layer, Bidirectional):
        raise ValueError(f"expected a tagger of both directions, got one of a {type(tagger.layer).__name__}")
    expect.finite(W_hy=tagger.W_hy, b_y=tagger.b_y)
    x = vocabulary.one_hot(vocabulary.encode(tuple(tokens)), tagger.W_hy.dtype)
    ahead, ahead_sums = trace_layer_unit(tagger.layer.forward_layer, x, unit)
    back, back_sums = (one.flip(0) for one in trace_layer_unit(tagger.layer.backward_layer.layer, x.flip(0), unit))
    with torch.no_grad():
        W_ahead, W_back = tagger.W_hy.split([ahead.shape[1], back.shape[1]], dim=1)
        parts = torch.stack([ahead @ W_ahead.T, back @ W_back.T, tagger.b_y.expand(len(x), -1)], -1)
        expect.shape("logits", parts[..., 0], {"time": len(tokens), "tags": len(tags)})
        believed = parts.sum(-1).softmax(-1)
        best = believed.argmax(-1)
    steps = torch.arange(len(x))
    return BidirectionalTrace(
        tokens=tuple(tokens),
        unit=unit,
        sums=to_numpy(torch.stack([ahead_sums, back_sums])),
        states=to_numpy(torch.stack([ahead[:, unit], back[:, unit]])),
        answers=tuple(tags[int(tag)] for tag in best),
        scores=to_numpy(parts[steps, best]),
        probabilities=to_numpy(believed[steps, best]),
    )
