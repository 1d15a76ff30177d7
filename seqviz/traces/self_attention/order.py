"""Exchange two words, and see what every word reads: with positions, and without."""

import torch
from torch import Tensor

from seqviz.models import expect
from seqviz.models.self_attention.multi_head import MultiHeadAttention, Sequence
from seqviz.models.self_attention.positions import alibi_bias, rotary, sinusoidal_encoding
from seqviz.traces.self_attention.records import OrderTrace

SCHEMES = ("none", "sinusoidal", "alibi", "rotary")


def trace_order(sentence: str, one: int, other: int, scheme: str = "none", *, size: int = 16) -> OrderTrace:
    """Record what every word reads in one unmasked head, as written and with two words exchanged.

    where one and other count from 0, a later one than the sentence has is its last, the weights are drawn at random
    and were never trained, and equal words have equal vectors. Raises ValueError for fewer than two words and for an
    unknown scheme.
    """
    expect.one_of("scheme", scheme, SCHEMES)
    words = tuple(sentence.split())
    if len(words) < 2:
        raise ValueError(f"expected at least two words, got {len(words)}")
    one, other = min(one, len(words) - 1), min(other, len(words) - 1)
    order = list(range(len(words)))
    order[one], order[other] = other, one
    draws = torch.Generator().manual_seed(1)
    number = {word: i for i, word in enumerate(dict.fromkeys(words))}
    vectors = 1.4 * torch.randn(len(number), size, generator=draws, dtype=torch.float64)
    x = vectors[[number[word] for word in words]][None]
    layer = _layer(size, draws)
    with torch.no_grad():
        (read, written), (then, now) = (_look(layer, vectors, scheme) for vectors in (x, x[:, order]))
    back = torch.tensor(order).argsort()  # where each word stands now
    then, now = then[back], now[back][:, back]
    return OrderTrace(
        words=words,
        scheme=scheme,
        order=tuple(order),
        written=written.numpy(),
        now=now.numpy(),
        changed=((then - read).norm(dim=-1) / read.norm(dim=-1)).numpy(),
    )


def _layer(size: int, draws: torch.Generator) -> MultiHeadAttention:
    layer = MultiHeadAttention(size, 1, dtype=torch.float64)
    with torch.no_grad():
        for weights in layer.parameters():
            if weights.dim() == 2:
                weights.copy_(torch.randn(weights.shape, generator=draws, dtype=torch.float64) / size**0.5)
    return layer


def _look(layer: MultiHeadAttention, x: Sequence, scheme: str) -> tuple[Tensor, Tensor]:
    """Return what every place reads, and its weights."""
    places = torch.arange(x.shape[1])
    if scheme == "sinusoidal":
        x = x + sinusoidal_encoding(places, x.shape[-1])
    q, (k, v) = layer.queries(x), layer.keys_and_values(x)
    if scheme == "rotary":
        q, k = rotary(q, places), rotary(k, places)
    # one head's slope would be 2⁻⁸; this one has that of the first of eight, which is seen
    bias = alibi_bias(8, places, places)[:1] if scheme == "alibi" else None
    output, weights = layer.read(q, k, v, bias=bias)
    return output[0], weights[0, 0]
